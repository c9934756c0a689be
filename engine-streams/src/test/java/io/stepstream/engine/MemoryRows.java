package io.stepstream.engine;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The state of one partition in memory, for tests. */
public final class MemoryRows<C> implements Decider.Rows<C> {

    private static final Comparator<String> BY_BYTES =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private final Map<String, MemoryTable> tables = new TreeMap<>();
    private final TreeMap<String, Timer<C>> timers = new TreeMap<>();

    /** A timer that is set. */
    public record Timer<C>(Instant due, String key, String id, C command) {}

    @Override
    public Table table(String name) {
        return tables.computeIfAbsent(name, any -> new MemoryTable());
    }

    @Override
    public Timers<C> timers() {
        return new Timers<>() {
            @Override
            public void set(Instant due, String key, String id, C command) {
                timers.put(timerKey(due, key, id), new Timer<>(due, key, id, command));
            }

            @Override
            public void cancel(Instant due, String key, String id) {
                timers.remove(timerKey(due, key, id));
            }
        };
    }

    /** The timers that are set, next due first. */
    public java.util.List<Timer<C>> setTimers() {
        return java.util.List.copyOf(timers.values());
    }

    /** All rows by table and key, values as text: two states are equal when these are. */
    public Map<String, String> contents() {
        var all = new LinkedHashMap<String, String>();
        tables.forEach((name, table) -> table.rows.forEach((key, value) ->
                all.put(name + " " + key.replace('\0', '|'), new String(value, StandardCharsets.UTF_8))));
        timers.forEach((key, timer) ->
                all.put("timers " + key.replace('\0', '|'), timer.command().toString()));
        return all;
    }

    /** How many rows a table holds. */
    public int size(String table) {
        var rows = tables.get(table);
        return rows == null ? 0 : rows.rows.size();
    }

    /** A copy that shares nothing. */
    public MemoryRows<C> copy() {
        var copy = new MemoryRows<C>();
        tables.forEach((name, table) -> {
            var other = new MemoryTable();
            table.rows.forEach((key, value) -> other.rows.put(key, value.clone()));
            copy.tables.put(name, other);
        });
        copy.timers.putAll(timers);
        return copy;
    }

    private static String timerKey(Instant due, String key, String id) {
        return Key.of(Key.number(due.toEpochMilli()), key, id);
    }

    private static final class MemoryTable implements Table {

        private final TreeMap<String, byte[]> rows = new TreeMap<>(BY_BYTES);

        @Override
        public byte @Nullable [] get(String key) {
            return rows.get(key);
        }

        @Override
        public void put(String key, byte[] value) {
            rows.put(key, value);
        }

        @Override
        public void delete(String key) {
            rows.remove(key);
        }

        @Override
        public void scan(String from, String to, Visitor visitor) {
            for (var row : rows.subMap(from, to).entrySet()) {
                if (!visitor.visit(row.getKey(), row.getValue())) {
                    return;
                }
            }
        }
    }
}
