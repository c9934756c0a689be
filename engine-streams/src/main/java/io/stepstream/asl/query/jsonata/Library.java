package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The functions that every expression can call: JSONata's own without {@code $eval}, and those that Step Functions adds.
 *
 * @see <a href="https://docs.jsonata.org/string-functions">docs.jsonata.org</a>
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html">AWS: JSONata functions
 *     provided by Step Functions</a>
 */
final class Library {

    private static final Map<String, JsonNode> FUNCTIONS = new HashMap<>();

    static {
        TextFunctions.define();
        PatternFunctions.define();
        NumberFunctions.define();
        CollectionFunctions.define();
        HigherFunctions.define();
        TimeFunctions.define();
        StatesFunctions.define();
    }

    private Library() {}

    /** What a function does. {@code arguments} has one entry for each parameter, undefined where nothing was given. */
    interface Body {
        JsonNode apply(Evaluation run, List<JsonNode> arguments);
    }

    static @Nullable JsonNode find(String name) {
        return FUNCTIONS.get(name);
    }

    /** A function that gives undefined for undefined. */
    static void define(String name, String signature, Body body) {
        defineAlways(name, signature, (run, arguments) -> {
            boolean nothing = !arguments.isEmpty() && !Values.isDefined(arguments.get(0));
            return nothing ? Values.UNDEFINED : body.apply(run, arguments);
        });
    }

    /** A function that is also asked about undefined. */
    static void defineAlways(String name, String signature, Body body) {
        FUNCTIONS.put(name, new Builtin(name, Signature.parse(signature), body).node());
    }

    private record Builtin(String name, Signature signature, Body body) implements Fn {
        @Override
        public JsonNode call(Evaluation run, List<JsonNode> arguments, JsonNode context) {
            return body.apply(run, signature.validate(run, name, arguments, context));
        }

        @Override
        public int arity() {
            return signature.arity();
        }
    }
}
