package io.stepstream.asl.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.Payload;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a state leaves behind: its output, and the variables that it assigns, in the definition's order. */
record Exit(Payload output, Map<String, Payload> assigned) {

    static Exit of(Payload output, Map<String, JsonNode> assigned) {
        var values = new LinkedHashMap<String, Payload>();
        assigned.forEach((name, value) -> values.put(name, Payload.ofTree(value)));
        return new Exit(output, Collections.unmodifiableMap(values));
    }
}
