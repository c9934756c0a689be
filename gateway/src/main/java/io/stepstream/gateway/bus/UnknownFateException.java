package io.stepstream.gateway.bus;

/** Nobody knows whether the command was or will be carried out: no broker took it or no engine answered in time. */
public final class UnknownFateException extends RuntimeException {

    public UnknownFateException(String message) {
        super(message);
    }

    public UnknownFateException(String message, Throwable cause) {
        super(message, cause);
    }
}
