package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
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

    /** A node, or the reason why there is none. */
    record Found(@Nullable JsonNode node, String reason) {
        static Found of(JsonNode node) {
            return new Found(node, "");
        }

        /** An index past the end of its array reads as null, but is not there. */
        static Found pastTheEnd() {
            return new Found(NullNode.getInstance(), "Index out of bounds");
        }

        boolean isPresent() {
            return node != null && reason.isEmpty();
        }

        static Found nothing(String reason) {
            return new Found(null, reason);
        }
    }
}
