package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** What a path does once its document is known. */
sealed interface Query permits Steps, ManyValued {

    Found run(JsonNode document) throws AslFailure;

    /** Whether the document itself is the answer. */
    boolean isWhole();

    /** {@code text} starts with a single {@code $}. Throws IllegalArgumentException with a sentence for what is no path. */
    static Query compile(String text) {
        var steps = Steps.parse(text);
        return steps != null ? steps : ManyValued.compile(text);
    }

    /** Either a node or the reason why there is none. */
    record Found(@Nullable JsonNode node, String reason) {
        static Found of(JsonNode node) {
            return new Found(node, "");
        }

        static Found nothing(String reason) {
            return new Found(null, reason);
        }
    }
}
