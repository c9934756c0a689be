package io.stepstream.streams.views;

import com.fasterxml.jackson.databind.ObjectReader;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.event.ExecutionStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** What lists and indexes need of an {@link ExecutionStatus}: the reader skips the payloads, however large they are. */
record StatusSummary(
        String executionArn,
        String stateMachineArn,
        String name,
        ExecutionStatus.Status status,
        Instant startDate,
        Optional<Instant> stopDate,
        Optional<String> stateMachineVersionArn,
        Optional<String> stateMachineAliasArn,
        int redriveCount,
        Optional<Instant> redriveDate,
        long revision,
        long lastEventId,
        long commandOffset) {

    private static final ObjectReader READER = Json.shared().readerFor(StatusSummary.class);

    /** Throws where the bytes are no status. */
    static StatusSummary read(byte[] value) throws IOException {
        StatusSummary summary = READER.readValue(value);
        if (summary.executionArn == null
                || summary.stateMachineArn == null
                || summary.status == null
                || summary.startDate == null) {
            throw new IOException("Expected an execution's status, but members are missing");
        }
        return summary;
    }

    /** The status without payloads. */
    ExecutionStatus listed() {
        return new ExecutionStatus(
                executionArn,
                stateMachineArn,
                name,
                status,
                startDate,
                stopDate,
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                stateMachineVersionArn,
                stateMachineAliasArn,
                Optional.empty(),
                redriveCount,
                redriveDate,
                revision,
                lastEventId,
                commandOffset);
    }
}
