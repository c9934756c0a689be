package io.stepstream.schemas.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What a process was told for a table of settings, and the cluster's secret. */
public final class Settings {

    private static final int LEAST_SECRET_BYTES = 16;

    private final Map<String, String> values;
    private final byte[] secret;

    private Settings(Map<String, String> values, byte[] secret) {
        this.values = values;
        this.secret = secret;
    }

    /**
     * Throws IllegalArgumentException for a key that is not in the table, a value that does not fit or a secret under 16 bytes.
     *
     * @param values by key; what is missing has its default
     * @param secret the same for every engine and gateway of a cluster, and for ever
     */
    public static Settings of(List<Setting<?>> table, Map<String, String> values, byte[] secret) {
        var known = new TreeSet<String>();
        table.forEach(setting -> known.add(setting.key()));
        for (var key : values.keySet()) {
            if (!known.contains(key)) {
                throw new IllegalArgumentException("Expected one of the settings " + known + ", but " + key);
            }
        }
        if (secret.length < LEAST_SECRET_BYTES) {
            throw new IllegalArgumentException("Expected a cluster secret of at least " + LEAST_SECRET_BYTES
                    + " bytes, but it has " + secret.length);
        }
        var settings = new Settings(new LinkedHashMap<>(values), secret.clone());
        table.forEach(settings::get);
        return settings;
    }

    public <T> T get(Setting<T> setting) {
        var text = values.get(setting.key());
        if (text == null) {
            return setting.byDefault();
        }
        try {
            return setting.parse().apply(text);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("Expected a value for " + setting.key() + ", but " + text, e);
        }
    }

    public byte[] secret() {
        return secret.clone();
    }

    /** The table for people: key, default, sentence. */
    public static String help(List<Setting<?>> table) {
        var rows = new ArrayList<String>();
        for (var setting : table) {
            rows.add(String.format(
                    "  %-34s %-22s %s", setting.key(), Setting.show(setting.byDefault()), setting.sentence()));
        }
        return String.join(System.lineSeparator(), rows);
    }
}
