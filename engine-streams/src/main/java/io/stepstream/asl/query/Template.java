package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;

/** A compiled payload template (Parameters, ResultSelector, ItemSelector ...): literal JSON with expressions in it. */
public final class Template {

    private final JsonNode source;

    private Template(JsonNode source) {
        this.source = source;
    }

    /** Throws IllegalArgumentException with a sentence for an expression in it that is none. */
    public static Template compile(JsonNode source) {
        return new Template(source);
    }

    public JsonNode evaluate(Env env) throws AslFailure {
        throw new IllegalStateException("Expected templates to be there, but " + source + env);
    }
}
