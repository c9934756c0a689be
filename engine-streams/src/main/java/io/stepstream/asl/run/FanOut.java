package io.stepstream.asl.run;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.ArrayList;
import java.util.List;

/**
 * A running Parallel or Map: how many children there are, which of them run, how many are through. Items and results stand
 * in pages beside it, so that its own row stays as small for 10,000 children as for 40. Belongs to one decision at a time.
 */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
public final class FanOut {

    long id;

    /** The scope in whose state this happens. */
    long parent;

    int total;

    /** The next index to start. */
    int next;

    /** How many have succeeded. */
    int done;

    /** How many may run at once. */
    int concurrency;

    /** Length of all results so far, in bytes; results are no longer kept once it is beyond the limit of a payload. */
    long resultBytes;

    /** The children that run, by index. */
    List<Child> running = new ArrayList<>();

    /** A child that runs, and its number. Written as a pair: forty of them are read and written with each child's end. */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    record Child(int index, long scope) {}

    FanOut() {}

    FanOut(long id, long parent, int total, int concurrency) {
        this.id = id;
        this.parent = parent;
        this.total = total;
        this.concurrency = concurrency;
    }

    public long id() {
        return id;
    }

    /** How many children there are, run or not. */
    public int total() {
        return total;
    }

    boolean mayStartAnother() {
        return next < total && running.size() < concurrency;
    }
}
