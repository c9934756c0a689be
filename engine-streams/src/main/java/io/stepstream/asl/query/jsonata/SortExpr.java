package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.stepstream.asl.query.jsonata.PathExpr.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/** {@code ^(>price, name)}: what was found so far, in another order. */
record SortExpr(List<Term> terms) implements Expr {

    SortExpr {
        terms = List.copyOf(terms);
    }

    record Term(Expr key, boolean descending) {}

    @Override
    public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
        return sort(run, Values.asArray(context), scope);
    }

    ArrayNode sort(Evaluation run, ArrayNode input, Scope scope) {
        var items = new ArrayList<JsonNode>(input.size());
        input.forEach(items::add);
        var sorted = new Sequence();
        merge(run, items, (left, right) -> isAfter(run, new Tuple[] {plain(left), plain(right)}, scope))
                .forEach(sorted::add);
        return sorted;
    }

    List<Tuple> sortTuples(Evaluation run, List<Tuple> input, Scope scope) {
        return merge(run, input, (left, right) -> isAfter(run, new Tuple[] {left, right}, scope));
    }

    private static Tuple plain(JsonNode value) {
        return new Tuple(value, Map.of());
    }

    /** Whether the first of the two belongs behind the second. Undefined comes last. */
    private boolean isAfter(Evaluation run, Tuple[] two, Scope scope) {
        for (var term : terms) {
            var left = run.evaluate(term.key(), two[0].value(), two[0].scope(scope));
            var right = run.evaluate(term.key(), two[1].value(), two[1].scope(scope));
            if (!Values.isDefined(left) || !Values.isDefined(right)) {
                if (Values.isDefined(left) != Values.isDefined(right)) {
                    return !Values.isDefined(left);
                }
                continue;
            }
            int order = compare(run, left, right);
            if (order != 0) {
                return term.descending() ? order < 0 : order > 0;
            }
        }
        return false;
    }

    private static int compare(Evaluation run, JsonNode left, JsonNode right) {
        for (var value : List.of(left, right)) {
            if (!value.isNumber() && !value.isTextual()) {
                throw new JsonataException(
                        "T2008", "The expressions within an order-by clause must evaluate to numeric or string values");
            }
        }
        if (left.isNumber() != right.isNumber()) {
            throw new JsonataException(
                    "T2007",
                    "Type mismatch when comparing values " + Values.quoted(run, left) + " and "
                            + Values.quoted(run, right) + " in order-by clause");
        }
        return Operators.order(run, left, right);
    }

    /** Stable, and content with a comparison that contradicts itself, as users' functions may. */
    static <T> List<T> merge(Evaluation run, List<T> items, BiPredicate<T, T> isAfter) {
        if (items.size() <= 1) {
            return items;
        }
        int middle = items.size() / 2;
        run.spend(items.size());
        var left = merge(run, items.subList(0, middle), isAfter);
        var right = merge(run, items.subList(middle, items.size()), isAfter);
        var merged = new ArrayList<T>(items.size());
        int l = 0;
        int r = 0;
        while (l < left.size() && r < right.size()) {
            merged.add(isAfter.test(left.get(l), right.get(r)) ? right.get(r++) : left.get(l++));
        }
        merged.addAll(left.subList(l, left.size()));
        merged.addAll(right.subList(r, right.size()));
        return merged;
    }
}
