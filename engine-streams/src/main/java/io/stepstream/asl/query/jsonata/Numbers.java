package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * JSONata counts with doubles. Here they become JSON numbers, whole ones without a fraction, in digits of our own making:
 * Double.toString gives other digits from JDK 19 on.
 */
final class Numbers {

    /** Below it every whole double is exact and is printed as such. */
    private static final double EXACT = 0x1p53;

    /** What {@code $string} shows. */
    private static final MathContext SHOWN = new MathContext(15, RoundingMode.HALF_EVEN);

    /** JavaScript writes whole numbers without an exponent below it. */
    private static final BigDecimal PLAIN = BigDecimal.TEN.pow(21);

    private Numbers() {}

    static JsonNode of(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new JsonataException("D1001", "Number out of range: " + value);
        }
        if (value == Math.rint(value) && Math.abs(value) < EXACT) {
            return of((long) value);
        }
        return DecimalNode.valueOf(shortest(value));
    }

    static JsonNode of(long value) {
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }

    /** The fewest digits that give the same double again. */
    static BigDecimal shortest(double value) {
        var exact = new BigDecimal(value);
        for (int digits = 15; digits <= 16; digits++) {
            var rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == value) {
                return rounded.stripTrailingZeros();
            }
        }
        return exact.round(new MathContext(17, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    }

    /** The value that JSONata computes with. */
    static double value(JsonNode number) {
        double value = number.doubleValue();
        if (Double.isInfinite(value)) {
            throw new JsonataException("D1001", "Number out of range: " + number);
        }
        return value;
    }

    static boolean isWhole(JsonNode number) {
        return number.isIntegralNumber() || value(number) == Math.rint(value(number));
    }

    /** A whole number that counts or points; what lies beyond is cut to the ends of the range. */
    static int index(double value) {
        return (int) Math.floor(value);
    }

    /** As {@code $string} and {@code &} write it: 15 digits, an exponent where JavaScript writes one. */
    static String text(JsonNode number) {
        if (number.isInt()) {
            return Integer.toString(number.intValue());
        }
        double value = value(number);
        if (number.isIntegralNumber() && Math.abs(value) < EXACT) {
            return number.asText();
        }
        if (value == 0) {
            return "0";
        }
        var shown = new BigDecimal(value).round(SHOWN).stripTrailingZeros();
        var magnitude = shown.abs();
        if (magnitude.compareTo(PLAIN) < 0 && magnitude.compareTo(new BigDecimal("1E-6")) >= 0) {
            return shown.toPlainString();
        }
        var digits = shown.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - shown.scale();
        var text = new StringBuilder();
        if (shown.signum() < 0) {
            text.append('-');
        }
        text.append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        return text.append('e')
                .append(exponent < 0 ? '-' : '+')
                .append(Math.abs(exponent))
                .toString();
    }

    /** Half to even at {@code places} decimal places, of the number as it is written. */
    static JsonNode round(JsonNode number, int places) {
        if (number.isIntegralNumber() && places >= 0) {
            return number;
        }
        if (places > 400) {
            return number;
        }
        if (places < -400) {
            return IntNode.valueOf(0);
        }
        var rounded = shortest(value(number)).setScale(places, RoundingMode.HALF_EVEN);
        return of(rounded.doubleValue());
    }

    static BigInteger wholePart(JsonNode number) {
        return shortest(value(number)).setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
    }
}
