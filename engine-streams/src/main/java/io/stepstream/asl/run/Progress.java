package io.stepstream.asl.run;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
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

    /** How often the execution was redriven. */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    int redriveCount;

    Optional<Instant> redriveDate = Optional.empty();

    /** The last redrives that were asked for with a token, oldest first. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    List<KnownRedrive> redrives = new ArrayList<>();

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

    /** How often the execution was redriven. */
    public int redriveCount() {
        return redriveCount;
    }

    /** When it was redriven last. */
    public Optional<Instant> redriveDate() {
        return redriveDate;
    }

    /** The last redrives that were asked for with a token, oldest first. */
    public List<KnownRedrive> redrives() {
        return List.copyOf(redrives);
    }

    /** The newest of {@link #redrives()}. */
    public Optional<KnownRedrive> lastRedrive() {
        return redrives.isEmpty() ? Optional.empty() : Optional.of(redrives.get(redrives.size() - 1));
    }

    /** Nothing is under way any more. */
    void closed() {
        ready = new ArrayList<>();
        continueStamp = 0;
        timeout = Optional.empty();
    }

    void redriven(Optional<String> token, Instant date, int keep) {
        redriveCount++;
        redriveDate = Optional.of(date);
        token.ifPresent(given -> {
            redrives.add(new KnownRedrive(given, date));
            if (redrives.size() > keep) {
                redrives.remove(0);
            }
        });
    }

    void accept(String requestId, int keep) {
        accepted.add(requestId);
        if (accepted.size() > keep) {
            accepted.remove(0);
        }
    }
}
