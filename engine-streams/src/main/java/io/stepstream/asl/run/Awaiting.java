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
    @JsonSubTypes.Type(value = Awaiting.Service.class, name = "service"),
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

    /**
     * A service's answer, and with some integrations what somebody tells later with the task's token.
     *
     * @param submitted whether the service has answered, so that only the later word is missing
     * @param early the later word, if it came before the service's answer
     * @param child the execution that the service has started and whose end is awaited
     * @param timeout when TimeoutSeconds is over
     * @param heartbeatSeconds the longest silence that is allowed
     * @param heartbeat when the present silence will have been too long
     */
    record Service(
            long stamp,
            boolean submitted,
            Optional<Told> early,
            Optional<String> child,
            Optional<Instant> timeout,
            OptionalLong heartbeatSeconds,
            Optional<Instant> heartbeat)
            implements Awaiting {

        Service asSubmitted(Optional<String> started) {
            return new Service(stamp, true, early, started, timeout, heartbeatSeconds, heartbeat);
        }

        Service withoutChild() {
            return new Service(stamp, submitted, early, Optional.empty(), timeout, heartbeatSeconds, heartbeat);
        }

        Service told(Told what) {
            return new Service(stamp, submitted, Optional.of(what), child, timeout, heartbeatSeconds, heartbeat);
        }

        Service alive(Optional<Instant> nextHeartbeat) {
            return new Service(stamp, submitted, early, child, timeout, heartbeatSeconds, nextHeartbeat);
        }
    }

    /** How work ended: an output as JSON text, or a failure, whose error and cause need not be known. */
    record Told(Optional<String> output, Optional<String> error, Optional<String> cause) {}

    /** The end of all branches or iterations. */
    record Children(long fanOut) implements Awaiting {}
}
