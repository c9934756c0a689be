package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function as a value. */
interface Fn {

    /** {@code context} stands in for an argument that the signature allows to leave out. */
    JsonNode call(Evaluation run, List<JsonNode> arguments, JsonNode context);

    /** How many arguments it has a use for: {@code $map} and its like give no more. */
    int arity();

    default JsonNode node() {
        return new POJONode(this);
    }

    /** The function that the node holds, null for any other value. */
    static @Nullable Fn of(JsonNode node) {
        return node instanceof POJONode pojo && pojo.getPojo() instanceof Fn function ? function : null;
    }
}
