package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;

/** {@code [a, b, 1..3]}: what its parts find, in one array. */
final class ArrayExpr implements Expr {

    final List<Expr> parts;

    /** Whether it stands at the beginning or the end of a path, which then leaves it as it is. */
    boolean isStep;

    ArrayExpr(List<Expr> parts) {
        this.parts = List.copyOf(parts);
    }

    @Override
    public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
        ArrayNode array = isStep ? new Constructed() : Values.array();
        for (var part : parts) {
            var value = run.evaluate(part, context, scope);
            if (part instanceof ArrayExpr) {
                run.spend(1);
                array.add(value);
            } else {
                Values.addAll(run, array, value);
            }
        }
        return array;
    }
}
