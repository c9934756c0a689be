package io.stepstream.bench.micro;

import io.stepstream.engine.Decider;
import io.stepstream.engine.Table;
import io.stepstream.engine.Timers;
import io.stepstream.schemas.command.ExecutionCommand;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state of one partition at the lowest price there is, so that what is measured is the decider. Timers never fire. */
final class RowsInMemory implements Decider.Rows<ExecutionCommand> {

    private final Map<String, Table> tables = new HashMap<>();

    @Override
    public Table table(String name) {
        return tables.computeIfAbsent(name, any -> new HashTable());
    }

    @Override
    public Timers<ExecutionCommand> timers() {
        return new Timers<>() {
            @Override
            public void set(Instant due, String key, String id, ExecutionCommand command) {}

            @Override
            public void cancel(Instant due, String key, String id) {}
        };
    }

    private static final class HashTable implements Table {

        private final Map<String, byte[]> rows = new HashMap<>();

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

        /** Sorts all rows: only definitions and closed names are scanned, and seldom. */
        @Override
        public void scan(String from, String to, Visitor visitor) {
            var found = rows.entrySet().stream()
                    .filter(row -> compare(from, row.getKey()) <= 0 && compare(row.getKey(), to) < 0)
                    .sorted(Map.Entry.comparingByKey(HashTable::compare))
                    .toList();
            for (var row : found) {
                if (!visitor.visit(row.getKey(), row.getValue())) {
                    return;
                }
            }
        }

        private static int compare(String one, String other) {
            return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
        }
    }
}
