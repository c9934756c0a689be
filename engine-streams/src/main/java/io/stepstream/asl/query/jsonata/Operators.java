package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** The operators between two values, and those that choose. */
final class Operators {

    /** JSONata's own limit for a range. The count of steps sets a lower one. */
    private static final double LONGEST_RANGE = 1e7;

    private Operators() {}

    /** {@code + - * / %}: undefined where one side is. */
    record Arithmetic(char operator, Expr left, Expr right) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            var l = run.evaluate(left, context, scope);
            var r = run.evaluate(right, context, scope);
            if (Values.isDefined(l) && !l.isNumber()) {
                throw new JsonataException(
                        "T2001", "The left side of the \"" + operator + "\" operator must evaluate to a number");
            }
            if (Values.isDefined(r) && !r.isNumber()) {
                throw new JsonataException(
                        "T2002", "The right side of the \"" + operator + "\" operator must evaluate to a number");
            }
            if (!Values.isDefined(l) || !Values.isDefined(r)) {
                return Values.UNDEFINED;
            }
            double a = Numbers.value(l);
            double b = Numbers.value(r);
            return Numbers.of(
                    switch (operator) {
                        case '+' -> a + b;
                        case '-' -> a - b;
                        case '*' -> a * b;
                        case '/' -> a / b;
                        default -> a % b;
                    });
        }
    }

    record Negation(Expr operand) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            var value = run.evaluate(operand, context, scope);
            if (!Values.isDefined(value)) {
                return value;
            }
            if (!value.isNumber()) {
                throw new JsonataException("D1002", "Cannot negate a non-numeric value: " + Values.quoted(run, value));
            }
            return Numbers.of(-Numbers.value(value));
        }
    }

    /** {@code =} and {@code !=}: both false where one side is undefined. */
    record Equality(boolean negated, Expr left, Expr right) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            var l = run.evaluate(left, context, scope);
            var r = run.evaluate(right, context, scope);
            return BooleanNode.valueOf(
                    Values.isDefined(l) && Values.isDefined(r) && Values.areSame(run, l, r) != negated);
        }
    }

    /** {@code < <= > >=} of two numbers or two strings. */
    record Comparison(String operator, Expr left, Expr right) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            var l = run.evaluate(left, context, scope);
            var r = run.evaluate(right, context, scope);
            if (!isComparable(l) || !isComparable(r)) {
                throw new JsonataException(
                        "T2010",
                        "The expressions either side of operator \"" + operator
                                + "\" must evaluate to numeric or string values");
            }
            if (!Values.isDefined(l) || !Values.isDefined(r)) {
                return Values.UNDEFINED;
            }
            if (l.isNumber() != r.isNumber()) {
                throw new JsonataException(
                        "T2009",
                        "The values " + Values.quoted(run, l) + " and " + Values.quoted(run, r)
                                + " either side of operator \"" + operator + "\" must be of the same data type");
            }
            int order = order(run, l, r);
            return BooleanNode.valueOf(
                    switch (operator) {
                        case "<" -> order < 0;
                        case "<=" -> order <= 0;
                        case ">" -> order > 0;
                        default -> order >= 0;
                    });
        }

        private static boolean isComparable(JsonNode value) {
            return value.isNumber() || value.isTextual() || !Values.isDefined(value);
        }
    }

    /** Two numbers by value, or two strings by code unit. */
    static int order(Evaluation run, JsonNode left, JsonNode right) {
        if (left.isNumber()) {
            return Double.compare(Numbers.value(left) + 0.0, Numbers.value(right) + 0.0);
        }
        run.spendCharacters(
                Math.min(left.textValue().length(), right.textValue().length()));
        return left.textValue().compareTo(right.textValue());
    }

    /** {@code in}. */
    record Inclusion(Expr left, Expr right) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            var l = run.evaluate(left, context, scope);
            var r = run.evaluate(right, context, scope);
            boolean found = false;
            if (Values.isDefined(l)) {
                for (var item : Values.asArray(r)) {
                    found = found || Values.areSame(run, l, item);
                }
            }
            return BooleanNode.valueOf(found);
        }
    }

    /** {@code and}, {@code or}. */
    record Logic(boolean isAnd, Expr left, Expr right) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            boolean l = Values.isTrue(run, run.evaluate(left, context, scope));
            return BooleanNode.valueOf(l == isAnd ? Values.isTrue(run, run.evaluate(right, context, scope)) : l);
        }
    }

    /** {@code &}: undefined is the empty string. */
    record Concatenation(Expr left, Expr right) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            var l = JsonText.of(run, run.evaluate(left, context, scope));
            var r = JsonText.of(run, run.evaluate(right, context, scope));
            run.allocate((long) l.length() + r.length());
            return new TextNode(l + r);
        }
    }

    /** {@code first..last} in an array. */
    record Range(Expr first, Expr last) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            var from = run.evaluate(first, context, scope);
            var to = run.evaluate(last, context, scope);
            require(from, "T2003", "left");
            require(to, "T2004", "right");
            if (!Values.isDefined(from) || !Values.isDefined(to)) {
                return Values.UNDEFINED;
            }
            double size = Numbers.value(to) - Numbers.value(from) + 1;
            if (size > LONGEST_RANGE) {
                throw new JsonataException(
                        "D2014",
                        "The size of the sequence allocated by the range operator (..) must not exceed 1e7."
                                + "  Attempted to allocate " + JsonText.of(run, Numbers.of(size)) + ".");
            }
            var range = new Sequence();
            if (size > 0) {
                run.spend((long) size);
            }
            for (double i = 0; i < size; i++) {
                range.add(Numbers.of(Numbers.value(from) + i));
            }
            return range;
        }

        private static void require(JsonNode end, String code, String side) {
            if (Values.isDefined(end) && !(end.isNumber() && Numbers.isWhole(end))) {
                throw new JsonataException(
                        code, "The " + side + " side of the range operator (..) must evaluate to an integer");
            }
        }
    }

    /** {@code test ? then : otherwise}. */
    record Conditional(Expr test, Expr then, Expr otherwise) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            return Values.isTrue(run, run.evaluate(test, context, scope))
                    ? run.evaluate(then, context, scope)
                    : run.evaluate(otherwise, context, scope);
        }
    }

    /** {@code value ?: otherwise} where the value is not true, {@code value ?? otherwise} where it is undefined. */
    record Default(boolean ifUndefined, Expr value, Expr otherwise) implements Expr {
        @Override
        public JsonNode evaluate(Evaluation run, JsonNode context, Scope scope) {
            var first = run.evaluate(value, context, scope);
            boolean taken = ifUndefined ? Values.isDefined(first) : Values.isTrue(run, first);
            return taken ? first : run.evaluate(otherwise, context, scope);
        }
    }
}
