package io.stepstream.streams;

/** Where a test may let a stream thread die. Outside tests nothing happens at these points. */
interface Failpoints {

    Failpoints NONE = point -> {};

    enum Point {
        /** Before an effect of those that gathered is handed to its producer; comes once for each. */
        BEFORE_EFFECT,
        /** The transaction's records and offsets are sent, the effects are not yet confirmed. */
        BEFORE_EFFECTS_ARE_CONFIRMED,
        /** Every effect is confirmed, the transaction is not yet committed. */
        BEFORE_COMMIT,
        /** The transaction is committed, the thread does not know. */
        AFTER_COMMIT
    }

    /** Called on the stream thread; what it throws is the thread's end. */
    void at(Point point);
}
