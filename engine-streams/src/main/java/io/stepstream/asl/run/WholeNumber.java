package io.stepstream.asl.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.jsonata.JsonataTemplate;
import io.stepstream.schemas.Json;
import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads a number of seconds that a path has found. */
final class WholeNumber {

    /** What surely fits into 64 bits. */
    private static final Pattern TEXT = Pattern.compile("-?[0-9]{1,18}");

    private static final int MAX_DIGITS = 18;

    private WholeNumber() {}

    /** Fails as AWS does for what is no whole number or below zero. */
    static long read(JsonNode value, String field, String path) throws AslFailure {
        long number = of(value)
                .orElseThrow(() -> AslFailure.runtime("The " + field + " parameter cannot be parsed as a long value: "
                        + path + " == " + text(value)));
        if (number < 0) {
            throw AslFailure.runtime(
                    "The " + field + " parameter references a negative value: " + path + " == " + number);
        }
        return number;
    }

    /** What a JSONata field gives; fails as an evaluation does for what is no whole number or below zero. */
    static long read(JsonataTemplate field, Env env) throws AslFailure {
        var value = field.evaluate(env);
        var number = value.isNumber() ? value.decimalValue().stripTrailingZeros() : BigDecimal.valueOf(-1);
        if (number.signum() < 0 || number.scale() > 0 || number.precision() - number.scale() > MAX_DIGITS) {
            throw field.unexpected(value, "non-negative integer");
        }
        return number.longValueExact();
    }

    /** A number, or (recorded on AWS) a string that reads as one; empty for all else. */
    static OptionalLong of(JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return OptionalLong.of(value.longValue());
        }
        if (value.isTextual() && TEXT.matcher(value.textValue()).matches()) {
            return OptionalLong.of(Long.parseLong(value.textValue()));
        }
        return OptionalLong.empty();
    }

    /** Strings bare, all else as JSON. */
    static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : Json.text(value);
    }
}
