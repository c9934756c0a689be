package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.stepstream.asl.query.jsonata.PathExpr.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code {key: value, ...}}: an object, or behind a path a grouping. The items of the context whose keys are the same go into
 * one member, and its value is evaluated for all of them together.
 */
record ObjectExpr(List<Pair> pairs) implements Expr {

    ObjectExpr {
        pairs = List.copyOf(pairs);
    }

    record Pair(Expr key, Expr value) {}

    /** What goes into one member: the items, each for itself or gathered. */
    private static final class Group {
        final int pair;
        JsonNode items;
        private @Nullable ArrayNode gathered;

        Group(int pair, JsonNode first) {
            this.pair = pair;
            this.items = first;
        }

        void add(Evaluation run, JsonNode item) {
            var all = gathered;
            if (all == null) {
                all = Values.array();
                Values.addAll(run, all, items);
                gathered = all;
                items = all;
            }
            Values.addAll(run, all, item);
        }
    }

    @Override
    public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
        return group(run, context, scope);
    }

    JsonNode group(Evaluation run, JsonNode input, Scope scope) {
        run.spendObject(pairs.size());
        var groups = new LinkedHashMap<String, Group>();
        if (input instanceof ArrayNode items && !items.isEmpty()) {
            for (var item : items) {
                put(run, item, scope, groups);
            }
        } else {
            // An object is written down even where there is nothing to look at.
            put(run, input.isArray() ? Values.UNDEFINED : input, scope, groups);
        }
        var result = Values.object();
        for (var entry : groups.entrySet()) {
            var group = entry.getValue();
            var value = run.evaluate(pairs.get(group.pair).value(), group.items, scope);
            if (Values.isDefined(value)) {
                result.set(entry.getKey(), value);
            }
        }
        return result;
    }

    private void put(Evaluation run, JsonNode item, Scope scope, Map<String, Group> groups) {
        for (int pair = 0; pair < pairs.size(); pair++) {
            var key = key(run, pairs.get(pair), item, scope);
            if (key != null) {
                var group = groups.get(key);
                if (group == null) {
                    groups.put(key, new Group(pair, item));
                } else if (group.pair != pair) {
                    throw twice(key);
                } else {
                    group.add(run, item);
                }
            }
        }
    }

    JsonNode groupTuples(Evaluation run, List<Tuple> tuples, Scope scope) {
        run.spendObject(pairs.size());
        var pairOf = new LinkedHashMap<String, Integer>();
        var members = new LinkedHashMap<String, List<Tuple>>();
        for (var tuple : tuples) {
            for (int pair = 0; pair < pairs.size(); pair++) {
                var key = key(run, pairs.get(pair), tuple.value(), tuple.scope(scope));
                if (key != null) {
                    var before = pairOf.putIfAbsent(key, pair);
                    if (before != null && before != pair) {
                        throw twice(key);
                    }
                    members.computeIfAbsent(key, name -> new ArrayList<>()).add(tuple);
                }
            }
        }
        var result = Values.object();
        for (var entry : pairOf.entrySet()) {
            var together = together(run, members.getOrDefault(entry.getKey(), List.of()));
            var value = run.evaluate(pairs.get(entry.getValue()).value(), together.value(), together.scope(scope));
            if (Values.isDefined(value)) {
                result.set(entry.getKey(), value);
            }
        }
        return result;
    }

    /** One tuple whose value, and whose names, stand for those of all. */
    private static Tuple together(Evaluation run, List<Tuple> tuples) {
        if (tuples.size() == 1) {
            return tuples.get(0);
        }
        var value = Values.array();
        var names = new LinkedHashMap<String, JsonNode>();
        for (var tuple : tuples) {
            Values.addAll(run, value, tuple.value());
            tuple.names().forEach((name, bound) -> {
                var all = (ArrayNode) names.computeIfAbsent(name, key -> Values.array());
                Values.addAll(run, all, bound);
            });
        }
        return new Tuple(value, names);
    }

    private static @Nullable String key(Evaluation run, Pair pair, JsonNode item, Scope scope) {
        var key = run.evaluate(pair.key(), item, scope);
        if (!Values.isDefined(key)) {
            return null;
        }
        if (!key.isTextual()) {
            throw new JsonataException(
                    "T1003", "Key in object structure must evaluate to a string; got: " + Values.quoted(run, key));
        }
        return key.textValue();
    }

    private static JsonataException twice(String key) {
        return new JsonataException("D1009", "Multiple key definitions evaluate to same key: " + JsonText.quote(key));
    }
}
