package io.stepstream.asl.run;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonIgnore;
import io.stepstream.asl.query.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place where states run one after the other: the machine itself, a Parallel branch or a Map iteration. It is in one state
 * at a time and awaits one thing at a time. Belongs to one decision at a time, which changes it in place.
 */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
public final class Scope {

    /** The machine's own scope. */
    public static final long ROOT = 1;

    long id;

    /** The fan-out whose child this is; 0 for the root. */
    long fanOut;

    /** Number of the branch or iteration. */
    int index;

    /** The state that runs, or that is about to be entered. */
    String state = "";

    /** Whether {@link #state} has been entered. */
    boolean entered;

    long enteredEventId;

    /** The event from which the one with {@link #enteredEventId} follows. */
    long beforeEntered;

    Instant enteredTime = Instant.EPOCH;

    /** The event from which this scope's next one follows; 0 at the beginning of the machine. */
    long previousEventId;

    /** How often each retrier of the state has been used; empty for never. */
    List<Long> retries = new ArrayList<>();

    Optional<Awaiting> awaiting = Optional.empty();

    /** The state's raw input, if it is short enough to stand here. */
    Optional<String> shortInput = Optional.empty();

    /** Whether the table has a row of its own for the raw input. */
    boolean inputRow;

    /** Length of all its variables, in bytes; 0 if it has none. */
    long variableBytes;

    /** Stamp of the attempt at a service's work that this decision makes or goes on with; 0 for none. */
    @JsonIgnore
    long attempt;

    /** The state's raw input as far as this decision knows it. */
    @JsonIgnore
    private @Nullable Payload input;

    @JsonIgnore
    private boolean inputReplaced;

    Scope() {}

    Scope(long id, long fanOut, int index, String startAt, Payload input, long previousEventId) {
        this.id = id;
        this.fanOut = fanOut;
        this.index = index;
        this.previousEventId = previousEventId;
        goTo(startAt, input);
    }

    /** About to enter another state, with what the one before has left. */
    void goTo(String next, Payload with) {
        state = next;
        entered = false;
        retries = new ArrayList<>();
        awaiting = Optional.empty();
        input = with;
        inputReplaced = true;
    }

    public long id() {
        return id;
    }

    boolean isRoot() {
        return fanOut == 0;
    }

    long retryCount() {
        long sum = 0;
        for (long count : retries) {
            sum += count;
        }
        return sum;
    }

    /** The raw input, unless it stands in a row that nobody has read yet. */
    public Optional<Payload> knownInput() {
        var known = input;
        if (known == null && shortInput.isPresent()) {
            known = Payload.ofText(shortInput.get());
            input = known;
        }
        return Optional.ofNullable(known);
    }

    /** Told by whoever has read the input's row. */
    public void inputWas(Payload read) {
        input = read;
    }

    /** Whether the table has a row of its own for the raw input, be it still wanted or not. */
    public boolean hasInputRow() {
        return inputRow;
    }

    /**
     * To be asked before this is written: puts a raw input that is new into this row if it has at most {@code most}
     * characters.
     *
     * @return the new raw input if it needs a row of its own
     */
    public Optional<Payload> settleInput(int most) {
        var settled = input;
        if (!inputReplaced || settled == null) {
            return Optional.empty();
        }
        inputReplaced = false;
        inputRow = settled.text().length() > most;
        shortInput = inputRow ? Optional.empty() : Optional.of(settled.text());
        return inputRow ? Optional.of(settled) : Optional.empty();
    }
}
