package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A compiled Assign of a state, a Choice rule or a catcher. The names stand in the definition, the values are computed. */
public interface Assign {

    /** The variables that it assigns. */
    Set<String> names();

    /** The new values by name, in the definition's order. They are not in {@code env}: all are computed from the old ones. */
    Map<String, JsonNode> evaluate(Env env) throws AslFailure;

    /** As JSONPath states write it: a payload template, which must be an object. */
    record OfTemplate(Set<String> names, Template template) implements Assign {

        public OfTemplate {
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
}
