package io.stepstream.streams;

import io.stepstream.engine.Effect;
import io.stepstream.engine.ServiceCalls;
import io.stepstream.schemas.command.ServiceCall;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The calls that one partition's executions await, between their rows and those who make them.
 *
 * <p>A command in the log has one outcome, so a call may leave as soon as it is decided: whatever happens to the transaction,
 * the decision comes again. But so would the call. Hence an owner makes none before it has read the log as far as it was
 * written when the partition became its own: the outcomes of calls that were made before a crash stand in that part. Then it
 * offers those whose rows are left, which are the calls that nobody has answered yet: one call per attempt, unless a crash
 * came between call and answer.
 *
 * <p>The same way it offers again what found no room.
 */
final class PartitionCalls {

    /** What {@link #nextTick} says when there is nothing to wait for. */
    static final long NEVER = Long.MAX_VALUE;

    /** How soon to look for room again. */
    private static final long SOON_MILLIS = 20;

    /** Rows that one tick looks at. */
    private static final int AT_ONCE = 1_000;

    private final KeyValueStore<Bytes, byte[]> rows;
    private final EffectWorkers workers;
    private final long caughtUpAt;
    private boolean caughtUp;

    /** Whether rows may hold calls that were not taken. */
    private boolean left;

    /** Whether some of the present round were refused again. */
    private boolean refused;

    /** The row to go on with; null for the first. */
    private @Nullable Bytes next;

    /**
     * @param lastOffset the last one applied
     * @param endOffset behind the last record of the log as it is now
     */
    PartitionCalls(KeyValueStore<Bytes, byte[]> rows, EffectWorkers workers, long lastOffset, long endOffset) {
        this.rows = rows;
        this.workers = workers;
        this.caughtUpAt = endOffset - 1;
        applied(lastOffset);
    }

    /** Everything up to this offset is in the rows. */
    void applied(long offset) {
        if (!caughtUp && offset >= caughtUpAt) {
            caughtUp = true;
            left = true;
        }
    }

    void route(Effect effect) {
        if (effect instanceof Effect.CallService wanted) {
            call(wanted.call());
        } else if (effect instanceof Effect.EndCall ended) {
            workers.end(ended.executionArn(), ended.task());
        } else {
            throw new IllegalStateException("Expected an effect about a call, but " + effect.getClass());
        }
    }

    private void call(ServiceCall call) {
        if (caughtUp && !workers.offer(call, this)) {
            left = true;
            refused = true;
        }
    }

    /** When {@link #tick} next has something to do, in milliseconds of the wall clock; {@link #NEVER} if it has not. */
    long nextTick(long wallMillis) {
        return left ? wallMillis + SOON_MILLIS : NEVER;
    }

    /** The partition is no longer ours. */
    void release() {
        workers.release(this);
    }

    /** Offers what the rows hold, a page at a time. */
    void tick() {
        if (!left) {
            return;
        }
        int looked = 0;
        try (var all = rows.range(next, null)) {
            while (all.hasNext()) {
                if (looked++ == AT_ONCE) {
                    next = all.peekNextKey();
                    return;
                }
                refused |= !workers.offer(ServiceCalls.read(all.next().value), this);
            }
        }
        next = null;
        left = refused;
        refused = false;
    }
}
