package io.stepstream.schemas.command;

/**
 * Which timer of an execution is meant.
 *
 * @param startOffset offset of the StartExecution command, see {@link TaskRef}
 * @param scope the scope that waits; 0 for the execution itself
 * @param stamp the number of the wait that the timer belongs to
 * @param kind what runs out
 */
public record TimerRef(long startOffset, long scope, long stamp, Kind kind) {

    public enum Kind {
        /** A Wait state's end. */
        WAIT,
        /** The delay before the next attempt of a retried state. */
        RETRY,
        /** A task's TimeoutSeconds. */
        TASK_TIMEOUT,
        /** A task's HeartbeatSeconds. */
        HEARTBEAT,
        /** The machine's TimeoutSeconds. */
        EXECUTION_TIMEOUT
    }
}
