package io.stepstream.schemas.config;

import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One thing that can be set: the row of the table that {@code --help} prints.
 *
 * @param key its name in a properties file and behind {@code --set}
 * @param byDefault its value where nothing is said
 * @param sentence what it does
 * @param parse throws IllegalArgumentException for text that is no such value
 */
public record Setting<T>(String key, T byDefault, String sentence, Function<String, T> parse) {

    private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h|d)");

    public static Setting<String> text(String key, String byDefault, String sentence) {
        return new Setting<>(key, byDefault, sentence, Function.identity());
    }

    public static Setting<Integer> number(String key, int byDefault, int least, String sentence) {
        return new Setting<>(key, byDefault, sentence, text -> {
            int value = Integer.parseInt(text);
            if (value < least) {
                throw new IllegalArgumentException("Expected " + key + " to be at least " + least + ", but " + value);
            }
            return value;
        });
    }

    public static Setting<Boolean> flag(String key, boolean byDefault, String sentence) {
        return new Setting<>(key, byDefault, sentence, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("Expected " + key + " to be true or false, but " + text);
        });
    }

    /** Durations are written as {@code 250ms}, {@code 5s}, {@code 10m}, {@code 2h}, {@code 90d} or in ISO form. */
    public static Setting<Duration> duration(String key, Duration byDefault, String sentence) {
        return new Setting<>(key, byDefault, sentence, Setting::parseDuration);
    }

    private static Duration parseDuration(String text) {
        var written = DURATION.matcher(text);
        if (!written.matches()) {
            return Duration.parse(text);
        }
        long number = Long.parseLong(written.group(1));
        return switch (written.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** The value as it is written in a properties file. */
    public static String show(Object value) {
        if (!(value instanceof Duration duration)) {
            return value.toString();
        }
        if (duration.toMillis() % 1_000 != 0) {
            return duration.toMillis() + "ms";
        }
        return duration.toSeconds() % Duration.ofDays(1).toSeconds() == 0 && !duration.isZero()
                ? duration.toDays() + "d"
                : duration.toSeconds() + "s";
    }
}
