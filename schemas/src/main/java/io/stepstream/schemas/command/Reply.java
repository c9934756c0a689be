package io.stepstream.schemas.command;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.event.ExecutionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What the engine answers to a gateway; the record's key is the correlation id of the {@link ReplyTo}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface Reply {

    /** The command was refused. {@code error} is an error name of the API, {@code message} AWS's wording. */
    record Rejected(String error, String message, Optional<String> reason) implements Reply {
        public Rejected(String error, String message) {
            this(error, message, Optional.empty());
        }
    }

    /** StartExecution: the execution runs, or ran already under this name with the same input. */
    record Started(String executionArn, Instant startDate) implements Reply {}

    /**
     * StartSyncExecution: how the execution ended.
     *
     * @param status SUCCEEDED, FAILED or TIMED_OUT
     */
    record Finished(
            String executionArn,
            Instant startDate,
            Instant stopDate,
            ExecutionStatus.Status status,
            Optional<String> output,
            Optional<String> error,
            Optional<String> cause)
            implements Reply {}

    /** StopExecution: the execution is closed. */
    record Stopped(Instant stopDate) implements Reply {}

    /** RedriveExecution: the execution runs again. */
    record Redriven(Instant redriveDate) implements Reply {}

    /**
     * The engine holds no open execution of that name. It has applied {@code commands} of that partition up to
     * {@code offset}; what was closed before is in the views.
     */
    record NotOpen(long offset) implements Reply {}

    /** SendTask*: accepted. */
    record Accepted() implements Reply {}

    /**
     * A registry command was applied, or changed nothing because it repeated what is.
     *
     * @param position offset in {@code registry-commands} that the gateway's registry view must have reached before it
     *     answers; empty when nothing changed
     * @param resource the resource as it is now, in the shape of its {@code registry} record
     * @param versionArn the version that a command with {@code publish} has led to
     */
    record Registered(OptionalLong position, JsonNode resource, Optional<String> versionArn) implements Reply {
        public Registered(OptionalLong position, JsonNode resource) {
            this(position, resource, Optional.empty());
        }
    }

    /** ValidateStateMachineDefinition; {@code truncated} tells that there are more findings. */
    record Validated(boolean valid, List<Finding> findings, boolean truncated) implements Reply {
        public Validated {
            findings = List.copyOf(findings);
        }
    }

    /** One thing that is said of a definition, in AWS's words; {@code severity} is ERROR or WARNING. */
    record Finding(String severity, String code, String message, Optional<String> location) {}

    /**
     * TestState: what became of the state.
     *
     * @param status SUCCEEDED, FAILED, RETRIABLE or CAUGHT_ERROR
     * @param inspectionData all that there is to see; how much of it is shown is for the gateway to say
     * @param waitMillis how long the state would have waited: the answer is due after that
     */
    record Tested(
            String status,
            Optional<String> output,
            Optional<String> error,
            Optional<String> cause,
            Optional<String> nextState,
            ObjectNode inspectionData,
            long waitMillis)
            implements Reply {}

    /** GetActivityTask: a task for the poll. The gateway confirms with TaskDelivered once it is on the wire. */
    record TaskAssigned(String activityArn, String pollId, String taskToken, String input, long delivery, String taskId)
            implements Reply {}

    /** The queue forgot all polls of this gateway incarnation; it registers the live ones again. */
    record PollsForgotten(String activityArn, List<String> pollIds) implements Reply {}
}
