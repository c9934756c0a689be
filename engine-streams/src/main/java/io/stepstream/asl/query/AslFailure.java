package io.stepstream.asl.query;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A workflow's own failure: an error name with a cause, as Retry and Catch see them. Thrown inside the language, caught
 * once by the interpreter, and from there on a value. Cheap: it has no stack trace.
 */
public final class AslFailure extends Exception {

    public static final String QUERY_EVALUATION = "States.QueryEvaluationError";

    private static final long serialVersionUID = 1L;

    private final String error;
    private final String cause;
    private final @Nullable String location;

    /** {@code cause} without the prefix that names the state: the interpreter knows where it happened. */
    public AslFailure(String error, String cause) {
        this(error, cause, null);
    }

    private AslFailure(String error, String cause, @Nullable String location) {
        super(error + ": " + cause, null, false, false);
        this.error = error;
        this.cause = cause;
        this.location = location;
    }

    public static AslFailure runtime(String cause) {
        return new AslFailure("States.Runtime", cause);
    }

    /** States.QueryEvaluationError in a JSONata state; {@code location} is the field, like {@code Output/total}. */
    public static AslFailure evaluation(String location, String cause) {
        return new AslFailure(QUERY_EVALUATION, cause, location);
    }

    public String error() {
        return error;
    }

    public String causeText() {
        return cause;
    }

    /** The field whose evaluation failed, where it was one. */
    public Optional<String> location() {
        return Optional.ofNullable(location);
    }
}
