package io.stepstream.engine;

/** Keys of rows: parts joined by U+0000, numbers with a fixed width so that they are in order. */
final class Keys {

    private static final char SEPARATOR = '\0';

    /** As many digits as the largest long has. */
    private static final int DIGITS = 19;

    private Keys() {}

    static String of(String... parts) {
        return String.join("\0", parts);
    }

    static String number(long number) {
        var digits = Long.toString(number);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }

    /** The first key that is above all those that begin with {@code prefix} and a separator. */
    static String after(String prefix) {
        return prefix + (char) (SEPARATOR + 1);
    }

    /** The lowest of those keys. */
    static String within(String prefix) {
        return prefix + SEPARATOR;
    }
}
