package io.stepstream.streams.views;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.schemas.event.EventRecord;
import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.event.HistoryEventType;
import java.time.Instant;
import java.util.Optional;

/** Records as an engine would write them. */
final class Statuses {

    static final String MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:orders";

    /** When {@link #status} says that executions started, in epoch seconds. */
    static final Instant START = Instant.ofEpochSecond(1_700_000_000);

    private Statuses() {}

    static String arn(String name) {
        return "arn:aws:states:eu-west-1:123456789012:execution:orders:" + name;
    }

    /** An execution that started so many seconds after {@link #START}; it ends a second later, at event 5. */
    static ExecutionStatus status(String name, Status status, int startSecond, long commandOffset) {
        return status(name, status, startSecond, commandOffset, 0);
    }

    static ExecutionStatus status(String name, Status status, int startSecond, long commandOffset, int redriveCount) {
        var start = START.plusSeconds(startSecond);
        return new ExecutionStatus(
                arn(name),
                MACHINE,
                name,
                status,
                start,
                status.isClosed() ? Optional.of(start.plusSeconds(1)) : Optional.empty(),
                "{\"order\":1}",
                status == Status.SUCCEEDED ? Optional.of("{\"charged\":true}") : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                redriveCount,
                Optional.empty(),
                1,
                status.isClosed() ? 5 : 2,
                commandOffset);
    }

    static EventRecord event(String name, long id) {
        return new EventRecord(
                arn(name),
                new HistoryEvent(
                        id,
                        id - 1,
                        START.plusMillis(id),
                        HistoryEventType.PassStateEntered,
                        Optional.of(JsonNodeFactory.instance.objectNode().put("name", "state " + id))));
    }
}
