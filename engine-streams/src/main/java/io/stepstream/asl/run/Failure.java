package io.stepstream.asl.run;

import io.stepstream.asl.query.AslFailure;
import java.util.List;
import java.util.Optional;

/**
 * Why a state failed, as Retry, Catch and the last event see it.
 *
 * @param names by what it can be caught, besides the wildcards
 * @param fatal whether Retry and Catch are not even asked
 * @param byChild whether a branch or iteration of the state failed, rather than the state itself
 * @param evaluation where an expression of the state failed, and that has not been told yet
 */
record Failure(
        Optional<String> error,
        Optional<String> cause,
        List<String> names,
        boolean fatal,
        boolean byChild,
        Optional<Evaluation> evaluation) {

    /** {@code location} is the field, like {@code Output/total}, where it is one. */
    record Evaluation(Optional<String> location) {}

    static final String RUNTIME = "States.Runtime";
    static final String TIMEOUT = "States.Timeout";
    static final String HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout";
    static final String DATA_LIMIT = "States.DataLimitExceeded";
    static final String BRANCH_FAILED = "States.BranchFailed";

    private static final int MAX_CAUSE = 32_768;

    /** What was told from outside or by a Fail state. */
    static Failure of(Optional<String> error, Optional<String> cause) {
        return new Failure(
                error,
                cause,
                error.map(List::of).orElse(List.of()),
                error.equals(Optional.of(RUNTIME)),
                false,
                Optional.empty());
    }

    /** What happened to the language inside a state. */
    static Failure in(Scope scope, AslFailure failure) {
        if (failure.error().equals(DATA_LIMIT)) {
            return tooLarge(scope.state, true);
        }
        var cause = "An error occurred while executing the state '" + scope.state + "' (entered at the event id #"
                + scope.enteredEventId + "). " + failure.causeText();
        var told = of(Optional.of(failure.error()), Optional.of(cut(cause)));
        return failure.error().equals(AslFailure.QUERY_EVALUATION)
                ? told.with(Optional.of(new Evaluation(failure.location())))
                : told;
    }

    static Failure timeout() {
        return of(Optional.of(TIMEOUT), Optional.empty());
    }

    /** Recorded as a timeout, but caught by its own name too. */
    static Failure heartbeat() {
        return new Failure(
                Optional.of(TIMEOUT),
                Optional.empty(),
                List.of(TIMEOUT, HEARTBEAT_TIMEOUT),
                false,
                false,
                Optional.empty());
    }

    /** A result that is too large; {@code fatal} for a state's own input or output. */
    static Failure tooLarge(String what, boolean fatal) {
        var cause = "The state/task '" + what
                + "' returned a result with a size exceeding the maximum number of bytes service limit.";
        return new Failure(
                Optional.of(DATA_LIMIT), Optional.of(cause), List.of(DATA_LIMIT), fatal, false, Optional.empty());
    }

    /** The same for the Parallel or Map in which it happened. */
    Failure ofChild() {
        return new Failure(error, cause, names, fatal, true, Optional.empty());
    }

    /** The same after it has been told that an expression failed. */
    Failure told() {
        return with(Optional.empty());
    }

    private Failure with(Optional<Evaluation> untold) {
        return new Failure(error, cause, names, fatal, byChild, untold);
    }

    private static String cut(String cause) {
        return cause.length() <= MAX_CAUSE ? cause : cause.substring(0, MAX_CAUSE);
    }
}
