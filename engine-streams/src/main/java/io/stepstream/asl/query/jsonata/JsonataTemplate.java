package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a field of a JSONata state holds, compiled: JSON in which every string in <code>{% %}</code>, at any depth, is an
 * expression. Immutable and shared by all executions.
 */
public final class JsonataTemplate {

    private static final String OPEN = "{%";
    private static final String CLOSE = "%}";

    private final String field;
    private final Part whole;
    private final Set<String> variables;
    private final boolean readsErrorOutput;

    private JsonataTemplate(String field, Part whole, Set<String> variables, boolean readsErrorOutput) {
        this.field = field;
        this.whole = whole;
        this.variables = Set.copyOf(variables);
        this.readsErrorOutput = readsErrorOutput;
    }

    /** Whether the string is an expression rather than text: no blanks may stand around the marks. */
    public static boolean isExpression(String text) {
        return text.length() >= OPEN.length() + CLOSE.length() && text.startsWith(OPEN) && text.endsWith(CLOSE);
    }

    /**
     * {@code field} is how failures name its place in the state. Throws IllegalArgumentException with the place and a
     * sentence for an expression in it that is none.
     */
    public static JsonataTemplate compile(JsonNode source, String field) {
        var compiler = new Compiler();
        var whole = compiler.part(source, field);
        return new JsonataTemplate(field, whole, compiler.variables, compiler.readsErrorOutput);
    }

    /** Fails with States.QueryEvaluationError, and with States.DataLimitExceeded for what is too large for any state. */
    public JsonNode evaluate(Env env) throws AslFailure {
        var result = whole.value(env);
        if (!(whole instanceof Literal) && Size.isBeyondBudget(result)) {
            throw Size.failure();
        }
        return result;
    }

    /**
     * The failure that a value of another type is than the field wants.
     *
     * @param expected AWS's word for the type
     */
    public AslFailure unexpected(JsonNode value, String expected) {
        return whole instanceof Expression expression
                ? expression.jsonata().unexpected(value, field, expected)
                : AslFailure.evaluation(
                        field,
                        "The value specified for the field '" + field + "' has an unexpected type. Expected '"
                                + expected + "', but was '" + Values.typeName(value) + "' for value: " + value);
    }

    public String field() {
        return field;
    }

    /** The variables that its expressions look into. */
    public Set<String> variables() {
        return variables;
    }

    /** Whether one of its expressions names {@code $states.errorOutput}, which only a catcher has. */
    public boolean readsErrorOutput() {
        return readsErrorOutput;
    }

    /** The literal that it is, if there is no expression in it. */
    public Optional<JsonNode> literal() {
        return whole instanceof Literal literal ? Optional.of(literal.node()) : Optional.empty();
    }

    private interface Part {
        JsonNode value(Env env) throws AslFailure;
    }

    private record Field(String name, Part part) {}

    /** Given out as it stands in the definition, uncopied. */
    private record Literal(JsonNode node) implements Part {
        @Override
        public JsonNode value(Env env) {
            return node;
        }
    }

    private record Expression(Jsonata jsonata, String field) implements Part {
        @Override
        public JsonNode value(Env env) throws AslFailure {
            return jsonata.evaluate(env, field);
        }
    }

    private static final class Compiler {
        private final Set<String> variables = new TreeSet<>();
        private boolean readsErrorOutput;

        Part part(JsonNode source, String place) {
            if (source.isTextual() && isExpression(source.textValue())) {
                return expression(source.textValue(), place);
            }
            if (source.isObject()) {
                return object(source, place);
            }
            return source.isArray() ? array(source, place) : new Literal(source);
        }

        private Part expression(String text, String place) {
            try {
                var jsonata = Jsonata.compile(text.substring(OPEN.length(), text.length() - CLOSE.length())
                        .strip());
                variables.addAll(jsonata.variables());
                readsErrorOutput |= jsonata.namesErrorOutput();
                return new Expression(jsonata, place);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "The JSONata expression '" + text + "' specified for the field '" + place + "' is invalid. "
                                + e.getMessage(),
                        e);
            }
        }

        private Part object(JsonNode source, String place) {
            var fields = new ArrayList<Field>();
            boolean literal = true;
            for (var property : source.properties()) {
                var part = part(property.getValue(), place + "/" + property.getKey());
                literal &= part instanceof Literal;
                fields.add(new Field(property.getKey(), part));
            }
            if (literal) {
                return new Literal(source);
            }
            List<Field> all = List.copyOf(fields);
            return env -> {
                var result = JsonNodeFactory.instance.objectNode();
                for (var field : all) {
                    result.set(field.name(), field.part().value(env));
                }
                return result;
            };
        }

        private Part array(JsonNode source, String place) {
            var parts = new ArrayList<Part>();
            boolean literal = true;
            for (var element : source) {
                var part = part(element, place + "[" + parts.size() + "]");
                literal &= part instanceof Literal;
                parts.add(part);
            }
            if (literal) {
                return new Literal(source);
            }
            List<Part> all = List.copyOf(parts);
            return env -> {
                var result = JsonNodeFactory.instance.arrayNode(all.size());
                for (var part : all) {
                    result.add(part.value(env));
                }
                return result;
            };
        }
    }
}
