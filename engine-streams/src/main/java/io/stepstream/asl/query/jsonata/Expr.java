package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A node of a compiled expression. Immutable once the parser has given it out, and shared by all threads; what one evaluation
 * needs stands in {@link Evaluation}.
 *
 * <p>Values are Jackson's nodes. A {@link com.fasterxml.jackson.databind.node.MissingNode} is JSONata's undefined, a
 * {@link Sequence} what a query has found, and a function stands in a POJONode ({@link Fn#node}).
 */
interface Expr {

    /**
     * Called by {@link Evaluation#evaluate} alone, which counts and makes a value of a sequence; and by a node that works on
     * the sequence itself.
     */
    JsonNode evaluate(Evaluation run, JsonNode context, Scope scope);

    /** A literal, {@code null} included. */
    record Constant(JsonNode value) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            return value;
        }
    }

    /** A field of the context, or of each object in it. */
    record Name(String name) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            return Values.field(run, context, name);
        }
    }

    /** {@code $name}; the empty name is the context itself. */
    record Variable(String name) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            return name.isEmpty() ? context : scope.find(name, run);
        }
    }

    /** {@code *}. */
    record Wildcard() implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            var found = new Sequence();
            for (var value : context) {
                Values.flatten(run, value, found);
            }
            return found;
        }
    }

    /** {@code **}. */
    record Descendants() implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            var found = new Sequence();
            Values.descend(run, context, found);
            return found;
        }
    }

    /** {@code %}: what the path came from, bound by the step that left it. */
    record Parent(Slot slot) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            return scope.find(slot.label, run);
        }

        /** Which step's context is meant. The parser looks for it backwards, {@code level} steps are still to go. */
        static final class Slot {
            String label;
            int level = 1;

            Slot(String label) {
                this.label = label;
            }
        }
    }
}
