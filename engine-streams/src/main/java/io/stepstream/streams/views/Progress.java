package io.stepstream.streams.views;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * How far this process has applied the {@code executions} topic, so that a question can wait for what was in the log when
 * it was asked. Written by stream threads (each partition by one at a time), read by everybody.
 *
 * <p>A consumer's position counts transaction markers too, which no processor ever sees. So an end offset is reached once the
 * position is there and the last record that was delivered on the way has been applied: exact, whatever ends the log.
 */
final class Progress {

    private static final long UNKNOWN = -1;

    private static final class Position {
        volatile long polled = UNKNOWN;
        volatile long delivered = UNKNOWN;
        volatile long applied = UNKNOWN;
        volatile long lag = UNKNOWN;
    }

    private final Map<Integer, Position> positions = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Void>> awaited = new ConcurrentHashMap<>();
    private final Executor executor;

    /** @param executor runs what waits for an execution; never the stream thread */
    Progress(Executor executor) {
        this.executor = executor;
    }

    /** The partition's task begins (again): its stores are restored, and what it said before does not count. */
    void began(int partition) {
        positions.put(partition, new Position());
    }

    void ended(int partition) {
        positions.remove(partition);
    }

    /** Whether the partition's task runs and nobody has said yet where its consumer stands. */
    boolean wantsPosition(int partition) {
        var position = positions.get(partition);
        return position != null && position.polled == UNKNOWN;
    }

    /**
     * The consumer has delivered everything below {@code next}.
     *
     * @param last the last record that it delivered in this poll, negative for none
     */
    void polled(int partition, long next, long last) {
        var position = positions.get(partition);
        if (position != null) {
            if (last >= 0) {
                position.delivered = last;
            }
            position.polled = next;
        }
    }

    /** How many records the consumer has still to fetch. */
    void lags(int partition, long records) {
        var position = positions.get(partition);
        if (position != null) {
            position.lag = records;
        }
    }

    /** The stores show the status record at this offset. */
    void applied(int partition, long offset, String executionArn) {
        var position = positions.get(partition);
        if (position != null) {
            position.applied = offset;
        }
        if (!awaited.isEmpty()) {
            var waiting = awaited.remove(executionArn);
            if (waiting != null) {
                executor.execute(() -> waiting.complete(null));
            }
        }
    }

    /** Whether everything below {@code endOffset} is in the stores. */
    boolean reached(int partition, long endOffset) {
        var position = positions.get(partition);
        // polled is read first and written last: what was delivered below it is known by then
        return position != null && position.polled >= endOffset && position.applied >= position.delivered;
    }

    /** How many records of the partition are in the log and not in the stores; negative where that is not known. */
    long lag(int partition) {
        var position = positions.get(partition);
        if (position == null || position.lag == UNKNOWN) {
            return UNKNOWN;
        }
        return position.lag + Math.max(0, position.delivered - position.applied);
    }

    /** Completes when a status of the execution has been applied. The caller ends it with {@link #noLongerAwaited}. */
    CompletableFuture<Void> awaitStatus(String executionArn) {
        return awaited.computeIfAbsent(executionArn, arn -> new CompletableFuture<>());
    }

    /**
     * Forgets the wait. Another caller who waits for the same execution is no longer woken early then; what it waits for
     * besides ends its wait.
     */
    void noLongerAwaited(String executionArn, CompletableFuture<Void> wait) {
        awaited.remove(executionArn, wait);
    }
}
