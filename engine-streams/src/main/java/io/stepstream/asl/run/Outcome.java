package io.stepstream.asl.run;

import java.util.Optional;

/** What became of a state, or of an attempt at it. */
sealed interface Outcome {

    Outcome WAITS = new Waits();

    /** Something is awaited. */
    record Waits() implements Outcome {}

    /** The state is left; without {@code next} its scope ends with it. */
    record Left(Exit exit, Optional<String> next) implements Outcome {}

    record Failed(Failure failure) implements Outcome {}
}
