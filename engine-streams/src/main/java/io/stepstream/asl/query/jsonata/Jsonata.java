package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import java.util.Set;

/**
 * A compiled JSONata expression. Immutable: one serves all executions and threads.
 *
 * <p>An evaluation is a function of its {@link Env} and takes a counted amount of work: see {@link Evaluation}.
 */
public final class Jsonata {

    /** The longest expression, in characters. */
    private static final int MAX_LENGTH = 256 * 1024;

    private final String text;
    private final Expr expr;
    private final Set<String> variables;
    private final Set<String> members;

    private Jsonata(String text, Expr expr, Set<String> variables, Set<String> members) {
        this.text = text;
        this.expr = expr;
        this.variables = Set.copyOf(variables);
        this.members = Set.copyOf(members);
    }

    /** Throws IllegalArgumentException with JSONata's error code and text for what is no expression. */
    public static Jsonata compile(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("Expected at most " + MAX_LENGTH + " characters");
        }
        try {
            var parsed = Parser.parse(text);
            return new Jsonata(text.strip(), parsed.expr(), parsed.variables(), parsed.members());
        } catch (JsonataException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * The value, with {@link com.fasterxml.jackson.databind.node.MissingNode} for JSONata's undefined. Fails with
     * States.QueryEvaluationError, naming the field where the expression stands.
     */
    public JsonNode evaluate(Env env, String field) throws AslFailure {
        var run = new Evaluation(env, members);
        try {
            return Results.checked(
                    run, run.evaluate(expr, Values.UNDEFINED, new Scope(null)), () -> describe(field), field);
        } catch (JsonataException e) {
            throw AslFailure.evaluation(
                    field, describe(field) + " threw an error during evaluation. " + e.getMessage());
        }
    }

    private String describe(String field) {
        return "The JSONata expression '" + text + "' specified for the field '" + field + "'";
    }

    /** The failure that a value of another type is. {@code expected} is AWS's word for the type that was wanted. */
    public AslFailure unexpected(JsonNode value, String field, String expected) {
        return AslFailure.evaluation(
                field,
                describe(field) + " returned an unexpected result type. Expected '" + expected + "', but was '"
                        + Values.typeName(value) + "' for value: " + value);
    }

    /** The variables that it reads; functions that are no variables are not among them. */
    public Set<String> variables() {
        return variables;
    }

    /** Whether it names {@code $states.errorOutput}, rather than to look at all of {@code $states}. */
    boolean namesErrorOutput() {
        return members.contains(States.ERROR_OUTPUT) && members.size() < States.MEMBERS.size();
    }

    /** The members of {@code $states} that it may read. */
    public Set<String> members() {
        return members;
    }

    @Override
    public String toString() {
        return text;
    }
}
