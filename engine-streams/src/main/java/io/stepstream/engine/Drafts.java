package io.stepstream.engine;

import io.stepstream.schemas.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one kind as one decision sees them. A row is read when it is asked for, changed in place, and written at the end if
 * its bytes have changed. A row that is born and gone within the decision never reaches the table.
 */
final class Drafts<V> {

    /** Stands for bytes in the table that nobody has looked at; there may be none. */
    private static final byte[] UNREAD = new byte[0];

    private final Table table;
    private final Class<V> type;
    private final boolean everChange;
    private final Map<String, Draft<V>> drafts = new LinkedHashMap<>();

    private Drafts(Table table, Class<V> type, boolean everChange) {
        this.table = table;
        this.type = type;
        this.everChange = everChange;
    }

    /** Rows that are changed in place. */
    static <V> Drafts<V> of(Table table, Class<V> type) {
        return new Drafts<>(table, type, true);
    }

    /** Rows that stay as they are from birth to end, unless they are {@link #replace replaced}. */
    static <V> Drafts<V> ofConstants(Table table, Class<V> type) {
        return new Drafts<>(table, type, false);
    }

    /** What is known of a row: its bytes in the table, and what it is to become; either may be nothing. */
    private static final class Draft<V> {
        final byte @Nullable [] stored;

        @Nullable
        V value;

        Draft(byte @Nullable [] stored, @Nullable V value) {
            this.stored = stored;
            this.value = value;
        }
    }

    Optional<V> get(String key) {
        return Optional.ofNullable(draft(key).value);
    }

    V expect(String key) {
        return get(key).orElseThrow(() ->
                new IllegalStateException("Expected a row " + key.replace('\0', '/') + ", but there is none"));
    }

    private Draft<V> draft(String key) {
        var known = drafts.get(key);
        if (known == null) {
            var stored = table.get(key);
            known = new Draft<>(stored, stored == null ? null : read(key, stored));
            drafts.put(key, known);
        }
        return known;
    }

    private V read(String key, byte[] stored) {
        try {
            return Json.read(stored, type);
        } catch (IOException e) {
            throw new IllegalStateException("Expected to read row " + key.replace('\0', '/') + ", but could not", e);
        }
    }

    /** A row that the table does not have. */
    void add(String key, V value) {
        drafts.put(key, new Draft<>(null, value));
    }

    /** Whatever the table has there, without a look. */
    void replace(String key, V value) {
        drafts.put(key, new Draft<>(UNREAD, value));
    }

    /** As {@link #remove}, without a look into the table. */
    void forget(String key) {
        var known = drafts.get(key);
        drafts.put(key, new Draft<>(known == null ? UNREAD : known.stored, null));
    }

    /** Whether this decision has had to do with the row. */
    boolean knows(String key) {
        return drafts.containsKey(key);
    }

    void remove(String key) {
        draft(key).value = null;
    }

    /** Whether the table has the row, as far as this decision has looked. */
    boolean isStored(String key) {
        var known = drafts.get(key);
        return known != null && known.stored != null;
    }

    /** The rows that this decision has had to do with, if they are still there. */
    List<V> values() {
        var values = new ArrayList<V>();
        for (var draft : drafts.values()) {
            if (draft.value != null) {
                values.add(draft.value);
            }
        }
        return values;
    }

    void write() {
        drafts.forEach((key, draft) -> {
            if (draft.value == null) {
                if (draft.stored != null) {
                    table.delete(key);
                }
            } else if (everChange || draft.stored == null || draft.stored == UNREAD) {
                var bytes = Json.bytes(draft.value);
                if (!Arrays.equals(bytes, draft.stored)) {
                    table.put(key, bytes);
                }
            }
        });
    }
}
