package io.stepstream.engine;

/**
 * Decides the commands of one kind of aggregate: a deterministic function of the command, the moment and the rows. Does no
 * I/O, reads no clock and throws no dice. Called on a stream thread, one command after the other within a partition; one
 * object serves one task.
 *
 * @param <C> the family of commands
 */
public interface Decider<C> {

    /**
     * Throws IllegalStateException for a bug of ours: then no row that this call wrote is kept, and {@link #failed} is asked.
     * Anything else that is thrown (a broken store, the JVM's errors) ends the task.
     *
     * @param key the record's key
     */
    Decision decide(String key, C command, Moment moment, Rows<C> rows);

    /** What to do with a command that could not be decided: fail what it concerns, and say so to who asked. */
    Decision failed(String key, C command, Moment moment, Rows<C> rows, IllegalStateException bug);

    /** The state that a decider works on. */
    interface Rows<C> {

        /** The rows of the store with this name; one of the names that the decider's class declares. */
        Table table(String name);

        Timers<C> timers();
    }
}
