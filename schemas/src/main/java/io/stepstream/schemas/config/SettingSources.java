package io.stepstream.schemas.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where a process is told its settings and Kafka client properties ({@code kafka.*}): a properties file, over it the
 * environment, over that its command line. A variable is a key in capitals, with {@code _} for every other sign and
 * {@code STEPSTREAM_} before it. Looked at are Kafka's properties and what begins as a key of the table does, so that a slip in
 * the rest of a name is found.
 */
public final class SettingSources {

    /** The variable with the cluster's secret. */
    public static final String SECRET = "STEPSTREAM_SECRET";

    private static final String ENVIRONMENT = "STEPSTREAM_";
    private static final String KAFKA = "kafka.";

    private final Map<String, String> environment;
    private final Map<String, String> told;

    private SettingSources(Map<String, String> environment, Map<String, String> told) {
        this.environment = environment;
        this.told = told;
    }

    /**
     * Throws UncheckedIOException for a file that cannot be read.
     *
     * @param table the settings of this process, which give variables their keys
     * @param file properties; may be missing
     * @param commandLine by key
     */
    public static SettingSources of(
            List<Setting<?>> table,
            @Nullable Path file,
            Map<String, String> environment,
            Map<String, String> commandLine) {
        var told = new LinkedHashMap<String, String>();
        if (file != null) {
            told.putAll(read(file));
        }
        var keys = new HashMap<String, String>();
        var beginnings = new HashSet<String>();
        beginnings.add(variable(KAFKA));
        for (var setting : table) {
            keys.put(variable(setting.key()), setting.key());
            beginnings.add(variable(setting.key().substring(0, setting.key().indexOf('.') + 1)));
        }
        environment.forEach((name, value) -> {
            if (beginnings.stream().anyMatch(name::startsWith)) {
                told.put(keys.getOrDefault(name, key(name)), value);
            }
        });
        told.putAll(commandLine);
        return new SettingSources(environment, told);
    }

    private static String variable(String key) {
        return ENVIRONMENT + key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static String key(String variable) {
        return variable.substring(ENVIRONMENT.length()).toLowerCase(Locale.ROOT).replace('_', '.');
    }

    private static Map<String, String> read(Path file) {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to read the settings from " + file + ", but " + e, e);
        }
        var values = new LinkedHashMap<String, String>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return values;
    }

    /** All that was said, by key. */
    public Map<String, String> all() {
        return Map.copyOf(told);
    }

    /** What is no property of Kafka's. */
    public Map<String, String> settings() {
        return part(false);
    }

    /** Kafka's properties, their keys as they were said: behind {@code kafka.}. */
    public Map<String, String> kafka() {
        return part(true);
    }

    private Map<String, String> part(boolean kafka) {
        var part = new LinkedHashMap<String, String>();
        told.forEach((key, value) -> {
            if (key.startsWith(KAFKA) == kafka) {
                part.put(key, value);
            }
        });
        return part;
    }

    /** The cluster's secret, from the file if one is named. Throws IllegalArgumentException where nobody said it. */
    public byte[] secret(@Nullable Path file) {
        if (file != null) {
            try {
                return Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException("Expected to read the secret from " + file + ", but " + e, e);
            }
        }
        return Optional.ofNullable(environment.get(SECRET))
                .orElseThrow(() ->
                        new IllegalArgumentException("Expected the cluster's secret by --secret-file or " + SECRET))
                .getBytes(StandardCharsets.UTF_8);
    }
}
