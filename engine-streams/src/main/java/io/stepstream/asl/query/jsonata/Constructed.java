package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** An array that a step of a path writes down as such, so that the path does not flatten it: {@code items.[a, b]}. */
@SuppressWarnings("unchecked") // as ArrayNode itself: its deepCopy()
final class Constructed extends ArrayNode {

    private static final long serialVersionUID = 1L;

    Constructed() {
        super(JsonNodeFactory.instance);
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
