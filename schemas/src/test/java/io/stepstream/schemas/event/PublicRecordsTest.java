package io.stepstream.schemas.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.stepstream.schemas.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The records of the public topics are what their JSON Schemas say. */
class PublicRecordsTest {

    private static final String EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:m:e";
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.006Z");

    private static final Schema EVENT = schema("event");
    private static final Schema STATUS = schema("execution-status");

    private static Schema schema(String name) {
        var resource = "/io/stepstream/schemas/" + name + ".schema.json";
        try (var in = Objects.requireNonNull(Json.class.getResourceAsStream(resource))) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> errors(Schema schema, byte[] json) {
        return schema.validate(new String(json, StandardCharsets.UTF_8), InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }

    /** Details with every member that the type may have, as the schema says. */
    private static Optional<ObjectNode> details(HistoryEventType type) {
        if (type.detailsMember().isEmpty()) {
            return Optional.empty();
        }
        try (var in =
                Objects.requireNonNull(Json.class.getResourceAsStream("/io/stepstream/schemas/event.schema.json"))) {
            var member = Json.shared().readTree(in).at("/properties/" + type.detailsMember());
            return Optional.of((ObjectNode) example(member));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode example(JsonNode schema) {
        var json = Json.shared().getNodeFactory();
        switch (schema.path("type").asText()) {
            case "object" -> {
                var object = json.objectNode();
                schema.path("properties")
                        .properties()
                        .forEach(member -> object.set(member.getKey(), example(member.getValue())));
                return object;
            }
            case "integer" -> {
                return json.numberNode(1);
            }
            case "boolean" -> {
                return json.booleanNode(false);
            }
            default -> {
                return json.textNode("x");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEventOfAnyTypeIsWhatItsSchemaSays(HistoryEventType type) {
        var record = new EventRecord(EXECUTION, new HistoryEvent(7, 6, NOW, type, details(type)));

        assertThat(errors(EVENT, record.value())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anEventOfAnyTypeComesBackAsItWent(HistoryEventType type) throws IOException {
        var record = new EventRecord(EXECUTION, new HistoryEvent(7, 6, NOW, type, details(type)));

        assertThat(EventRecord.read(record.value())).isEqualTo(record);
    }

    @Test
    void theSchemaOfEventsRefusesWhatIsNone() {
        Predicate<String> refused =
                json -> !errors(EVENT, json.getBytes(StandardCharsets.UTF_8)).isEmpty();

        assertThat(refused).accepts("{}", "[]", "{\"executionArn\":\"a\",\"id\":0}");
        assertThat(refused)
                .as("details of another type")
                .accepts("{\"executionArn\":\"a\",\"id\":1,\"previousEventId\":0,\"timestamp\":1.0,"
                        + "\"type\":\"MapStateFailed\",\"taskFailedEventDetails\":{}}");
    }

    @Test
    void eventsOfAnExecutionSortByTheirIds() {
        assertThat(List.of(
                        EventRecord.key(EXECUTION, 2),
                        EventRecord.key(EXECUTION, 10),
                        EventRecord.key(EXECUTION, 25_000)))
                .isSorted();
    }

    @Test
    void theTimestampIsInSecondsWithThreeDecimals() {
        var record = new EventRecord(
                EXECUTION,
                new HistoryEvent(
                        1,
                        0,
                        Instant.ofEpochMilli(1_700_000_000_120L),
                        HistoryEventType.MapStateFailed,
                        Optional.empty()));

        assertThat(new String(record.value(), StandardCharsets.UTF_8)).contains("\"timestamp\":1700000000.120,");
    }

    private static ExecutionStatus status(ExecutionStatus.Status status) {
        boolean closed = status.isClosed();
        return new ExecutionStatus(
                EXECUTION,
                "arn:aws:states:us-east-1:123456789012:stateMachine:m",
                "e",
                status,
                NOW,
                closed ? Optional.of(NOW.plusSeconds(1)) : Optional.empty(),
                "{}",
                status == ExecutionStatus.Status.SUCCEEDED ? Optional.of("1") : Optional.empty(),
                status == ExecutionStatus.Status.FAILED ? Optional.of("E") : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                3,
                7,
                42);
    }

    @ParameterizedTest
    @EnumSource
    void aStatusIsWhatItsSchemaSays(ExecutionStatus.Status status) {
        assertThat(errors(STATUS, Json.bytes(status(status)))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aStatusComesBackAsItWent(ExecutionStatus.Status status) throws IOException {
        assertThat(Json.read(Json.bytes(status(status)), ExecutionStatus.class)).isEqualTo(status(status));
    }

    @Test
    void datesOfAStatusAreEpochMilliseconds() {
        assertThat(Json.text(status(ExecutionStatus.Status.SUCCEEDED)))
                .contains("\"startDate\":" + NOW.toEpochMilli())
                .contains("\"outputDetails\":{\"included\":true}");
    }
}
