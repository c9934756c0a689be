package io.stepstream.streams;

/** The log is not the one that the state was made from, or cannot be understood: going on would make wrong state. */
public final class LogBrokenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LogBrokenException(String message) {
        super(message);
    }
}
