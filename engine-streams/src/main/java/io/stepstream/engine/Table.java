package io.stepstream.engine;

import org.jspecify.annotations.Nullable;

/**
 * Rows of one state store as a decider sees them: what it writes it reads back at once, and all of it is kept or none. The
 * processor gives one over a RocksDB store, tests one over a map. Called on the stream thread only.
 *
 * <p>Keys are text, ordered by their UTF-8 bytes; a key's parts are joined by U+0000, and numbers in it are of fixed width.
 */
public interface Table {

    byte @Nullable [] get(String key);

    void put(String key, byte[] value);

    void delete(String key);

    /** Calls {@code visitor} with the rows {@code from <= key < to} in order until it answers false. It must not write. */
    void scan(String from, String to, Visitor visitor);

    /** Sees one row after the other. */
    interface Visitor {
        /** Whether to go on. */
        boolean visit(String key, byte[] value);
    }
}
