package io.stepstream.asl.run;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What changes at each step of an execution, kept small. Belongs to one decision at a time, which changes it in place. */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
public final class Progress {

    /** Id of the next history event. */
    long nextEventId = 1;

    /** Number of the next scope or fan-out; 1 is the root scope. */
    long nextScope = 1;

    /** Number of the next wait. */
    long nextStamp = 1;

    /** Stamp of the Continue that is under way; 0 for none. */
    long continueStamp;

    /** Scopes that are about to enter a state, in order: only while a Continue is under way. */
    List<Long> ready = new ArrayList<>();

    /** When the machine's TimeoutSeconds is over. */
    Optional<Instant> timeout = Optional.empty();

    /** Stamp of the timer for that. */
    long timeoutStamp;

    /** Length of all variables of all scopes, in bytes. */
    long variableBytes;

    /** Request ids of the answers that were accepted last, oldest first. */
    List<String> accepted = new ArrayList<>();

    /** Id of the newest event. */
    public long lastEventId() {
        return nextEventId - 1;
    }

    /** Whether an answer with this request id was accepted a moment ago. */
    public boolean hasAccepted(String requestId) {
        return accepted.contains(requestId);
    }

    /** Request ids of the answers that were accepted last, oldest first. */
    public List<String> accepted() {
        return List.copyOf(accepted);
    }

    void accept(String requestId, int keep) {
        accepted.add(requestId);
        if (accepted.size() > keep) {
            accepted.remove(0);
        }
    }
}
