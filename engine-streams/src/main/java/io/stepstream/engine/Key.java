package io.stepstream.engine;

/** Row keys: parts joined by U+0000, which no ARN or id contains; numbers in sixteen hexadecimal digits, so that they sort. */
final class Key {

    static final char SEPARATOR = '\0';

    private static final int DIGITS = 16;

    private Key() {}

    static String of(String... parts) {
        return String.join("\0", parts);
    }

    /** {@code number} must not be negative. */
    static String number(long number) {
        var digits = Long.toHexString(number);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }

    /** The number that ends a key. */
    static long lastNumber(String key) {
        return Long.parseLong(key, key.length() - DIGITS, key.length(), DIGITS);
    }

    /** Above every key that starts with {@code prefix} and a separator, below every other. */
    static String end(String prefix) {
        return prefix + '\1';
    }
}
