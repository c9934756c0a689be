package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** When two JSON values are the same: all the way down, objects in any order, and 1 is 1.0. */
final class Equality {

    private Equality() {}

    /** A form of the value that equals the forms of equal values and of no others. */
    static JsonNode normal(JsonNode node) {
        if (node.isNumber()) {
            return DecimalNode.valueOf(node.decimalValue().stripTrailingZeros());
        }
        if (node.isObject()) {
            var copy = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(field -> copy.set(field.getKey(), normal(field.getValue())));
            return copy;
        }
        if (node.isArray()) {
            var copy = JsonNodeFactory.instance.arrayNode(node.size());
            node.forEach(element -> copy.add(normal(element)));
            return copy;
        }
        return node;
    }
}
