package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import io.stepstream.asl.query.jsonata.PathExpr.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions: written down, called, and put together. */
final class Calls {

    /** The levels of a call that a function of the library makes: its own methods stand between. */
    private static final int GIVEN = 5;

    private Calls() {}

    /** {@code (a; b)}: a scope of its own; the value is the last one's. */
    record Block(List<Expr> parts) implements Expr, TupleSource {
        Block {
            parts = List.copyOf(parts);
        }

        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            var inner = new Scope(scope);
            var result = Values.UNDEFINED;
            for (var part : parts) {
                result = run.evaluate(part, context, inner);
            }
            return result;
        }

        private @Nullable Expr last() {
            return parts.isEmpty() ? null : parts.get(parts.size() - 1);
        }

        @Override
        public boolean givesTuples() {
            return last() instanceof TupleSource source && source.givesTuples();
        }

        @Override
        public List<Tuple> tuples(Evaluation run, JsonNode context, Scope scope) {
            var inner = new Scope(scope);
            for (var part : parts.subList(0, parts.size() - 1)) {
                run.evaluate(part, context, inner);
            }
            return last() instanceof TupleSource source ? source.tuples(run, context, inner) : List.of();
        }
    }

    /** {@code $name := value}. */
    record Binding(String name, Expr value) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            var result = run.evaluate(value, context, scope);
            scope.bind(name, result);
            return result;
        }
    }

    /** {@code f(x, y)}. */
    record Call(Expr function, List<Expr> arguments) implements Expr {
        Call {
            arguments = List.copyOf(arguments);
        }

        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            return finish(run, prepare(run, context, scope, Values.UNDEFINED, false));
        }

        /** The call with everything in it evaluated. {@code first} is what {@code ~>} puts before the arguments. */
        Pending prepare(Evaluation run, JsonNode context, Scope scope, JsonNode first, boolean hasFirst) {
            var target = Fn.of(run.evaluate(function, context, scope));
            var values = new ArrayList<JsonNode>(arguments.size() + 1);
            if (hasFirst) {
                values.add(first);
            }
            for (var argument : arguments) {
                values.add(run.evaluate(argument, context, scope));
            }
            if (target == null) {
                if (function instanceof PathExpr path
                        && path.steps.get(0).expr instanceof Name name
                        && Values.isDefined(run.global(name.name()))) {
                    throw new JsonataException(
                            "T1005", "Attempted to invoke a non-function. Did you mean $" + name.name() + "?");
                }
                throw new JsonataException("T1006", "Attempted to invoke a non-function");
            }
            return new Pending(target, values, context);
        }
    }

    /** The last thing that a function does is a call: it is left to whoever called the function, so that no depth grows. */
    record TailCall(Call call) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            return new POJONode(call.prepare(run, context, scope, Values.UNDEFINED, false));
        }
    }

    /** A call that is still to be made. */
    record Pending(Fn function, List<JsonNode> arguments, JsonNode context) {}

    /** Makes the call, and those that it ends in. */
    static JsonNode finish(Evaluation run, Pending first) {
        run.enter();
        var next = first;
        while (true) {
            run.spend(1);
            var result = next.function().call(run, next.arguments(), next.context());
            if (!(result instanceof POJONode pojo && pojo.getPojo() instanceof Pending pending)) {
                run.leave();
                return result;
            }
            next = pending;
        }
    }

    /** Calls a function that a function was given, with no more arguments than it takes. */
    static JsonNode apply(Evaluation run, Fn function, JsonNode... arguments) {
        var taken = List.of(arguments).subList(0, Math.min(arguments.length, Math.max(1, function.arity())));
        run.enter(GIVEN);
        var result = Sequence.collapse(finish(run, new Pending(function, taken, Values.UNDEFINED)));
        run.leave(GIVEN);
        return result;
    }

    /** {@code function($x) { ... }}. */
    record Lambda(List<String> parameters, @Nullable Signature signature, Expr body) implements Expr {
        Lambda {
            parameters = List.copyOf(parameters);
        }

        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            return new Closure(this, context, scope).node();
        }
    }

    /** A lambda with the names that it can see. */
    record Closure(Lambda lambda, JsonNode context, Scope scope) implements Fn {
        @Override
        public JsonNode call(Evaluation run, List<JsonNode> arguments, JsonNode callContext) {
            var given = lambda.signature() == null
                    ? arguments
                    : lambda.signature().validate(run, "lambda", arguments, callContext);
            var inner = new Scope(scope);
            for (int i = 0; i < lambda.parameters().size(); i++) {
                inner.bind(lambda.parameters().get(i), i < given.size() ? given.get(i) : Values.UNDEFINED);
            }
            return run.evaluate(lambda.body(), context, inner);
        }

        @Override
        public int arity() {
            return lambda.parameters().size();
        }
    }

    /** {@code f(x, ?)}: an argument that is not there yet is null. */
    record Partial(Expr function, List<@Nullable Expr> arguments) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            var given = new ArrayList<@Nullable JsonNode>();
            for (var argument : arguments) {
                given.add(argument == null ? null : run.evaluate(argument, context, scope));
            }
            var target = Fn.of(run.evaluate(function, context, scope));
            if (target == null) {
                throw new JsonataException("T1008", "Attempted to partially apply a non-function");
            }
            run.spend(given.size());
            return new Applied(target, given).node();
        }
    }

    /** A function some of whose arguments are known. */
    record Applied(Fn function, List<@Nullable JsonNode> given) implements Fn {
        @Override
        public JsonNode call(Evaluation run, List<JsonNode> arguments, JsonNode context) {
            var all = new ArrayList<JsonNode>(given.size());
            int next = 0;
            for (var known : given) {
                all.add(known != null ? known : next < arguments.size() ? arguments.get(next++) : Values.UNDEFINED);
            }
            return finish(run, new Pending(function, all, context));
        }

        @Override
        public int arity() {
            int open = 0;
            for (var known : given) {
                open += known == null ? 1 : 0;
            }
            return open;
        }
    }

    /** {@code value ~> f}, or {@code f ~> g}: a function that does one after the other. */
    record Application(Expr left, Expr right) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            var value = run.evaluate(left, context, scope);
            if (right instanceof Call call) {
                return finish(run, call.prepare(run, context, scope, value, true));
            }
            var function = Fn.of(run.evaluate(right, context, scope));
            if (function == null) {
                throw new JsonataException(
                        "T2006", "The right side of the function application operator ~> must be a function");
            }
            var before = Fn.of(value);
            return before == null
                    ? finish(run, new Pending(function, List.of(value), Values.UNDEFINED))
                    : new Chain(before, function).node();
        }
    }

    private record Chain(Fn before, Fn after) implements Fn {
        @Override
        public JsonNode call(Evaluation run, List<JsonNode> arguments, JsonNode context) {
            return apply(run, after, apply(run, before, arguments.isEmpty() ? Values.UNDEFINED : arguments.get(0)));
        }

        @Override
        public int arity() {
            return 1;
        }
    }

    /** {@code |where|update, delete|}: a function that gives a changed copy. */
    record Transform(Expr where, Expr update, @Nullable Expr delete) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            return new Transformer(this, scope).node();
        }
    }

    private record Transformer(Transform transform, Scope scope) implements Fn {
        @Override
        public JsonNode call(Evaluation run, List<JsonNode> arguments, JsonNode context) {
            var value = arguments.isEmpty() ? context : arguments.get(0);
            if (!Values.isDefined(value)) {
                return value;
            }
            if (!value.isObject() && !value.isArray()) {
                throw Signature.mismatch(1, "transform");
            }
            // What the pattern finds elsewhere belongs to others and stays as it is.
            var own = Collections.newSetFromMap(new IdentityHashMap<JsonNode, Boolean>());
            var copy = Values.copy(run, value, own::add);
            for (var match : Values.asArray(run.evaluate(transform.where(), copy, scope))) {
                if (match instanceof ObjectNode object && own.contains(match)) {
                    change(run, object);
                }
            }
            return copy;
        }

        private void change(Evaluation run, ObjectNode match) {
            var update = run.evaluate(transform.update(), match, scope);
            if (Values.isDefined(update)) {
                if (!update.isObject()) {
                    throw new JsonataException(
                            "T2011",
                            "The insert/update clause of the transform expression must evaluate to an object: "
                                    + Values.quoted(run, update));
                }
                run.spend(update.size());
                // A copy: what is put in may be what it is put into.
                match.setAll((ObjectNode) Values.copy(run, update, made -> {}));
            }
            if (transform.delete() == null) {
                return;
            }
            var names = run.evaluate(transform.delete(), match, scope);
            for (var name : Values.asArray(names)) {
                if (!name.isTextual()) {
                    throw new JsonataException(
                            "T2012",
                            "The delete clause of the transform expression must evaluate to a string or array of"
                                    + " strings: " + Values.quoted(run, names));
                }
                run.spend(1);
                match.remove(name.textValue());
            }
        }

        @Override
        public int arity() {
            return 1;
        }
    }
}
