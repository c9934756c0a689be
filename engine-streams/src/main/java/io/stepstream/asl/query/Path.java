package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;

/** A compiled path that reads: {@code $...}, {@code $$...} or {@code $variable...}; may give several values as an array. */
public final class Path {

    private final String text;

    private Path(String text) {
        this.text = text;
    }

    /** Throws IllegalArgumentException with a sentence for text that is no path. */
    public static Path compile(String text) {
        return new Path(text);
    }

    public JsonNode read(Env env) throws AslFailure {
        throw new IllegalStateException("Expected paths to be there, but " + text + env);
    }

    @Override
    public String toString() {
        return text;
    }
}
