package io.stepstream.schemas.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/**
 * A record of the public topic {@code logs}: a history event in the form in which Step Functions writes it to CloudWatch Logs,
 * where every number is text. Key: the execution's ARN.
 *
 * @param includeExecutionData whether payloads are shown
 */
public record LogRecord(String executionArn, HistoryEvent event, int redriveCount, boolean includeExecutionData) {

    private static final List<String> PAYLOADS =
            List.of("input", "inputDetails", "output", "outputDetails", "parameters");

    public byte[] value() {
        var out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = Json.shared().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("id", Long.toString(event.id()));
            json.writeStringField("type", event.type().name());
            json.writeFieldName("details");
            json.writeTree(details());
            json.writeStringField("previous_event_id", Long.toString(event.previousEventId()));
            json.writeStringField(
                    "event_timestamp", Long.toString(event.timestamp().toEpochMilli()));
            json.writeStringField("execution_arn", executionArn);
            json.writeStringField("redrive_count", Integer.toString(redriveCount));
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("Expected to write JSON to memory, but failed", e);
        }
        return out.toByteArray();
    }

    private ObjectNode details() {
        var all = event.details().orElseGet(() -> Json.shared().createObjectNode());
        return includeExecutionData ? all : all.deepCopy().without(PAYLOADS);
    }
}
