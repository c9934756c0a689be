package io.stepstream.asl.query.jsonata;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** English numbers in words: One Thousand, Two Hundred and Thirty-Four. */
final class NumberWords {

    private static final String[] FEW = {
        "Zero",
        "One",
        "Two",
        "Three",
        "Four",
        "Five",
        "Six",
        "Seven",
        "Eight",
        "Nine",
        "Ten",
        "Eleven",
        "Twelve",
        "Thirteen",
        "Fourteen",
        "Fifteen",
        "Sixteen",
        "Seventeen",
        "Eighteen",
        "Nineteen"
    };
    private static final String[] ORDINALS = {
        "Zeroth",
        "First",
        "Second",
        "Third",
        "Fourth",
        "Fifth",
        "Sixth",
        "Seventh",
        "Eighth",
        "Ninth",
        "Tenth",
        "Eleventh",
        "Twelfth",
        "Thirteenth",
        "Fourteenth",
        "Fifteenth",
        "Sixteenth",
        "Seventeenth",
        "Eighteenth",
        "Nineteenth"
    };
    private static final String[] DECADES = {
        "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety", "Hundred"
    };
    private static final String[] MAGNITUDES = {"Thousand", "Million", "Billion", "Trillion"};

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s,-]+");
    private static final Map<String, Double> VALUES = values();

    private NumberWords() {}

    private static Map<String, Double> values() {
        var values = new HashMap<String, Double>();
        for (int i = 0; i < FEW.length; i++) {
            put(values, FEW[i], i);
            put(values, ORDINALS[i], i);
        }
        for (int i = 0; i < DECADES.length; i++) {
            double value = (i + 2) * 10;
            put(values, DECADES[i], value);
            put(values, DECADES[i].substring(0, DECADES[i].length() - 1) + "ieth", value);
        }
        put(values, "Hundredth", 100);
        double value = 1;
        for (var magnitude : MAGNITUDES) {
            value *= 1000;
            put(values, magnitude, value);
            put(values, magnitude + "th", value);
        }
        return values;
    }

    private static void put(Map<String, Double> values, String word, double value) {
        values.put(word.toLowerCase(Locale.ROOT), value);
    }

    /** {@code value} is not negative. */
    static String of(BigInteger value, boolean ordinal) {
        var text = new StringBuilder();
        write(value, false, ordinal, text);
        return text.toString();
    }

    private static void write(BigInteger value, boolean follows, boolean ordinal, StringBuilder text) {
        if (value.bitLength() <= 10 && value.intValue() < 1000) {
            write(value.intValue(), follows, ordinal, text);
            return;
        }
        int magnitude = 0;
        var factor = BigInteger.ONE;
        var thousand = BigInteger.valueOf(1000);
        while (magnitude < MAGNITUDES.length && value.divide(factor).compareTo(thousand) >= 0) {
            factor = factor.multiply(thousand);
            magnitude++;
        }
        var parts = value.divideAndRemainder(factor);
        text.append(follows ? ", " : "");
        write(parts[0], false, false, text);
        text.append(' ').append(MAGNITUDES[magnitude - 1]);
        if (parts[1].signum() > 0) {
            write(parts[1], true, ordinal, text);
        } else {
            text.append(ordinal ? "th" : "");
        }
    }

    private static void write(int value, boolean follows, boolean ordinal, StringBuilder text) {
        if (value < 20) {
            text.append(follows ? " and " : "").append(ordinal ? ORDINALS[value] : FEW[value]);
        } else if (value < 100) {
            var tens = DECADES[value / 10 - 2];
            text.append(follows ? " and " : "");
            if (value % 10 > 0) {
                text.append(tens).append('-');
                write(value % 10, false, ordinal, text);
            } else {
                text.append(ordinal ? tens.substring(0, tens.length() - 1) + "ieth" : tens);
            }
        } else {
            text.append(follows ? ", " : "").append(FEW[value / 100]).append(" Hundred");
            if (value % 100 > 0) {
                write(value % 100, true, ordinal, text);
            } else {
                text.append(ordinal ? "th" : "");
            }
        }
    }

    /** NaN for what are no such words. */
    static double read(String text) {
        var segments = new ArrayDeque<Double>();
        segments.push(0.0);
        for (var word : BETWEEN_WORDS.split(text.toLowerCase(Locale.ROOT), -1)) {
            if (word.equals("and")) {
                continue;
            }
            var value = VALUES.get(word);
            if (value == null) {
                return Double.NaN;
            }
            double top = segments.pop();
            if (value < 100) {
                if (top >= 1000) {
                    segments.push(top);
                    top = 0;
                }
                segments.push(top + value);
            } else {
                segments.push(top * value);
            }
        }
        return segments.stream().mapToDouble(Double::doubleValue).sum();
    }
}
