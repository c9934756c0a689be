package io.stepstream.asl.query;

/**
 * A workflow's own failure: an error name with a cause, as Retry and Catch see them. Thrown inside the language, caught
 * once by the interpreter, and from there on a value. Cheap: it has no stack trace.
 */
public final class AslFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final String error;
    private final String cause;

    /** {@code cause} without the prefix that names the state: the interpreter knows where it happened. */
    public AslFailure(String error, String cause) {
        super(error + ": " + cause, null, false, false);
        this.error = error;
        this.cause = cause;
    }

    public static AslFailure runtime(String cause) {
        return new AslFailure("States.Runtime", cause);
    }

    public String error() {
        return error;
    }

    public String causeText() {
        return cause;
    }
}
