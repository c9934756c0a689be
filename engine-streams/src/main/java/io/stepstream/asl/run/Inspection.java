package io.stepstream.asl.run;

import io.stepstream.asl.query.Payload;

/** Sees data between the steps that it takes through a state; {@code stage} is TestState's name for the place. */
@FunctionalInterface
interface Inspection {

    Inspection NONE = (stage, value) -> {};

    void saw(String stage, Payload value);
}
