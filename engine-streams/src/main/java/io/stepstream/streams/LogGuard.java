package io.stepstream.streams;

import io.stepstream.engine.ExecutionDecider;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that state is made from the whole log and from nothing else: of one log, without gaps, each record once, by
 * semantics that this binary knows. Keeps one row: semantics (4 bytes), topic id (16), last offset applied (8), its time
 * in milliseconds (8). The row's store is cached, so that it costs the changelog one record for each commit.
 */
final class LogGuard {

    /** The newest semantics that this binary decides by. */
    static final int SEMANTICS = ExecutionDecider.SEMANTICS;

    static final Bytes ROW = Bytes.wrap(new byte[] {0});

    private static final int ROW_BYTES = Integer.BYTES + 4 * Long.BYTES;
    private static final long NOTHING_APPLIED = -1;

    private final KeyValueStore<Bytes, byte[]> store;
    private final String topic;
    private final int partition;
    private final Uuid topicId;

    private int semantics = SEMANTICS;
    private long lastOffset = NOTHING_APPLIED;
    private long nowMillis;

    /** Throws {@link LogBrokenException} where the state is not that of the log as it is now. */
    LogGuard(KeyValueStore<Bytes, byte[]> store, String topic, int partition, InputLogs logs) {
        this.store = store;
        this.topic = topic;
        this.partition = partition;
        this.topicId = logs.topicId(topic);
        var row = store.get(ROW);
        if (row != null) {
            load(row, logs);
        }
    }

    private void load(byte @Nullable [] row, InputLogs logs) {
        var in = ByteBuffer.wrap(row);
        semantics = in.getInt();
        if (semantics < 1 || semantics > SEMANTICS) {
            throw unknownSemantics(semantics);
        }
        var stateOf = new Uuid(in.getLong(), in.getLong());
        lastOffset = in.getLong();
        nowMillis = in.getLong();
        if (!stateOf.equals(topicId)) {
            throw broken("Expected the topic " + stateOf + " that the state was made from, but it is " + topicId
                    + ": it was deleted and created again");
        }
        long end = logs.endOffset(topic, partition);
        if (end <= lastOffset) {
            throw broken(
                    "Expected the log to reach offset " + lastOffset + " as the state does, but it ends at " + end);
        }
    }

    /** Names this partition for ever. */
    String source() {
        return topicId + "-" + partition;
    }

    /** The last offset applied, -1 before the first. */
    long lastOffset() {
        return lastOffset;
    }

    /** Whether the record is the next one; false if it was applied already. Throws where records are missing. */
    boolean isNext(long offset) {
        if (offset <= lastOffset) {
            return false;
        }
        if (offset > lastOffset + 1) {
            throw broken("Expected offset " + (lastOffset + 1) + " next, but " + offset + ": records are missing");
        }
        return true;
    }

    /** The time at which a record that was appended at {@code timestampMillis} is decided: it never goes back. */
    Instant moment(long timestampMillis) {
        return Instant.ofEpochMilli(Math.max(timestampMillis, nowMillis));
    }

    /** From here on the log is decided by these semantics. Throws where this binary does not know them. */
    void raise(int wanted) {
        if (wanted > SEMANTICS) {
            throw unknownSemantics(wanted);
        }
        semantics = Math.max(semantics, wanted);
    }

    /** The record at {@code offset} has changed all that it changes. */
    void applied(long offset, Instant now) {
        lastOffset = offset;
        nowMillis = now.toEpochMilli();
        store.put(
                ROW,
                ByteBuffer.allocate(ROW_BYTES)
                        .putInt(semantics)
                        .putLong(topicId.getMostSignificantBits())
                        .putLong(topicId.getLeastSignificantBits())
                        .putLong(lastOffset)
                        .putLong(nowMillis)
                        .array());
    }

    private LogBrokenException unknownSemantics(int number) {
        return new LogBrokenException("Partition " + partition + " of " + topic + " is decided by semantics " + number
                + ", but this binary knows those up to " + SEMANTICS + ". Start a newer version of the engine.");
    }

    private LogBrokenException broken(String what) {
        return new LogBrokenException("Partition " + partition + " of " + topic + ": " + what
                + ". The engine cannot go on without making wrong state. Restore the topic, or give up what it held:"
                + " stop all engines and start them with another topic prefix.");
    }
}
