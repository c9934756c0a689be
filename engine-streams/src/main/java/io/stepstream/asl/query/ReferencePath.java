package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;

/** A compiled path to exactly one node: {@code $.a.b}, {@code $['a']}, {@code $.a[0]}; it can be written to. */
public final class ReferencePath {

    private final String text;

    private ReferencePath(String text) {
        this.text = text;
    }

    /** Throws IllegalArgumentException with a sentence for text that is no reference path. */
    public static ReferencePath compile(String text) {
        return new ReferencePath(text);
    }

    public JsonNode read(Env env) throws AslFailure {
        throw new IllegalStateException("Expected paths to be there, but " + text + env);
    }

    /** A copy of {@code root} with {@code value} at this place, objects made on the way. {@code root} is not changed. */
    public JsonNode write(JsonNode root, JsonNode value) throws AslFailure {
        throw new IllegalStateException("Expected paths to be there, but " + text + root + value);
    }

    @Override
    public String toString() {
        return text;
    }
}
