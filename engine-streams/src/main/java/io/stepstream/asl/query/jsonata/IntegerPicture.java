package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a whole number is written: {@code #,##0} in digits, {@code a} in letters, {@code I} in Roman numerals, {@code w} in
 * words, with {@code ;o} as an ordinal. The notation of XPath's fn:format-integer.
 *
 * @see <a href="https://www.w3.org/TR/xpath-functions-31/#func-format-integer">XPath functions 3.1, 4.6</a>
 */
final class IntegerPicture {

    private static final int LONGEST = 200;

    /** Beyond it a Roman numeral is one long row of M. */
    private static final int LARGEST_ROMAN = 100_000;

    private static final int[] ROMAN_VALUES = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
    private static final String[] ROMAN = {"m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"};

    private enum Form {
        DIGITS,
        LETTERS,
        ROMAN,
        WORDS
    }

    private enum Case {
        LOWER,
        UPPER,
        TITLE
    }

    /** A character between digits, {@code position} digits from the right. */
    private record Separator(int position, char character) {}

    private final Form form;
    private final Case letters;
    private final boolean ordinal;
    private final int digits;
    private final char zero;
    private final List<Separator> separators;

    /** The distance at which the one separator repeats itself; 0 where each stands for itself. */
    private final int repeat;

    private IntegerPicture(
            Form form, Case letters, boolean ordinal, int digits, char zero, List<Separator> separators) {
        this.form = form;
        this.letters = letters;
        this.ordinal = ordinal;
        this.digits = digits;
        this.zero = zero;
        this.separators = List.copyOf(separators);
        this.repeat = repeat(separators);
    }

    static IntegerPicture parse(String picture) {
        if (picture.length() > LONGEST) {
            throw JsonataException.tooMuch("the " + LONGEST + " characters that a picture may have");
        }
        int modifier = picture.lastIndexOf(';');
        boolean ordinal = modifier >= 0 && picture.startsWith("o", modifier + 1);
        var primary = modifier < 0 ? picture : picture.substring(0, modifier);
        return switch (primary) {
            case "a" -> new IntegerPicture(Form.LETTERS, Case.LOWER, ordinal, 0, '0', List.of());
            case "A" -> new IntegerPicture(Form.LETTERS, Case.UPPER, ordinal, 0, '0', List.of());
            case "i" -> new IntegerPicture(Form.ROMAN, Case.LOWER, ordinal, 0, '0', List.of());
            case "I" -> new IntegerPicture(Form.ROMAN, Case.UPPER, ordinal, 0, '0', List.of());
            case "w" -> new IntegerPicture(Form.WORDS, Case.LOWER, ordinal, 0, '0', List.of());
            case "W" -> new IntegerPicture(Form.WORDS, Case.UPPER, ordinal, 0, '0', List.of());
            case "Ww" -> new IntegerPicture(Form.WORDS, Case.TITLE, ordinal, 0, '0', List.of());
            default -> digits(primary, ordinal);
        };
    }

    /** At least so many digits; of a date's numbers. */
    IntegerPicture atLeast(int wanted) {
        return new IntegerPicture(form, letters, ordinal, Math.max(digits, wanted), zero, separators);
    }

    int digits() {
        return digits;
    }

    boolean isDigits() {
        return form == Form.DIGITS;
    }

    private static IntegerPicture digits(String pattern, boolean ordinal) {
        int places = 0;
        int mandatory = 0;
        char zero = 0;
        var separators = new ArrayList<Separator>();
        for (int i = pattern.length() - 1; i >= 0; i--) {
            char c = pattern.charAt(i);
            if (Character.isDigit(c)) {
                char group = (char) (c - Character.digit(c, 10));
                if (zero != 0 && zero != group) {
                    throw new JsonataException(
                            "D3131", "In a decimal digit pattern, all digits must be from the same decimal group");
                }
                zero = group;
                mandatory++;
                places++;
            } else if (c == '#') {
                places++;
            } else {
                separators.add(new Separator(places, c));
            }
        }
        if (mandatory == 0) {
            throw new JsonataException(
                    "D3130",
                    "Formatting or parsing an integer as a sequence starting with " + JsonText.quote(pattern)
                            + " is not supported by this implementation");
        }
        return new IntegerPicture(Form.DIGITS, Case.LOWER, ordinal, mandatory, zero, separators);
    }

    private static int repeat(List<Separator> separators) {
        if (separators.isEmpty()) {
            return 0;
        }
        int factor = 0;
        for (var separator : separators) {
            if (separator.character() != separators.get(0).character()) {
                return 0;
            }
            factor = BigInteger.valueOf(factor)
                    .gcd(BigInteger.valueOf(separator.position()))
                    .intValue();
        }
        int last = separators.get(separators.size() - 1).position();
        return factor > 0 && last == factor * separators.size() ? factor : 0;
    }

    String format(BigInteger value) {
        var magnitude = value.abs();
        var text = switch (form) {
            case DIGITS -> inDigits(magnitude);
            case LETTERS -> inLetters(magnitude);
            case ROMAN -> inRoman(magnitude);
            case WORDS -> NumberWords.of(magnitude, ordinal);
        };
        if (form != Form.DIGITS && letters != Case.TITLE) {
            text = letters == Case.UPPER ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT);
        }
        return value.signum() < 0 ? "-" + text : text;
    }

    private String inDigits(BigInteger value) {
        var plain = new StringBuilder(value.toString());
        while (plain.length() < digits) {
            plain.insert(0, '0');
        }
        var text = new StringBuilder();
        for (int i = 0; i < plain.length(); i++) {
            int right = plain.length() - i;
            if (i > 0) {
                separator(right, text);
            }
            text.append((char) (plain.charAt(i) - '0' + zero));
        }
        if (ordinal) {
            char last = plain.charAt(plain.length() - 1);
            boolean teen = plain.length() > 1 && plain.charAt(plain.length() - 2) == '1';
            text.append(teen ? "th" : last == '1' ? "st" : last == '2' ? "nd" : last == '3' ? "rd" : "th");
        }
        return text.toString();
    }

    private void separator(int right, StringBuilder text) {
        if (repeat > 0) {
            text.append(right % repeat == 0 ? String.valueOf(separators.get(0).character()) : "");
            return;
        }
        for (var separator : separators) {
            if (separator.position() == right) {
                text.append(separator.character());
            }
        }
    }

    private static String inLetters(BigInteger value) {
        var letters = new StringBuilder();
        var base = BigInteger.valueOf(26);
        for (var left = value;
                left.signum() > 0;
                left = left.subtract(BigInteger.ONE).divide(base)) {
            letters.insert(
                    0, (char) ('a' + left.subtract(BigInteger.ONE).mod(base).intValue()));
        }
        return letters.toString();
    }

    private static String inRoman(BigInteger value) {
        if (value.bitLength() > 31 || value.intValue() > LARGEST_ROMAN) {
            throw new JsonataException("D1001", "Number out of range: " + value);
        }
        var text = new StringBuilder();
        int left = value.intValue();
        for (int i = 0; i < ROMAN_VALUES.length; i++) {
            while (left >= ROMAN_VALUES[i]) {
                text.append(ROMAN[i]);
                left -= ROMAN_VALUES[i];
            }
        }
        return text.toString();
    }

    /** The number that is written so, undefined where there is none. */
    JsonNode read(String text) {
        if (text.length() > LONGEST) {
            throw JsonataException.tooMuch("the " + LONGEST + " characters that a written number may have");
        }
        boolean negative = text.startsWith("-");
        var plain = (negative ? text.substring(1) : text).strip();
        double value = switch (form) {
            case DIGITS -> fromDigits(plain);
            case LETTERS -> fromLetters(plain);
            case ROMAN -> fromRoman(plain.toLowerCase(Locale.ROOT));
            case WORDS -> NumberWords.read(plain);
        };
        return Double.isNaN(value) ? Values.UNDEFINED : Numbers.of(negative ? -value : value);
    }

    private double fromDigits(String text) {
        var plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= zero && c <= zero + 9) {
                plain.append((char) (c - zero + '0'));
            } else if (separators.stream().noneMatch(separator -> separator.character() == c)
                    && !(ordinal && text.length() - i <= 2)) {
                return Double.NaN;
            }
        }
        return plain.isEmpty() ? Double.NaN : new BigInteger(plain.toString()).doubleValue();
    }

    private static double fromLetters(String text) {
        double value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = Character.toLowerCase(text.charAt(i));
            if (c < 'a' || c > 'z') {
                return Double.NaN;
            }
            value = value * 26 + (c - 'a' + 1);
        }
        return text.isEmpty() ? Double.NaN : value;
    }

    private static double fromRoman(String text) {
        int value = 0;
        int at = 0;
        for (int i = 0; i < ROMAN.length; i++) {
            while (text.startsWith(ROMAN[i], at)) {
                value += ROMAN_VALUES[i];
                at += ROMAN[i].length();
            }
        }
        return text.isEmpty() || at < text.length() ? Double.NaN : value;
    }
}
