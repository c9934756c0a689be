package io.stepstream.engine;

import io.stepstream.engine.Decision.Registration;
import io.stepstream.schemas.Arn;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.view.RegistryRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The registry's rows as one decision sees them. Nothing is written before {@link #write}, so that a refusal leaves everything
 * as it was.
 *
 * <p>Keys and values are those of the {@code registry} topic. Besides, a row for each kind of resource that has a quota says how
 * many there are.
 */
final class RegistryRows {

    private final Table table;
    private final Map<String, Optional<RegistryRecord>> changes = new LinkedHashMap<>();
    private final Map<Kind, Long> counts = new LinkedHashMap<>();

    RegistryRows(Table table) {
        this.table = table;
    }

    /** What is counted. */
    enum Kind {
        STATE_MACHINES("#state-machines", Arn.STATE_MACHINE),
        ACTIVITIES("#activities", Arn.ACTIVITY);

        private final String key;
        private final String arnType;

        Kind(String key, String arnType) {
            this.key = key;
            this.arnType = arnType;
        }

        boolean counts(String key) {
            return key.indexOf('#') < 0
                    && Arn.parse(key)
                            .filter(arn -> arn.type().equals(arnType))
                            .filter(arn -> arn.qualifier().isEmpty())
                            .isPresent();
        }
    }

    /** Empty also where the key is that of something else. */
    <T extends RegistryRecord> Optional<T> find(String key, Class<T> type) {
        var changed = changes.get(key);
        return (changed == null ? read(key) : changed).filter(type::isInstance).map(type::cast);
    }

    private Optional<RegistryRecord> read(String key) {
        var value = table.get(key);
        return value == null ? Optional.empty() : Optional.of(read(key, value));
    }

    private static RegistryRecord read(String key, byte[] value) {
        try {
            return Json.read(value, RegistryRecord.class);
        } catch (IOException e) {
            throw new IllegalStateException("Expected the registry's row " + key + " to be readable", e);
        }
    }

    /** Versions or aliases of a machine, as they were before this decision, ordered by ARN. */
    <T extends RegistryRecord> List<T> ofMachine(String stateMachineArn, Class<T> type) {
        var all = new ArrayList<T>();
        table.scan(stateMachineArn + ':', stateMachineArn + (char) (':' + 1), (key, value) -> {
            var record = read(key, value);
            if (type.isInstance(record)) {
                all.add(type.cast(record));
            }
            return true;
        });
        return all;
    }

    void put(String key, RegistryRecord record) {
        changes.put(key, Optional.of(record));
    }

    void remove(String key) {
        changes.put(key, Optional.empty());
    }

    long count(Kind kind) {
        return counts.computeIfAbsent(kind, this::counted);
    }

    /** Looked up, or found by counting all rows once. */
    private long counted(Kind kind) {
        var row = table.get(kind.key);
        if (row != null) {
            try {
                return Json.read(row, Long.class);
            } catch (IOException e) {
                throw new IllegalStateException("Expected the registry's row " + kind.key + " to be a number", e);
            }
        }
        var found = new long[1];
        // Above every key, since all of them are ASCII where they begin.
        table.scan("", "\u007f", (key, value) -> {
            if (kind.counts(key)) {
                found[0]++;
            }
            return true;
        });
        return found[0];
    }

    void count(Kind kind, int more) {
        counts.put(kind, count(kind) + more);
    }

    /** Writes what was changed, and says so in the order of the changes. */
    List<Registration> write() {
        var registrations = new ArrayList<Registration>();
        changes.forEach((key, record) -> {
            if (record.isPresent()) {
                table.put(key, Json.bytes(record.get()));
            } else {
                table.delete(key);
            }
            registrations.add(new Registration(key, record));
        });
        counts.forEach((kind, count) -> table.put(kind.key, Json.bytes(count)));
        return registrations;
    }
}
