package io.stepstream.asl.parse;

import io.stepstream.asl.model.State.Integration;

/**
 * Which actions of which services a Task may name. Asked when a definition comes in; a revision that runs was let in before,
 * and what was known then is not for the log to depend on.
 */
public interface KnownServices {

    /** Whatever is written as AWS writes it. */
    KnownServices ANY = integration -> true;

    boolean know(Integration integration);
}
