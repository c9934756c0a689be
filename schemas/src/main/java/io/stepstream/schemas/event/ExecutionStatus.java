package io.stepstream.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Optional;

/**
 * The latest status of an execution, the value of its record on the {@code executions} topic: the detail of AWS's "Step
 * Functions Execution Status Change", with dates in epoch milliseconds, and below that what readers of the log need.
 *
 * @param stateMachineArn the unqualified machine
 * @param revision number of the machine's revision that runs
 * @param lastEventId the newest event at this status: a reader who has it has the whole history up to here
 * @param commandOffset offset in {@code commands} of the command that led to this status; a lower one is outdated
 */
public record ExecutionStatus(
        String executionArn,
        String stateMachineArn,
        String name,
        Status status,
        Instant startDate,
        Optional<Instant> stopDate,
        String input,
        Optional<String> output,
        Optional<String> error,
        Optional<String> cause,
        Optional<String> stateMachineVersionArn,
        Optional<String> stateMachineAliasArn,
        Optional<String> traceHeader,
        int redriveCount,
        Optional<Instant> redriveDate,
        long revision,
        long lastEventId,
        long commandOffset) {

    /** Says, as AWS's event does, that a payload is in the record. */
    public record PayloadDetails(boolean included) {}

    @JsonProperty
    public PayloadDetails inputDetails() {
        return new PayloadDetails(true);
    }

    @JsonProperty
    public Optional<PayloadDetails> outputDetails() {
        return output.map(any -> new PayloadDetails(true));
    }

    public enum Status {
        RUNNING,
        SUCCEEDED,
        FAILED,
        TIMED_OUT,
        ABORTED,
        PENDING_REDRIVE;

        public boolean isClosed() {
            return this != RUNNING && this != PENDING_REDRIVE;
        }
    }
}
