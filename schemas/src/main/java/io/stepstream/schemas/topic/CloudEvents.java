package io.stepstream.schemas.topic;

import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.HistoryEvent;
import java.time.Instant;
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

    public static List<Header> of(String executionArn, String stateMachineArn, HistoryEvent event) {
        return headers(
                executionArn + "#" + event.id(),
                EVENT_TYPE + event.type().name(),
                stateMachineArn,
                executionArn,
                event.timestamp());
    }

    public static List<Header> of(ExecutionStatus status) {
        return headers(
                status.executionArn() + "#status-" + status.commandOffset() + "-" + status.status(),
                STATUS_TYPE + status.status().name(),
                status.stateMachineArn(),
                status.executionArn(),
                status.stopDate().orElse(status.startDate()));
    }

    private static List<Header> headers(String id, String type, String source, String subject, Instant time) {
        return List.of(
                SPEC_VERSION,
                new Header("ce_id", id),
                new Header("ce_type", type),
                new Header("ce_source", source),
                new Header("ce_subject", subject),
                new Header("ce_time", time.toString()),
                CONTENT_TYPE);
    }
}
