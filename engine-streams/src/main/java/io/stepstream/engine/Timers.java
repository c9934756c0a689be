package io.stepstream.engine;

import java.time.Instant;

/**
 * The timers of one partition: commands that are sent to the partition itself when their time has come. They are state:
 * set and cancelled with the rows of a decision.
 *
 * @param <C> the family of commands of the partition's topic
 */
public interface Timers<C> {

    /**
     * Sends {@code command} under {@code key} when {@code due} has come, perhaps more than once.
     *
     * @param id tells timers of the same key and due time apart
     */
    void set(Instant due, String key, String id, C command);

    /** Forgets what {@link #set} was given with the same due time, key and id; nothing happens if it is not there. */
    void cancel(Instant due, String key, String id);
}
