package io.stepstream.schemas.topic;

import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.event.HistoryEventType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The headers that make the records of {@code events} and {@code executions} CloudEvents 1.0 in Kafka's binary mode.
 *
 * <p>{@code ce_id} is unique for ever: execution ARN and event id, or execution ARN and command offset for a status.
 * {@code ce_source} is the state machine, {@code ce_subject} the execution.
 */
public final class CloudEvents {

    /** A record header; its value is written in UTF-8. */
    public record Header(String name, String value) {}

    private static final String EVENT_TYPE = "io.stepstream.event.";
    private static final String STATUS_TYPE = "io.stepstream.execution.";

    private static final Header SPEC_VERSION = new Header("ce_specversion", "1.0");
    private static final Header CONTENT_TYPE = new Header("content-type", "application/json; charset=UTF-8");

    private CloudEvents() {}

    /** What an event has of its own: {@code ce_id}. */
    public static Header id(String executionArn, HistoryEvent event) {
        return new Header("ce_id", executionArn + "#" + event.id());
    }

    /** What all events of a type share: {@code ce_type}. */
    public static Header type(HistoryEventType type) {
        return new Header("ce_type", EVENT_TYPE + type.name());
    }

    /** What all events of one execution at one time share, so that it need be made once. */
    public static List<Header> shared(String executionArn, String stateMachineArn, Instant time) {
        return List.of(
                SPEC_VERSION,
                new Header("ce_source", stateMachineArn),
                new Header("ce_subject", executionArn),
                new Header("ce_time", time.toString()),
                CONTENT_TYPE);
    }

    public static List<Header> of(ExecutionStatus status) {
        var headers = new ArrayList<>(shared(
                status.executionArn(),
                status.stateMachineArn(),
                status.stopDate().orElse(status.startDate())));
        headers.add(new Header(
                "ce_id", status.executionArn() + "#status-" + status.commandOffset() + "-" + status.status()));
        headers.add(new Header("ce_type", STATUS_TYPE + status.status().name()));
        return headers;
    }
}
