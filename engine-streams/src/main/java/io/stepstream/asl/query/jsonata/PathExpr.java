package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.stepstream.asl.query.jsonata.Expr.Parent.Slot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Steps from one value to the next: {@code order.items[price > 10].name}. Each step is evaluated for each item that the step
 * before has found.
 *
 * <p>Where a step binds a name ({@code @$v}, {@code #$i}) or is looked back to ({@code %}), the path goes on with tuples: each
 * value with the names that were bound on the way to it.
 */
final class PathExpr implements Expr, TupleSource {

    final List<Step> steps = new ArrayList<>();
    boolean keepsSingleton;

    /** Whether it gives tuples to the path around it, whose steps look back into it. */
    private boolean givesTuples;

    @Nullable
    ObjectExpr group;

    /** A value and the names that were bound on the way to it. */
    record Tuple(JsonNode value, Map<String, JsonNode> names) {
        Scope scope(Scope outer) {
            return names.isEmpty() ? outer : new Scope(outer, names);
        }
    }

    /** What is done with each result of a step: a filter, or an index bound to a name. */
    record Stage(@Nullable Expr filter, String index) {}

    /** Set up by the parser, then left as it is. */
    static final class Step {
        final Expr expr;
        final List<Stage> stages = new ArrayList<>();
        final List<Slot> seeking = new ArrayList<>();
        boolean keepsArray;
        boolean bindsNames;

        @Nullable
        String focus;

        @Nullable
        String index;

        @Nullable
        Slot ancestor;

        Step(Expr expr) {
            this.expr = expr;
        }
    }

    static PathExpr of(Expr first) {
        var path = new PathExpr();
        path.steps.add(new Step(first));
        return path;
    }

    Step last() {
        return steps.get(steps.size() - 1);
    }

    @Override
    public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).bindsNames) {
                return values(run, tuples(run, context, scope), scope);
            }
        }
        var found = start(context);
        for (int i = 0; i < steps.size(); i++) {
            var step = steps.get(i);
            if (i == 0 && step.expr instanceof ArrayExpr array && array.isStep) {
                var first = run.evaluate(array, found, scope);
                found = Values.asArray(first);
            } else {
                found = step(run, step, found, scope, i == steps.size() - 1);
            }
            if (found.isEmpty()) {
                break;
            }
        }
        var result = kept(found);
        return group == null ? result : group.group(run, result, scope);
    }

    private JsonNode values(Evaluation run, List<Tuple> tuples, Scope scope) {
        if (group != null) {
            return group.groupTuples(run, tuples, scope);
        }
        var found = new Sequence();
        tuples.forEach(tuple -> found.add(tuple.value()));
        return kept(found);
    }

    private ArrayNode kept(ArrayNode found) {
        if (!keepsSingleton) {
            return found;
        }
        Sequence kept;
        if (found instanceof Sequence sequence) {
            kept = sequence;
        } else {
            kept = new Sequence();
            if (found instanceof Constructed) {
                kept.add(found);
            } else {
                kept.addAll(found);
            }
        }
        kept.keepsSingleton = true;
        return kept;
    }

    /** A path goes into each item of an array, unless it starts with a variable. */
    private ArrayNode start(JsonNode context) {
        return context instanceof ArrayNode array && !startsWithVariable() ? array : Sequence.of(context);
    }

    private boolean startsWithVariable() {
        var first = steps.get(0).expr;
        return first instanceof Variable
                || (first instanceof Qualified qualified && qualified.base instanceof Variable);
    }

    private static ArrayNode step(Evaluation run, Step step, ArrayNode input, Scope scope, boolean last) {
        if (step.expr instanceof SortExpr sort) {
            JsonNode sorted = sort.sort(run, input, scope);
            for (var stage : step.stages) {
                if (stage.filter() != null) {
                    sorted = Filter.apply(run, stage.filter(), sorted, scope);
                }
            }
            return Values.asArray(sorted);
        }
        var results = new ArrayList<JsonNode>(input.size());
        for (var item : input) {
            var result = run.evaluate(step.expr, item, scope);
            for (var stage : step.stages) {
                if (stage.filter() != null) {
                    result = Filter.apply(run, stage.filter(), result, scope);
                }
            }
            if (Values.isDefined(result)) {
                results.add(result);
            }
        }
        if (last && results.size() == 1 && results.get(0) instanceof ArrayNode only && !(only instanceof Sequence)) {
            return only;
        }
        var flat = new Sequence();
        for (var result : results) {
            if (result instanceof Constructed) {
                run.spend(1);
                flat.add(result);
            } else {
                Values.addAll(run, flat, result);
            }
        }
        return flat;
    }

    void giveTuples() {
        givesTuples = true;
    }

    @Override
    public boolean givesTuples() {
        return givesTuples;
    }

    /** The same walk with names. */
    @Override
    public List<Tuple> tuples(Evaluation run, JsonNode context, Scope scope) {
        ArrayNode found = start(context);
        List<Tuple> tuples = null;
        for (int i = 0; i < steps.size(); i++) {
            var step = steps.get(i);
            if (tuples == null && !step.bindsNames) {
                found = step(run, step, found, scope, false);
                continue;
            }
            if (tuples == null) {
                tuples = new ArrayList<>();
                for (var item : found) {
                    tuples.add(new Tuple(item, Map.of()));
                }
            }
            tuples = tupleStep(run, step, tuples, scope);
        }
        return tuples == null ? List.of() : tuples;
    }

    private static List<Tuple> tupleStep(Evaluation run, Step step, List<Tuple> input, Scope scope) {
        List<Tuple> output = new ArrayList<>();
        if (step.expr instanceof SortExpr sort) {
            output = sort.sortTuples(run, input, scope);
            if (step.index != null) {
                output = indexed(run, output, step.index);
            }
        } else {
            for (var tuple : input) {
                leave(run, step, tuple, scope, output);
            }
        }
        for (var stage : step.stages) {
            output = stage.filter() == null
                    ? indexed(run, output, stage.index())
                    : Filter.applyToTuples(run, stage.filter(), output, scope);
        }
        return output;
    }

    /** Adds what the step finds from one tuple. */
    private static void leave(Evaluation run, Step step, Tuple tuple, Scope scope, List<Tuple> output) {
        if (step.expr instanceof TupleSource source && source.givesTuples()) {
            run.enter();
            for (var inner : source.tuples(run, tuple.value(), tuple.scope(scope))) {
                var names = new LinkedHashMap<>(tuple.names());
                names.putAll(inner.names());
                run.spendObject(names.size());
                output.add(new Tuple(inner.value(), names));
            }
            run.leave();
            return;
        }
        var found = run.evaluate(step.expr, tuple.value(), tuple.scope(scope));
        int index = 0;
        for (var item : Values.asArray(found)) {
            var names = new LinkedHashMap<>(tuple.names());
            run.spendObject(names.size());
            if (step.focus != null) {
                names.put(step.focus, item);
            }
            if (step.index != null) {
                names.put(step.index, Numbers.of(index));
            }
            if (step.ancestor != null) {
                names.put(step.ancestor.label, tuple.value());
            }
            output.add(new Tuple(step.focus == null ? item : tuple.value(), names));
            index++;
        }
    }

    private static List<Tuple> indexed(Evaluation run, List<Tuple> tuples, String name) {
        var output = new ArrayList<Tuple>(tuples.size());
        for (var tuple : tuples) {
            var names = new LinkedHashMap<>(tuple.names());
            run.spendObject(names.size());
            names.put(name, Numbers.of(output.size()));
            output.add(new Tuple(tuple.value(), names));
        }
        return output;
    }
}
