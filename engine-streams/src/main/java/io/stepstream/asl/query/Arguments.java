package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an intrinsic function is called with, and the complaints about it.
 *
 * @param call the call's text, which every failure quotes
 * @param pieces the first argument cut at each {@code {}}, where it is a literal string
 */
record Arguments(
        String call, List<JsonNode> values, @Nullable List<String> pieces, Env.Draws draws) {

    int size() {
        return values.size();
    }

    JsonNode get(int index) {
        return values.get(index);
    }

    String text(int index) throws AslFailure {
        if (!get(index).isTextual()) {
            throw wrong(index, "a string");
        }
        return get(index).textValue();
    }

    /** A string of the length that hashing and encoding accept. */
    String shortText(int index) throws AslFailure {
        return checked(text(index));
    }

    String checked(String text) throws AslFailure {
        if (text.length() > Intrinsic.MAX_CHARACTERS) {
            throw failure(
                    "Expected at most " + Intrinsic.MAX_CHARACTERS + " characters, but there are " + text.length());
        }
        return text;
    }

    ArrayNode array(int index) throws AslFailure {
        if (get(index) instanceof ArrayNode array) {
            return array;
        }
        throw wrong(index, "an array");
    }

    ObjectNode object(int index) throws AslFailure {
        if (get(index) instanceof ObjectNode object) {
            return object;
        }
        throw wrong(index, "an object");
    }

    /** A number, rounded half up to a 32-bit integer. */
    int rounded(int index) throws AslFailure {
        if (!get(index).isNumber()) {
            throw wrong(index, "a number");
        }
        double value = get(index).doubleValue();
        if (!(value >= Integer.MIN_VALUE - 0.5 && value < Integer.MAX_VALUE + 0.5)) {
            throw wrong(index, "a 32-bit integer");
        }
        return Math.toIntExact(Math.round(value));
    }

    AslFailure wrong(int index, String expected) {
        return failure("Expected argument " + (index + 1) + " to be " + expected);
    }

    AslFailure failure(String sentence) {
        return new AslFailure(
                "States.IntrinsicFailure", "The function '" + call + "' had the following error: " + sentence);
    }
}
