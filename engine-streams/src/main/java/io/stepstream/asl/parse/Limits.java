package io.stepstream.asl.parse;

/** How large the things in a definition may be: AWS's figures. */
final class Limits {

    /** Of the definition's text, in characters. */
    static final int DEFINITION = 1_048_576;

    /** Of a state's name, in Unicode characters. */
    static final int STATE_NAME = 80;

    /** Of a variable's name, in Unicode characters. */
    static final int VARIABLE_NAME = 80;

    /** Of timeouts, heartbeats, waits, intervals and attempts. */
    static final long SECONDS = 99_999_999;

    /** MaxDelaySeconds must stay below: 366 days. */
    static final long MAX_DELAY_SECONDS = 31_622_400;

    /** How deep rules may stand in And, Or and Not, and workflows in branches and processors: ours, for the stack's sake. */
    static final int NESTING = 100;

    private Limits() {}
}
