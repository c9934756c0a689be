package io.stepstream.streams.views;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.event.ExecutionStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    /**
     * Throws where the bytes are no status. Read member by member, since every status that comes is read here, and so is the
     * one before it.
     */
    static StatusSummary read(byte[] value) throws IOException {
        var read = new Members();
        try (var parser = Json.shared().getFactory().createParser(value)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("Expected an execution's status, but no object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_NULL) {
                    continue;
                }
                read.member(name, parser);
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("Expected an execution's status, but " + e.getMessage(), e);
        }
        return read.summary();
    }

    /** The members as they come. */
    private static final class Members {

        private @Nullable String executionArn;
        private @Nullable String stateMachineArn;
        private String name = "";
        private ExecutionStatus.@Nullable Status status;
        private @Nullable Instant startDate;
        private Optional<Instant> stopDate = Optional.empty();
        private Optional<String> stateMachineVersionArn = Optional.empty();
        private Optional<String> stateMachineAliasArn = Optional.empty();
        private int redriveCount;
        private Optional<Instant> redriveDate = Optional.empty();
        private long revision;
        private long lastEventId;
        private long commandOffset;

        void member(String member, JsonParser parser) throws IOException {
            switch (member) {
                case "executionArn" -> executionArn = parser.getText();
                case "stateMachineArn" -> stateMachineArn = parser.getText();
                case "name" -> name = parser.getText();
                case "status" -> status = ExecutionStatus.Status.valueOf(parser.getText());
                case "startDate" -> startDate = Instant.ofEpochMilli(parser.getLongValue());
                case "stopDate" -> stopDate = Optional.of(Instant.ofEpochMilli(parser.getLongValue()));
                case "stateMachineVersionArn" -> stateMachineVersionArn = Optional.of(parser.getText());
                case "stateMachineAliasArn" -> stateMachineAliasArn = Optional.of(parser.getText());
                case "redriveCount" -> redriveCount = parser.getIntValue();
                case "redriveDate" -> redriveDate = Optional.of(Instant.ofEpochMilli(parser.getLongValue()));
                case "revision" -> revision = parser.getLongValue();
                case "lastEventId" -> lastEventId = parser.getLongValue();
                case "commandOffset" -> commandOffset = parser.getLongValue();
                default -> parser.skipChildren();
            }
        }

        StatusSummary summary() throws IOException {
            if (executionArn == null || stateMachineArn == null || status == null || startDate == null) {
                throw new IOException("Expected an execution's status, but members are missing");
            }
            return new StatusSummary(
                    executionArn,
                    stateMachineArn,
                    name,
                    status,
                    startDate,
                    stopDate,
                    stateMachineVersionArn,
                    stateMachineAliasArn,
                    redriveCount,
                    redriveDate,
                    revision,
                    lastEventId,
                    commandOffset);
        }
    }

    /** The state machine, and the version and alias through which it was started. */
    List<String> listedUnder() {
        if (stateMachineVersionArn.isEmpty() && stateMachineAliasArn.isEmpty()) {
            return List.of(stateMachineArn);
        }
        var resources = new ArrayList<String>();
        resources.add(stateMachineArn);
        stateMachineVersionArn.ifPresent(resources::add);
        stateMachineAliasArn.ifPresent(resources::add);
        return resources;
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
