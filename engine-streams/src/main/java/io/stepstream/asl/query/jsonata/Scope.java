package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that are bound in a block, a call or a step. */
final class Scope {

    private final @Nullable Scope outer;
    private @Nullable Map<String, JsonNode> names;

    Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    Scope(Scope outer, Map<String, JsonNode> names) {
        this.outer = outer;
        this.names = new HashMap<>(names);
    }

    void bind(String name, JsonNode value) {
        var known = names;
        if (known == null) {
            known = new HashMap<>(4);
            names = known;
        }
        known.put(name, value);
    }

    /** Looks outwards, and at last among the variables and functions that every expression has. */
    JsonNode find(String name, Evaluation run) {
        var at = this;
        while (at != null) {
            var known = at.names;
            var value = known == null ? null : known.get(name);
            if (value != null) {
                return value;
            }
            at = at.outer;
        }
        return run.global(name);
    }
}
