package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.Json;
import java.util.Set;

/** A path in a payload template or an intrinsic call, which names the field where it stands if it finds nothing. */
record PathExpression(Path path, String field) implements Expression {

    static PathExpression compile(String text, String field) {
        return new PathExpression(Path.compile(text), field);
    }

    @Override
    public JsonNode evaluate(Env env) throws AslFailure {
        var found = path.find(env);
        if (found.isPresent()) {
            return found.get();
        }
        var target = path.target(env);
        var input = path.readsContext() && target != null
                ? Json.text(target)
                : env.input().text();
        throw AslFailure.runtime("The JSONPath '" + path + "' specified for the field '" + field
                + "' could not be found in the input '" + input + "'");
    }

    @Override
    public Set<String> variables() {
        return path.variable().map(Set::of).orElse(Set.of());
    }
}
