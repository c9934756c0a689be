package io.stepstream.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.event.LogRecord;
import io.stepstream.schemas.view.RegistryRecord;
import java.util.List;
import java.util.Optional;

/**
 * What follows from a command besides the rows that were written: records in the task's transaction, and effects, which
 * leave at once. Everything in the order in which it is to be sent.
 */
public record Decision(
        List<Event> events,
        List<ExecutionStatus> statuses,
        List<LogRecord> logs,
        List<Expired> expired,
        List<Registration> registrations,
        List<Refusal> refusals,
        List<Effect> effects) {

    public static final Decision NOTHING = of();

    public Decision {
        events = List.copyOf(events);
        statuses = List.copyOf(statuses);
        logs = List.copyOf(logs);
        expired = List.copyOf(expired);
        registrations = List.copyOf(registrations);
        refusals = List.copyOf(refusals);
        effects = List.copyOf(effects);
    }

    /** Without refusals. */
    public Decision(
            List<Event> events,
            List<ExecutionStatus> statuses,
            List<LogRecord> logs,
            List<Expired> expired,
            List<Registration> registrations,
            List<Effect> effects) {
        this(events, statuses, logs, expired, registrations, List.of(), effects);
    }

    public static Decision of(Refusal refusal, List<Effect> effects) {
        return new Decision(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(refusal), effects);
    }

    public static Decision of(Effect... effects) {
        return of(List.of(), List.of(), List.of(effects));
    }

    public static Decision of(List<Event> events, List<ExecutionStatus> statuses, List<Effect> effects) {
        return of(events, statuses, List.of(), effects);
    }

    public static Decision of(
            List<Event> events, List<ExecutionStatus> statuses, List<LogRecord> logs, List<Effect> effects) {
        return new Decision(events, statuses, logs, List.of(), List.of(), effects);
    }

    /** A history event of an execution. */
    public record Event(String executionArn, HistoryEvent event) {}

    /** An execution whose status record and events 1 to {@code lastEventId} are to be deleted. */
    public record Expired(String executionArn, long lastEventId) {}

    /**
     * A start by topic that could not be made.
     *
     * @param origin the record that asked for it, as {@code topic-partition-offset}
     * @param request what it asked for, in the shape of {@code start-requests}
     * @param error one of the API's names
     */
    public record Refusal(String origin, JsonNode request, String error, String reason) {}

    /** A change of the registry: a record, or none for a deletion. */
    public record Registration(String key, Optional<RegistryRecord> record) {}
}
