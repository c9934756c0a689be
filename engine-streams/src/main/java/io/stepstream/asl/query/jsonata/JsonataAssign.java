package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Assign;
import io.stepstream.asl.query.Env;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** An Assign as JSONata states write it; {@code template} must be of an object. */
public record JsonataAssign(Set<String> names, JsonataTemplate template) implements Assign {

    public JsonataAssign {
        names = Set.copyOf(names);
    }

    @Override
    public Map<String, JsonNode> evaluate(Env env) throws AslFailure {
        var values = new LinkedHashMap<String, JsonNode>();
        for (var field : template.evaluate(env).properties()) {
            values.put(field.getKey(), field.getValue());
        }
        return values;
    }
}
