package io.stepstream.asl.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Path;
import io.stepstream.asl.query.Rfc3339;
import java.util.function.IntPredicate;

/** The comparisons of a Choice rule: what {@code Variable} points to against a literal or against another place. */
public final class Comparison {

    private Comparison() {}

    /** What kind of values are compared; a value of another kind makes the comparison false. */
    public enum Kind {
        STRING("String"),
        NUMERIC("Numeric"),
        TIMESTAMP("Timestamp"),
        BOOLEAN("Boolean");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** How operators of this kind begin. */
        public String text() {
            return text;
        }

        public boolean admits(JsonNode node) {
            return switch (this) {
                case STRING -> node.isTextual();
                case NUMERIC -> node.isNumber();
                case TIMESTAMP ->
                    node.isTextual() && Rfc3339.parse(node.textValue()).isPresent();
                case BOOLEAN -> node.isBoolean();
            };
        }

        /** Both must be admitted. Strings compare by code unit, numbers by value: 1 is 1.0. */
        private int compare(JsonNode left, JsonNode right) {
            return switch (this) {
                case STRING -> left.textValue().compareTo(right.textValue());
                case NUMERIC -> left.decimalValue().compareTo(right.decimalValue());
                case TIMESTAMP ->
                    Rfc3339.parse(left.textValue())
                            .orElseThrow()
                            .compareTo(Rfc3339.parse(right.textValue()).orElseThrow());
                case BOOLEAN -> Boolean.compare(left.booleanValue(), right.booleanValue());
            };
        }
    }

    /** Which way round the values must stand. */
    public enum Relation {
        EQUALS("Equals", order -> order == 0),
        LESS_THAN("LessThan", order -> order < 0),
        GREATER_THAN("GreaterThan", order -> order > 0),
        LESS_THAN_EQUALS("LessThanEquals", order -> order <= 0),
        GREATER_THAN_EQUALS("GreaterThanEquals", order -> order >= 0);

        private final String text;

        /** A lambda without state. */
        @SuppressWarnings("ImmutableEnumChecker")
        private final IntPredicate holds;

        Relation(String text, IntPredicate holds) {
            this.text = text;
            this.holds = holds;
        }

        /** How operators of this relation end. */
        public String text() {
            return text;
        }
    }

    /** The operators that ask what kind of value there is. */
    public enum Test {
        IS_NULL("IsNull"),
        IS_PRESENT("IsPresent"),
        IS_NUMERIC("IsNumeric"),
        IS_STRING("IsString"),
        IS_BOOLEAN("IsBoolean"),
        IS_TIMESTAMP("IsTimestamp");

        private final String text;

        Test(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        private boolean passes(Path variable, Env env) throws AslFailure {
            return switch (this) {
                case IS_PRESENT -> variable.isPresent(env);
                case IS_NULL -> value(variable, env).isNull();
                case IS_NUMERIC -> Kind.NUMERIC.admits(value(variable, env));
                case IS_STRING -> Kind.STRING.admits(value(variable, env));
                case IS_BOOLEAN -> Kind.BOOLEAN.admits(value(variable, env));
                case IS_TIMESTAMP -> Kind.TIMESTAMP.admits(value(variable, env));
            };
        }
    }

    /** {@code literal} must be of that kind. */
    public static Condition with(Path variable, Kind kind, Relation relation, JsonNode literal) {
        return env -> compare(kind, relation, value(variable, env), literal);
    }

    public static Condition withPath(Path variable, Kind kind, Relation relation, Path other) {
        return env -> compare(kind, relation, value(variable, env), value(other, env));
    }

    /** StringMatches. */
    public static Condition matching(Path variable, Wildcard pattern) {
        return env -> {
            var value = value(variable, env);
            return value.isTextual() && pattern.matches(value.textValue());
        };
    }

    public static Condition testing(Path variable, Test test, boolean expected) {
        return env -> test.passes(variable, env) == expected;
    }

    private static boolean compare(Kind kind, Relation relation, JsonNode left, JsonNode right) {
        return kind.admits(left) && kind.admits(right) && relation.holds.test(kind.compare(left, right));
    }

    private static JsonNode value(Path path, Env env) throws AslFailure {
        var found = path.find(env);
        if (found.isEmpty()) {
            throw AslFailure.runtime(
                    "Invalid path '" + path + "': The choice state's condition path references an invalid value.");
        }
        return found.get();
    }
}
