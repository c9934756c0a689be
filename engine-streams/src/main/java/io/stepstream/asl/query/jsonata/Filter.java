package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.stepstream.asl.query.jsonata.PathExpr.Tuple;
import java.util.ArrayList;
import java.util.List;

/** {@code [...]} behind an expression: a place in what was found, or a condition on each of it. */
final class Filter {

    private Filter() {}

    static JsonNode apply(Evaluation run, Expr predicate, JsonNode input, Scope scope) {
        var items = Values.asArray(input);
        if (predicate instanceof Expr.Constant constant && constant.value().isNumber()) {
            int index = place(constant.value(), items.size());
            if (index < 0 || index >= items.size()) {
                return new Sequence();
            }
            var item = items.get(index);
            return item instanceof ArrayNode ? item : Sequence.of(item);
        }
        var results = new Sequence();
        for (int i = 0; i < items.size(); i++) {
            if (chosen(run, run.evaluate(predicate, items.get(i), scope), i, items.size())) {
                results.add(items.get(i));
            }
        }
        return results;
    }

    static List<Tuple> applyToTuples(Evaluation run, Expr predicate, List<Tuple> input, Scope scope) {
        var results = new ArrayList<Tuple>();
        for (int i = 0; i < input.size(); i++) {
            var tuple = input.get(i);
            var found = run.evaluate(predicate, tuple.value(), tuple.scope(scope));
            if (chosen(run, found, i, input.size())) {
                results.add(tuple);
            }
        }
        return results;
    }

    /** Numbers choose by place, all else by being true. */
    private static boolean chosen(Evaluation run, JsonNode found, int index, int size) {
        if (found.isNumber()) {
            return place(found, size) == index;
        }
        if (!found.isArray() || found.isEmpty()) {
            return Values.isTrue(run, found);
        }
        boolean chosen = false;
        for (var place : found) {
            run.spend(1);
            if (!place.isNumber()) {
                return Values.isTrue(run, found);
            }
            chosen |= place(place, size) == index;
        }
        return chosen;
    }

    /** Negative numbers count from the end. */
    private static int place(JsonNode number, int size) {
        int index = Numbers.index(Numbers.value(number));
        return index < 0 ? size + index : index;
    }
}
