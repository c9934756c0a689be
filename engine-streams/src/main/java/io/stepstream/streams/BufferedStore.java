package io.stepstream.streams;

import io.stepstream.engine.Table;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The rows of a store together with what one decision has written to them, until that is kept or dropped. */
final class BufferedStore implements Table {

    private final KeyValueStore<Bytes, byte[]> store;

    /** Ordered as the store orders: by unsigned bytes. */
    private final TreeMap<Bytes, Optional<byte[]>> written = new TreeMap<>();

    BufferedStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    @Override
    public byte @Nullable [] get(String key) {
        var bytes = bytes(key);
        var own = written.get(bytes);
        return own != null ? own.orElse(null) : store.get(bytes);
    }

    @Override
    public void put(String key, byte[] value) {
        written.put(bytes(key), Optional.of(value));
    }

    @Override
    public void delete(String key) {
        written.put(bytes(key), Optional.empty());
    }

    @Override
    public void scan(String from, String to, Visitor visitor) {
        var low = bytes(from);
        var high = bytes(to);
        if (low.compareTo(high) >= 0) {
            return;
        }
        var own = written.subMap(low, high).entrySet().iterator();
        var nextOwn = advance(own);
        try (var rows = store.range(low, high)) {
            var nextRow = advance(rows, high);
            while (nextOwn != null || nextRow != null) {
                int order = nextRow == null
                        ? -1
                        : nextOwn == null ? 1 : nextOwn.getKey().compareTo(nextRow.key);
                boolean more = true;
                if (order <= 0 && nextOwn != null) {
                    if (nextOwn.getValue().isPresent()) {
                        more = visitor.visit(
                                text(nextOwn.getKey()), nextOwn.getValue().get());
                    }
                    nextOwn = advance(own);
                } else if (nextRow != null) {
                    more = visitor.visit(text(nextRow.key), nextRow.value);
                }
                if (order >= 0) {
                    nextRow = advance(rows, high);
                }
                if (!more) {
                    return;
                }
            }
        }
    }

    private static Map.@Nullable Entry<Bytes, Optional<byte[]>> advance(
            Iterator<Map.Entry<Bytes, Optional<byte[]>>> entries) {
        return entries.hasNext() ? entries.next() : null;
    }

    /** The store's ranges include their end, ours do not. */
    private static @Nullable KeyValue<Bytes, byte[]> advance(Iterator<KeyValue<Bytes, byte[]>> rows, Bytes end) {
        if (!rows.hasNext()) {
            return null;
        }
        var row = rows.next();
        return row.key.compareTo(end) < 0 ? row : null;
    }

    /** Writes what was buffered. */
    void keep() {
        written.forEach((key, value) -> {
            if (value.isPresent()) {
                store.put(key, value.get());
            } else {
                store.delete(key);
            }
        });
        written.clear();
    }

    /** Forgets what was buffered. */
    void drop() {
        written.clear();
    }

    private static Bytes bytes(String key) {
        return Bytes.wrap(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Bytes key) {
        return new String(key.get(), StandardCharsets.UTF_8);
    }
}
