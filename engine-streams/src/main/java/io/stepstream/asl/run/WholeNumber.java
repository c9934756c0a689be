package io.stepstream.asl.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.schemas.Json;

/** Reads a number of seconds that a path has found. */
final class WholeNumber {

    private WholeNumber() {}

    /** Fails as AWS does for what is no whole number or below zero. */
    static long read(JsonNode value, String field, String path) throws AslFailure {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw AslFailure.runtime(
                    "The " + field + " parameter cannot be parsed as a long value: " + path + " == " + text(value));
        }
        long number = value.longValue();
        if (number < 0) {
            throw AslFailure.runtime(
                    "The " + field + " parameter references a negative value: " + path + " == " + number);
        }
        return number;
    }

    /** Strings bare, all else as JSON. */
    static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : Json.text(value);
    }
}
