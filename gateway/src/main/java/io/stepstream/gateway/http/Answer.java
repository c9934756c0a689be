package io.stepstream.gateway.http;

import java.io.IOException;

/** What an operation answers: writes its members once, and hears what became of the response. Called on any thread. */
@FunctionalInterface
interface Answer {

    /** For operations that answer {@code {}}. */
    Answer NOTHING = members -> {};

    void write(Members members) throws IOException;

    /** The response is on the wire. */
    default void written() {}

    /** The response could not be written: the caller has gone. */
    default void lost() {}
}
