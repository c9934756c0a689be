package io.stepstream.asl.query.jsonata;

/** An expression that cannot be parsed or evaluated: JSONata's error code with its text. Cheap: it has no stack trace. */
final class JsonataException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    JsonataException(String code, String text) {
        super(code + ": " + text, null, false, false);
    }

    /** More work, or larger values, than one evaluation may ask for. */
    static JsonataException tooMuch(String what) {
        return new JsonataException("U1001", "The expression exceeds " + what);
    }
}
