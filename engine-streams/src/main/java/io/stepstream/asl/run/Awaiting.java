package io.stepstream.asl.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** The one thing that a scope waits for. What answers with another stamp comes too late. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "for")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Awaiting.TimeToPass.class, name = "time"),
    @JsonSubTypes.Type(value = Awaiting.NextAttempt.class, name = "attempt"),
    @JsonSubTypes.Type(value = Awaiting.Worker.class, name = "worker"),
    @JsonSubTypes.Type(value = Awaiting.Children.class, name = "children")
})
public sealed interface Awaiting {

    /** A Wait state's end. */
    record TimeToPass(long stamp, Instant due) implements Awaiting {}

    /** The delay before the next attempt of a state with Retry. */
    record NextAttempt(long stamp, Instant due) implements Awaiting {}

    /**
     * A worker's answer.
     *
     * @param started whether a worker is known to have the task
     * @param timeout when TimeoutSeconds is over
     * @param heartbeatSeconds the longest silence that is allowed once a worker has the task
     * @param heartbeat when the present silence will have been too long
     */
    record Worker(
            long stamp,
            String activityArn,
            boolean started,
            Optional<Instant> timeout,
            OptionalLong heartbeatSeconds,
            Optional<Instant> heartbeat)
            implements Awaiting {

        Worker startedWith(Optional<Instant> nextHeartbeat) {
            return new Worker(stamp, activityArn, true, timeout, heartbeatSeconds, nextHeartbeat);
        }
    }

    /** The end of all branches or iterations. */
    record Children(long fanOut) implements Awaiting {}
}
