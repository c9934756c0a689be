package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How a number is written: {@code #,##0.00}. The notation of XPath's fn:format-number.
 *
 * @see <a href="https://www.w3.org/TR/xpath-functions-31/#func-format-number">XPath functions 3.1, 4.7</a>
 */
final class NumberPicture {

    private static final int LONGEST = 200;
    private static final Map<String, String> DEFAULTS = Map.of(
            "decimal-separator", ".",
            "grouping-separator", ",",
            "exponent-separator", "e",
            "minus-sign", "-",
            "percent", "%",
            "per-mille", "\u2030",
            "zero-digit", "0",
            "digit", "#",
            "pattern-separator", ";");

    private final Map<String, String> symbols;
    private final char decimal;
    private final char grouping;
    private final char exponent;
    private final char zero;
    private final char optional;

    private NumberPicture(Map<String, String> symbols) {
        this.symbols = symbols;
        this.decimal = symbol("decimal-separator");
        this.grouping = symbol("grouping-separator");
        this.exponent = symbol("exponent-separator");
        this.zero = symbol("zero-digit");
        this.optional = symbol("digit");
    }

    private char symbol(String name) {
        return symbols.getOrDefault(name, " ").charAt(0);
    }

    /** One half of a picture, for positive or for negative numbers. */
    private record Part(
            String prefix, String suffix, String whole, String fraction, String power, boolean scientific) {}

    static String format(List<JsonNode> arguments) {
        var picture = arguments.get(1).asText("");
        if (picture.length() > LONGEST) {
            throw JsonataException.tooMuch("the " + LONGEST + " characters that a picture may have");
        }
        var symbols = new TreeMap<>(DEFAULTS);
        for (var option : arguments.get(2).properties()) {
            var value = option.getValue().asText("");
            if (!DEFAULTS.containsKey(option.getKey())) {
                continue;
            }
            if (value.isEmpty() || value.length() > 10) {
                throw new JsonataException("D3137", "Expected a short text for " + option.getKey());
            }
            symbols.put(option.getKey(), value);
        }
        return new NumberPicture(symbols).format(Numbers.value(arguments.get(0)), picture);
    }

    private String format(double value, String picture) {
        var halves = picture.split(Pattern.quote(symbols.getOrDefault("pattern-separator", ";")), -1);
        if (halves.length > 2) {
            throw error("D3080", "The picture string must only contain a maximum of two sub-pictures");
        }
        boolean second = value < 0 && halves.length == 2;
        var half = second ? halves[1] : halves[0];
        var part = parse(half);
        var minus = value < 0 && !second ? symbols.getOrDefault("minus-sign", "-") : "";
        var magnitude = new BigDecimal(Math.abs(value));
        if (half.contains(symbols.getOrDefault("percent", "%"))) {
            magnitude = magnitude.movePointRight(2);
        } else if (half.contains(symbols.getOrDefault("per-mille", "\u2030"))) {
            magnitude = magnitude.movePointRight(3);
        }
        return minus + part.prefix() + written(magnitude, part) + part.suffix();
    }

    private boolean isActive(char c) {
        return isDigit(c) || c == optional || c == decimal || c == grouping;
    }

    private boolean isDigit(char c) {
        return c >= zero && c <= zero + 9;
    }

    private Part parse(String half) {
        int start = 0;
        while (start < half.length() && !isActive(half.charAt(start))) {
            start++;
        }
        int end = half.length();
        while (end > start && !isActive(half.charAt(end - 1))) {
            end--;
        }
        var active = half.substring(start, end);
        if (active.chars().filter(c -> c == decimal).count() > 1) {
            throw error(
                    "D3081",
                    "The sub-picture must not contain more than one instance of the \"decimal-separator\""
                            + " character");
        }
        int power = active.indexOf(exponent);
        var mantissa = power < 0 ? active : active.substring(0, power);
        if (mantissa.chars().noneMatch(c -> isDigit((char) c) || c == optional)) {
            throw error(
                    "D3085",
                    "The mantissa part of a sub-picture must contain at least one character that is either"
                            + " an \"optional digit character\" or a member of the \"decimal digit family\"");
        }
        if (mantissa.chars().anyMatch(c -> !isActive((char) c))) {
            throw error(
                    "D3086",
                    "The sub-picture must not contain a passive character that is preceded by an active"
                            + " character and that is followed by another active character");
        }
        int point = mantissa.indexOf(decimal);
        var whole = point < 0 ? mantissa : mantissa.substring(0, point);
        var fraction = point < 0 ? "" : mantissa.substring(point + 1);
        check(half, whole, fraction, power < 0 ? "" : active.substring(power + 1), power >= 0);
        return new Part(
                half.substring(0, start),
                half.substring(end),
                whole,
                fraction,
                power < 0 ? "" : active.substring(power + 1),
                power >= 0);
    }

    private void check(String half, String whole, String fraction, String power, boolean scientific) {
        var pair = String.valueOf(grouping) + grouping;
        if (whole.endsWith(String.valueOf(grouping)) && fraction.isEmpty()) {
            throw error(
                    "D3088",
                    "The sub-picture must not contain a \"grouping-separator\" at the end of the integer part");
        }
        if (whole.endsWith(String.valueOf(grouping)) || fraction.startsWith(String.valueOf(grouping))) {
            throw error(
                    "D3087",
                    "The sub-picture must not contain a \"grouping-separator\" character that appears"
                            + " adjacent to a \"decimal-separator\" character");
        }
        if (half.contains(pair)) {
            throw error(
                    "D3089",
                    "The sub-picture must not contain two adjacent instances of the"
                            + " \"grouping-separator\" character");
        }
        boolean digit = false;
        for (int i = 0; i < whole.length(); i++) {
            char c = whole.charAt(i);
            if (digit && c == optional) {
                throw error(
                        "D3090",
                        "The integer part of the sub-picture must not contain a member of the \"decimal digit"
                                + " family\" that is followed by an instance of the \"optional digit character\"");
            }
            digit |= isDigit(c);
        }
        boolean open = false;
        for (int i = 0; i < fraction.length(); i++) {
            char c = fraction.charAt(i);
            if (open && isDigit(c)) {
                throw error(
                        "D3091",
                        "The fractional part of the sub-picture must not contain an instance of the"
                                + " \"optional digit character\" that is followed by a member of the \"decimal digit family\"");
            }
            open |= c == optional;
        }
        if (scientific && half.contains(symbols.getOrDefault("percent", "%"))) {
            throw error(
                    "D3092",
                    "A sub-picture that contains a \"percent\" or \"per-mille\" character must not contain a"
                            + " character treated as an \"exponent-separator\"");
        }
        if (scientific && (power.isEmpty() || power.chars().anyMatch(c -> !isDigit((char) c)))) {
            throw error(
                    "D3093",
                    "The exponent part of the sub-picture must comprise only of one or more characters that"
                            + " are members of the \"decimal digit family\"");
        }
    }

    private String written(BigDecimal magnitude, Part part) {
        int wholeLeast =
                (int) part.whole().chars().filter(c -> isDigit((char) c)).count();
        int least = (int) part.fraction().chars().filter(c -> isDigit((char) c)).count();
        int most = (int) part.fraction().chars().filter(c -> c != grouping).count();
        int scale = wholeLeast;
        if (wholeLeast == 0 && most == 0) {
            least = part.scientific() ? 1 : 0;
            most = least;
            wholeLeast = part.scientific() ? 0 : 1;
        }
        if (part.scientific() && wholeLeast == 0 && part.whole().indexOf(optional) >= 0) {
            wholeLeast = 1;
        }
        int power = 0;
        var mantissa = magnitude;
        if (part.scientific() && magnitude.signum() != 0) {
            power = magnitude.precision() - magnitude.scale() - scale;
            mantissa = magnitude.movePointLeft(power);
        }
        var rounded = mantissa.setScale(most, RoundingMode.HALF_UP).toPlainString();
        int point = rounded.indexOf('.');
        var whole = new StringBuilder(point < 0 ? rounded : rounded.substring(0, point));
        var fraction = new StringBuilder(point < 0 ? "" : rounded.substring(point + 1));
        while (whole.length() > 0 && whole.charAt(0) == '0') {
            whole.deleteCharAt(0);
        }
        while (whole.length() < wholeLeast) {
            whole.insert(0, '0');
        }
        while (fraction.length() > least && fraction.charAt(fraction.length() - 1) == '0') {
            fraction.setLength(fraction.length() - 1);
        }
        if (whole.length() == 0 && fraction.length() == 0) {
            whole.append('0');
        }
        group(whole, part.whole());
        int offset = 0;
        for (int i = 0; i < part.fraction().length(); i++) {
            if (part.fraction().charAt(i) == grouping && i < fraction.length() && offset < fraction.length()) {
                fraction.insert(i, grouping);
                offset++;
            }
        }
        var text = new StringBuilder(inFamily(whole.toString()));
        if (fraction.length() > 0) {
            text.append(decimal).append(inFamily(fraction.toString()));
        }
        if (part.scientific()) {
            var digits = new StringBuilder(Integer.toString(Math.abs(power)));
            while (digits.length() < part.power().length()) {
                digits.insert(0, '0');
            }
            text.append(exponent).append(power < 0 ? symbols.getOrDefault("minus-sign", "-") : "");
            text.append(inFamily(digits.toString()));
        }
        return text.toString();
    }

    /** Separators at the picture's distances from the right; regular ones go on to the left. */
    private void group(StringBuilder whole, String picture) {
        var positions = new ArrayList<Integer>();
        int digits = 0;
        for (int i = picture.length() - 1; i >= 0; i--) {
            if (picture.charAt(i) == grouping) {
                positions.add(digits);
            } else {
                digits++;
            }
        }
        if (positions.isEmpty()) {
            return;
        }
        int first = positions.get(0);
        boolean regular = true;
        for (int i = 0; i < positions.size(); i++) {
            regular &= positions.get(i) == first * (i + 1);
        }
        int length = whole.length();
        if (regular) {
            for (int at = first; at < length; at += first) {
                whole.insert(length - at, grouping);
            }
        } else {
            for (int position : positions) {
                if (position < length) {
                    whole.insert(length - position, grouping);
                }
            }
        }
    }

    private String inFamily(String digits) {
        var text = new StringBuilder(digits.length());
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            text.append(c >= '0' && c <= '9' ? (char) (c - '0' + zero) : c);
        }
        return text.toString();
    }

    private static JsonataException error(String code, String message) {
        return new JsonataException(code, message);
    }
}
