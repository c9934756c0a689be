package io.stepstream.schemas.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * A record of the public topic of history events. Key: {@code <execution ARN>#<event id, ten digits>}, so that an execution's events
 * stand together in order. Value: the event as GetExecutionHistory shows it (timestamp in epoch seconds), behind its
 * {@code executionArn}.
 */
public record EventRecord(String executionArn, HistoryEvent event) {

    /** Stands between ARN and id; no ARN contains it. */
    public static final char SEPARATOR = '#';

    private static final int ID_DIGITS = 10;

    public String key() {
        return key(executionArn, event.id());
    }

    public static String key(String executionArn, long eventId) {
        var digits = Long.toString(eventId);
        return executionArn + SEPARATOR + "0".repeat(ID_DIGITS - digits.length()) + digits;
    }

    public byte[] value() {
        var out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = Json.shared().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("executionArn", executionArn);
            json.writeNumberField("id", event.id());
            json.writeNumberField("previousEventId", event.previousEventId());
            json.writeFieldName("timestamp");
            json.writeNumber(epochSeconds(event.timestamp()));
            json.writeStringField("type", event.type().name());
            if (event.details().isPresent()) {
                json.writeFieldName(event.type().detailsMember());
                json.writeTree(event.details().get());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("Expected to write JSON to memory, but failed", e);
        }
        return out.toByteArray();
    }

    /** Throws where the bytes are no such record. */
    public static EventRecord read(byte[] value) throws IOException {
        return of(Json.shared().readTree(value));
    }

    /** The record of a parsed value; throws IllegalArgumentException where it is none. */
    public static EventRecord of(JsonNode json) {
        var type = HistoryEventType.valueOf(json.path("type").asText());
        var details = json.get(type.detailsMember());
        return new EventRecord(
                json.path("executionArn").asText(),
                new HistoryEvent(
                        json.path("id").asLong(),
                        json.path("previousEventId").asLong(),
                        instant(json.path("timestamp")),
                        type,
                        details instanceof ObjectNode object ? Optional.of(object) : Optional.empty()));
    }

    /** Seconds with exactly three decimals, as text of a JSON number. */
    private static String epochSeconds(Instant instant) {
        long millis = instant.toEpochMilli();
        if (millis < 0) {
            return BigDecimal.valueOf(millis, 3).toPlainString();
        }
        var decimals = Long.toString(1_000 + millis % 1_000);
        return millis / 1_000 + "." + decimals.substring(1);
    }

    private static Instant instant(JsonNode seconds) {
        return Instant.ofEpochMilli(seconds.decimalValue().movePointRight(3).longValue());
    }

    /** The key as bytes. */
    public static byte[] keyBytes(String executionArn, long eventId) {
        return key(executionArn, eventId).getBytes(StandardCharsets.UTF_8);
    }
}
