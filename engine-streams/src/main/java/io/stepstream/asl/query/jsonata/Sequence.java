package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;

/** What a query has found. Unlike an array it is no value of its own: one item stands for itself, none for nothing. */
@SuppressWarnings("unchecked") // as ArrayNode itself: its deepCopy()
final class Sequence extends ArrayNode {

    private static final long serialVersionUID = 1L;

    /** Set where the query asks for an array even of one item: {@code items[]}. */
    boolean keepsSingleton;

    Sequence() {
        super(JsonNodeFactory.instance);
    }

    static Sequence of(JsonNode item) {
        var sequence = new Sequence();
        sequence.add(item);
        return sequence;
    }

    /** The value that the sequence stands for; any other node stands for itself. */
    static JsonNode collapse(JsonNode node) {
        if (!(node instanceof Sequence sequence)) {
            return node;
        }
        if (sequence.isEmpty()) {
            return MissingNode.getInstance();
        }
        return sequence.size() == 1 && !sequence.keepsSingleton ? sequence.get(0) : sequence;
    }

    // Of the same class: a sequence equals an array of the same items.

    @Override
    public boolean equals(Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
