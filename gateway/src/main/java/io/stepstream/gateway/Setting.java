package io.stepstream.gateway;

import java.time.Duration;
import java.util.function.Function;

/**
 * One thing that can be set: the row of the table that {@code --help} prints.
 *
 * @param key its name in a properties file and behind {@code --set}
 * @param byDefault its value where nothing is said
 * @param sentence what it does
 * @param parse throws IllegalArgumentException for text that is no such value
 */
public record Setting<T>(String key, T byDefault, String sentence, Function<String, T> parse) {

    static Setting<String> text(String key, String byDefault, String sentence) {
        return new Setting<>(key, byDefault, sentence, Function.identity());
    }

    static Setting<Integer> number(String key, int byDefault, int least, String sentence) {
        return new Setting<>(key, byDefault, sentence, text -> {
            int value = Integer.parseInt(text);
            if (value < least) {
                throw new IllegalArgumentException("Expected " + key + " to be at least " + least + ", but " + value);
            }
            return value;
        });
    }

    static Setting<Boolean> flag(String key, boolean byDefault, String sentence) {
        return new Setting<>(key, byDefault, sentence, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("Expected " + key + " to be true or false, but " + text);
        });
    }

    /** Durations are written as {@code 250ms}, {@code 5s}, {@code 10m} or in ISO form. */
    static Setting<Duration> duration(String key, Duration byDefault, String sentence) {
        return new Setting<>(key, byDefault, sentence, Setting::parseDuration);
    }

    private static Duration parseDuration(String text) {
        if (text.startsWith("P")) {
            return Duration.parse(text);
        }
        if (text.endsWith("ms")) {
            return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
        }
        if (text.endsWith("s")) {
            return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
        }
        if (text.endsWith("m")) {
            return Duration.ofMinutes(Long.parseLong(text.substring(0, text.length() - 1)));
        }
        throw new IllegalArgumentException("Expected a duration such as 250ms, 5s or 10m, but " + text);
    }

    /** The value as it is written in a properties file. */
    public static String show(Object value) {
        if (value instanceof Duration duration) {
            return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
        }
        return value.toString();
    }
}
