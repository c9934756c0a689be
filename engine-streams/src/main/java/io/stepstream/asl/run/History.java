package io.stepstream.asl.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.event.HistoryEventType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The events that one decision adds to an execution's history. The last id of all is kept free for the failure that says
 * that the history is full: from then on it takes no other event, and whoever drives the execution ends it.
 */
final class History {

    private final Progress progress;
    private final Instant now;
    private final long lastId;
    private final List<HistoryEvent> events = new ArrayList<>();
    private boolean overflown;

    History(Progress progress, Instant now, long lastId) {
        this.progress = progress;
        this.now = now;
        this.lastId = lastId;
    }

    /** An event without details; gives its id. */
    long add(long previous, HistoryEventType type) {
        return add(previous, type, Optional.empty());
    }

    long add(long previous, HistoryEventType type, ObjectNode details) {
        return add(previous, type, Optional.of(details));
    }

    private long add(long previous, HistoryEventType type, Optional<ObjectNode> details) {
        if (progress.nextEventId >= lastId) {
            overflown = true;
            return progress.lastEventId();
        }
        return append(previous, type, details);
    }

    /** The event that ends the execution badly, for which there is always room. */
    void addLast(long previous, HistoryEventType type, ObjectNode details) {
        append(previous, type, Optional.of(details));
    }

    private long append(long previous, HistoryEventType type, Optional<ObjectNode> details) {
        long id = progress.nextEventId++;
        events.add(new HistoryEvent(id, previous, now, type, details));
        return id;
    }

    /** Whether an event found no room. */
    boolean overflown() {
        return overflown;
    }

    List<HistoryEvent> events() {
        return List.copyOf(events);
    }

    static ObjectNode details() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A payload in an event's details, with the word that nothing of it was cut off. */
    static ObjectNode put(ObjectNode details, String member, String json) {
        details.put(member, json);
        details.putObject(member + "Details").put("truncated", false);
        return details;
    }

    static ObjectNode put(ObjectNode details, Optional<String> error, Optional<String> cause) {
        error.ifPresent(text -> details.put("error", text));
        cause.ifPresent(text -> details.put("cause", text));
        return details;
    }
}
