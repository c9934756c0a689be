package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions that take a function. */
final class HigherFunctions {

    private HigherFunctions() {}

    static void define() {
        Library.define("map", "<af>", HigherFunctions::map);
        Library.define("filter", "<af>", HigherFunctions::filter);
        Library.define("single", "<af?>", HigherFunctions::single);
        Library.define("reduce", "<afj?:j>", HigherFunctions::reduce);
        Library.define("sort", "<af?:a>", HigherFunctions::sort);
        Library.define("sift", "<o-f?:o>", HigherFunctions::sift);
        Library.define("each", "<o-f:a>", HigherFunctions::each);
    }

    /** The function among the arguments; undefined passes every signature. */
    private static Fn function(List<JsonNode> arguments, String name) {
        var function = Fn.of(arguments.get(1));
        if (function == null) {
            throw Signature.mismatch(2, name);
        }
        return function;
    }

    private static JsonNode map(Evaluation run, List<JsonNode> a) {
        var function = function(a, "map");
        var results = new Sequence();
        for (int i = 0; i < a.get(0).size(); i++) {
            var result = Calls.apply(run, function, a.get(0).get(i), Numbers.of(i), a.get(0));
            if (Values.isDefined(result)) {
                results.add(result);
            }
        }
        return results;
    }

    private static boolean accepts(Evaluation run, Fn function, JsonNode value, JsonNode key, JsonNode all) {
        return Values.isTrue(run, Calls.apply(run, function, value, key, all));
    }

    private static JsonNode filter(Evaluation run, List<JsonNode> a) {
        var function = function(a, "filter");
        var results = new Sequence();
        for (int i = 0; i < a.get(0).size(); i++) {
            if (accepts(run, function, a.get(0).get(i), Numbers.of(i), a.get(0))) {
                results.add(a.get(0).get(i));
            }
        }
        return results;
    }

    private static JsonNode single(Evaluation run, List<JsonNode> a) {
        @Nullable Fn function = Fn.of(a.get(1));
        JsonNode found = Values.UNDEFINED;
        for (int i = 0; i < a.get(0).size(); i++) {
            var item = a.get(0).get(i);
            run.spend(1);
            if (function == null || accepts(run, function, item, Numbers.of(i), a.get(0))) {
                if (Values.isDefined(found)) {
                    throw new JsonataException(
                            "D3138",
                            "The $single() function expected exactly 1 matching result.  Instead it matched more.");
                }
                found = item;
            }
        }
        if (!Values.isDefined(found)) {
            throw new JsonataException(
                    "D3139", "The $single() function expected exactly 1 matching result.  Instead it matched 0.");
        }
        return found;
    }

    private static JsonNode reduce(Evaluation run, List<JsonNode> a) {
        var function = function(a, "reduce");
        if (function.arity() < 2) {
            throw new JsonataException(
                    "D3050", "The second argument of reduce function must be a function with at least two arguments");
        }
        var items = a.get(0);
        boolean given = Values.isDefined(a.get(2));
        var result = given ? a.get(2) : items.isEmpty() ? Values.UNDEFINED : items.get(0);
        for (int i = given ? 0 : 1; i < items.size(); i++) {
            result = Calls.apply(run, function, result, items.get(i), Numbers.of(i), items);
        }
        return result;
    }

    private static JsonNode sort(Evaluation run, List<JsonNode> a) {
        var items = new ArrayList<JsonNode>();
        a.get(0).forEach(items::add);
        if (items.size() <= 1) {
            return a.get(0);
        }
        @Nullable Fn function = Fn.of(a.get(1));
        List<JsonNode> sorted;
        if (function != null) {
            sorted = SortExpr.merge(
                    run, items, (left, right) -> Values.isTrue(run, Calls.apply(run, function, left, right)));
        } else {
            requireOneKind(run, items);
            sorted = SortExpr.merge(run, items, (left, right) -> {
                run.spend(1);
                return Operators.order(run, left, right) > 0;
            });
        }
        return Values.array().addAll(sorted);
    }

    private static void requireOneKind(Evaluation run, List<JsonNode> items) {
        char kind = Values.kind(items.get(0));
        run.spend(items.size());
        for (var item : items) {
            if ((kind != 'n' && kind != 's') || Values.kind(item) != kind) {
                throw new JsonataException(
                        "D3070",
                        "The single argument form of the sort function can only be applied to an array of strings or an"
                                + " array of numbers.  Use the second argument to specify a comparison function");
            }
        }
    }

    private static JsonNode sift(Evaluation run, List<JsonNode> a) {
        var function = function(a, "sift");
        var sifted = Values.object();
        for (var field : a.get(0).properties()) {
            if (accepts(run, function, field.getValue(), new TextNode(field.getKey()), a.get(0))) {
                sifted.set(field.getKey(), field.getValue());
            }
        }
        return sifted.isEmpty() ? Values.UNDEFINED : sifted;
    }

    private static JsonNode each(Evaluation run, List<JsonNode> a) {
        var function = function(a, "each");
        var results = new Sequence();
        for (var field : a.get(0).properties()) {
            var result = Calls.apply(run, function, field.getValue(), new TextNode(field.getKey()), a.get(0));
            if (Values.isDefined(result)) {
                results.add(result);
            }
        }
        return results;
    }
}
