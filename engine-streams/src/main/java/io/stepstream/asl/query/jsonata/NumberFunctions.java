package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigInteger;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.regex.Pattern;

/** Numbers and truth. */
final class NumberFunctions {

    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]++(?:\\.[0-9]++)?(?:[Ee][-+]?[0-9]++)?");
    private static final Pattern PREFIXED = Pattern.compile("0(?:[xX][0-9A-Fa-f]++|[oO][0-7]++|[bB][01]++)");

    private NumberFunctions() {}

    static void define() {
        Library.define("number", "<(nsbl)-:n>", NumberFunctions::number);
        Library.define("abs", "<n-:n>", (run, a) -> Numbers.of(Math.abs(Numbers.value(a.get(0)))));
        Library.define("floor", "<n-:n>", (run, a) -> Numbers.of(Math.floor(Numbers.value(a.get(0)))));
        Library.define("ceil", "<n-:n>", (run, a) -> Numbers.of(Math.ceil(Numbers.value(a.get(0)))));
        Library.define(
                "round",
                "<n-n?:n>",
                (run, a) -> Numbers.round(
                        a.get(0), Values.isDefined(a.get(1)) ? Numbers.index(Numbers.value(a.get(1))) : 0));
        Library.define("sqrt", "<n-:n>", NumberFunctions::sqrt);
        Library.define("power", "<n-n:n>", NumberFunctions::power);
        Library.define("formatBase", "<n-n?:s>", NumberFunctions::formatBase);
        Library.define(
                "formatInteger",
                "<n-s:s>",
                (run, a) -> TextFunctions.made(
                        run, IntegerPicture.parse(a.get(1).textValue()).format(Numbers.wholePart(floored(a.get(0))))));
        Library.define("parseInteger", "<s-s:n>", (run, a) -> {
            run.spendCharacters(8L * a.get(0).textValue().length());
            return IntegerPicture.parse(a.get(1).textValue()).read(a.get(0).textValue());
        });
        Library.define("formatNumber", "<n-so?:s>", (run, a) -> TextFunctions.made(run, NumberPicture.format(a)));
        Library.define("sum", "<a<n>:n>", (run, a) -> fold(run, a.get(0), 0, Double::sum));
        Library.define("max", "<a<n>:n>", (run, a) -> nonEmpty(run, a.get(0), Double.NEGATIVE_INFINITY, Math::max));
        Library.define("min", "<a<n>:n>", (run, a) -> nonEmpty(run, a.get(0), Double.POSITIVE_INFINITY, Math::min));
        Library.define(
                "average",
                "<a<n>:n>",
                (run, a) -> a.get(0).isEmpty()
                        ? Values.UNDEFINED
                        : Numbers.of(Numbers.value(fold(run, a.get(0), 0, Double::sum))
                                / a.get(0).size()));
        Library.define("boolean", "<x-:b>", (run, a) -> BooleanNode.valueOf(Values.isTrue(run, a.get(0))));
        Library.define("not", "<x-:b>", (run, a) -> BooleanNode.valueOf(!Values.isTrue(run, a.get(0))));
    }

    private static JsonNode floored(JsonNode number) {
        return Numbers.of(Math.floor(Numbers.value(number)));
    }

    private static JsonNode number(Evaluation run, List<JsonNode> a) {
        var value = a.get(0);
        if (value.isNumber()) {
            return value;
        }
        if (value.isBoolean()) {
            return Numbers.of(value.booleanValue() ? 1 : 0);
        }
        if (value.isTextual()) {
            var text = value.textValue();
            run.spendCharacters(16L * text.length());
            if (DECIMAL.matcher(text).matches()) {
                return Numbers.of(Double.parseDouble(text));
            }
            if (PREFIXED.matcher(text).matches()) {
                int radix = switch (text.charAt(1)) {
                    case 'x', 'X' -> 16;
                    case 'o', 'O' -> 8;
                    default -> 2;
                };
                return Numbers.of(new BigInteger(text.substring(2), radix).doubleValue());
            }
        }
        throw new JsonataException("D3030", "Unable to cast value to a number: " + Values.quoted(run, value));
    }

    private static JsonNode sqrt(Evaluation run, List<JsonNode> a) {
        double value = Numbers.value(a.get(0));
        if (value < 0) {
            throw new JsonataException(
                    "D3060", "The sqrt function cannot be applied to a negative number: " + Numbers.text(a.get(0)));
        }
        return Numbers.of(Math.sqrt(value));
    }

    private static JsonNode power(Evaluation run, List<JsonNode> a) {
        if (!Values.isDefined(a.get(1))) {
            return Values.UNDEFINED;
        }
        // StrictMath: the same bits on every machine.
        double result = StrictMath.pow(Numbers.value(a.get(0)), Numbers.value(a.get(1)));
        if (Double.isInfinite(result) || Double.isNaN(result)) {
            throw new JsonataException(
                    "D3061",
                    "The power function has resulted in a value that cannot be represented as a JSON number: base="
                            + Numbers.text(a.get(0)) + ", exponent=" + Numbers.text(a.get(1)));
        }
        return Numbers.of(result);
    }

    private static JsonNode formatBase(Evaluation run, List<JsonNode> a) {
        double radix = Values.isDefined(a.get(1)) ? Numbers.value(a.get(1)) : 10;
        if (!(radix >= 2 && radix <= 36)) {
            throw new JsonataException(
                    "D3100",
                    "The radix of the formatBase function must be between 2 and 36.  It was given "
                            + Numbers.text(a.get(1)));
        }
        return new TextNode(Numbers.wholePart(a.get(0)).toString((int) radix));
    }

    private static JsonNode nonEmpty(Evaluation run, JsonNode numbers, double first, DoubleBinaryOperator operator) {
        return numbers.isEmpty() ? Values.UNDEFINED : fold(run, numbers, first, operator);
    }

    private static JsonNode fold(Evaluation run, JsonNode numbers, double first, DoubleBinaryOperator operator) {
        double result = first;
        for (var number : numbers) {
            run.spend(1);
            result = operator.applyAsDouble(result, Numbers.value(number));
        }
        return Numbers.of(result);
    }
}
