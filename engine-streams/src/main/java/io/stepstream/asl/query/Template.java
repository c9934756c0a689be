package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A compiled payload template (Parameters, ResultSelector, ItemSelector ...): literal JSON with expressions in it. */
public final class Template {

    /** What marks a field whose value is an expression. */
    public static final String SUFFIX = ".$";

    private final Part whole;
    private final Set<String> variables;

    private Template(Part whole, Set<String> variables) {
        this.whole = whole;
        this.variables = variables;
    }

    /** Throws IllegalArgumentException with a sentence for an expression in it that is none. */
    public static Template compile(JsonNode source) {
        var variables = new TreeSet<String>();
        return new Template(part(source, variables), variables);
    }

    /** Fails with States.DataLimitExceeded where the result is too large for any state. */
    public JsonNode evaluate(Env env) throws AslFailure {
        var result = whole.value(env);
        if (!(whole instanceof Literal) && Size.isBeyondBudget(result)) {
            throw Size.failure();
        }
        return result;
    }

    /** The variables that its expressions look into. */
    public Set<String> variables() {
        return Set.copyOf(variables);
    }

    private interface Part {
        JsonNode value(Env env) throws AslFailure;
    }

    private record Field(String name, Part part) {}

    /** A part without expressions is given out as it stands in the definition, uncopied. */
    private record Literal(JsonNode node) implements Part {
        @Override
        public JsonNode value(Env env) {
            return node;
        }
    }

    private static Part part(JsonNode source, Set<String> variables) {
        if (source.isObject()) {
            return object(source, variables);
        }
        if (source.isArray()) {
            return array(source, variables);
        }
        return new Literal(source);
    }

    private static Part object(JsonNode source, Set<String> variables) {
        var fields = new ArrayList<Field>();
        boolean literal = true;
        for (var property : source.properties()) {
            var name = property.getKey();
            Part part;
            if (name.endsWith(SUFFIX)) {
                if (!property.getValue().isTextual()) {
                    throw new IllegalArgumentException(
                            "Expected the value of '" + name + "' to be a string, but it is " + property.getValue());
                }
                var expression = Expression.compile(property.getValue().textValue(), name);
                variables.addAll(expression.variables());
                part = expression::evaluate;
                name = name.substring(0, name.length() - SUFFIX.length());
            } else {
                part = part(property.getValue(), variables);
            }
            literal &= part instanceof Literal;
            fields.add(new Field(name, part));
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

    private static Part array(JsonNode source, Set<String> variables) {
        var parts = new ArrayList<Part>();
        boolean literal = true;
        for (var element : source) {
            var part = part(element, variables);
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
