package io.stepstream.schemas.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.stepstream.schemas.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogRecordTest {

    private static HistoryEvent entered() throws IOException {
        var details =
                (ObjectNode) Json.tree("{\"input\":\"{}\",\"inputDetails\":{\"truncated\":false},\"name\":\"S\"}");
        return new HistoryEvent(
                2,
                0,
                Instant.ofEpochMilli(1_700_000_000_123L),
                HistoryEventType.PassStateEntered,
                Optional.of(details));
    }

    private static String text(HistoryEvent event, boolean withData) {
        return new String(new LogRecord("arn", event, 0, withData).value(), StandardCharsets.UTF_8);
    }

    @Test
    void aLogIsWhatCloudWatchWouldShow() throws IOException {
        assertThat(text(entered(), true))
                .isEqualTo("{\"id\":\"2\",\"type\":\"PassStateEntered\",\"details\":{\"input\":\"{}\","
                        + "\"inputDetails\":{\"truncated\":false},\"name\":\"S\"},\"previous_event_id\":\"0\","
                        + "\"event_timestamp\":\"1700000000123\",\"execution_arn\":\"arn\",\"redrive_count\":\"0\"}");
    }

    @Test
    void payloadsAreLeftOutUnlessTheyAreWanted() throws IOException {
        var event = entered();

        assertThat(text(event, false)).contains("\"details\":{\"name\":\"S\"}");
        assertThat(event).as("what is left out is still in the history").isEqualTo(entered());
    }

    @Test
    void aLogIsWhatItsSchemaSays() throws IOException {
        try (var in = Objects.requireNonNull(Json.class.getResourceAsStream("log.schema.json"))) {
            var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
            var noDetails = new HistoryEvent(3, 2, Instant.EPOCH, HistoryEventType.MapStateFailed, Optional.empty());

            assertThat(schema.validate(text(entered(), true), InputFormat.JSON)).isEmpty();
            assertThat(schema.validate(text(noDetails, true), InputFormat.JSON)).isEmpty();
            assertThat(schema.validate("{\"id\":2}", InputFormat.JSON)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ExecutionStarted, ALL",
        "PassStateEntered, ALL",
        "TaskSucceeded, ALL",
        "ExecutionSucceeded, ALL",
        "FailStateEntered, ERROR",
        "TaskFailed, ERROR",
        "MapIterationFailed, ERROR",
        "EvaluationFailed, ERROR",
        "ExecutionFailed, FATAL",
        "ExecutionAborted, FATAL",
        "ExecutionTimedOut, FATAL",
    })
    void anEventIsLoggedFromItsLevelOn(HistoryEventType type, LogLevel first) {
        for (var level : LogLevel.values()) {
            assertThat(level.takes(type)).as("%s at %s", type, level).isEqualTo(level.compareTo(first) >= 0);
        }
    }

    @Test
    void absentMembersHaveAwsDefaults() throws IOException {
        assertThat(Logging.of(Json.tree("{}"))).isEqualTo(Logging.OFF);
        assertThat(Logging.of(Json.tree("{\"level\":\"FATAL\",\"includeExecutionData\":true}")))
                .isEqualTo(new Logging(LogLevel.FATAL, true));
    }
}
