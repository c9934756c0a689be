package io.stepstream.gateway.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Finds every constraint of the model that a request breaks, and says so in AWS's words. */
public final class ShapeValidator {

    /** Longer values are cut in messages, so that a refusal does not send the whole request back. */
    private static final int SHOWN_CHARACTERS = 2_048;

    private final List<String> failures = new ArrayList<>();

    private ShapeValidator() {}

    /** Throws ValidationException with all broken constraints. The value has the shape's JSON types. */
    static void check(JsonNode value, Shape shape) {
        var failures = failures(value, shape);
        if (!failures.isEmpty()) {
            throw refusal(failures);
        }
    }

    /** The broken constraints, each as a sentence; empty if there are none. */
    public static List<String> failures(JsonNode value, Shape shape) {
        var validator = new ShapeValidator();
        validator.structure(value, shape, "");
        return validator.failures;
    }

    /** The refusal of a value that is too long by a measure that the model does not know (bytes); the value is not shown. */
    public static ApiException tooLong(String path, int limit) {
        return refusal(List.of("Value at '" + path
                + "' failed to satisfy constraint: Member must have length less than or equal to " + limit));
    }

    private static ApiException refusal(List<String> failures) {
        return new ApiException(
                ErrorCode.ValidationException,
                failures.size() + (failures.size() == 1 ? " validation error" : " validation errors") + " detected: "
                        + String.join("; ", failures));
    }

    private void structure(JsonNode object, Shape shape, String path) {
        for (var name : shape.required()) {
            if (!object.has(name)) {
                failures.add("Value null at '" + joined(path, name)
                        + "' failed to satisfy constraint: Member must not be null");
            }
        }
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            var memberShape = shape.members().get(member.getKey());
            if (memberShape != null) {
                value(member.getValue(), memberShape, joined(path, member.getKey()));
            }
        }
    }

    private void value(JsonNode value, Shape shape, String path) {
        switch (shape.kind()) {
            case STRUCTURE -> structure(value, shape, path);
            case LIST -> {
                length(value.size(), value, shape, path);
                for (int i = 0; i < value.size(); i++) {
                    value(value.get(i), shape.element().orElseThrow(), path + "." + (i + 1) + ".member");
                }
            }
            case MAP ->
                value.properties()
                        .forEach(entry ->
                                value(entry.getValue(), shape.element().orElseThrow(), joined(path, entry.getKey())));
            case STRING -> text(value.textValue(), value, shape, path);
            case INTEGER, LONG, FLOAT -> number(value.decimalValue(), value, shape, path);
            case BOOLEAN, TIMESTAMP -> {}
        }
    }

    private void text(String text, JsonNode value, Shape shape, String path) {
        length(text.length(), value, shape, path);
        if (shape.pattern().isPresent() && !shape.pattern().get().matcher(text).matches()) {
            fail(
                    value,
                    shape,
                    path,
                    "satisfy regular expression pattern: "
                            + shape.pattern().get().pattern());
        }
        if (!shape.allowed().isEmpty() && !shape.allowed().contains(text)) {
            fail(value, shape, path, "satisfy enum value set: [" + String.join(", ", shape.allowed()) + "]");
        }
    }

    private void length(int length, JsonNode value, Shape shape, String path) {
        if (shape.max().isPresent() && length > shape.max().getAsLong()) {
            fail(
                    value,
                    shape,
                    path,
                    "have length less than or equal to " + shape.max().getAsLong());
        }
        if (shape.min().isPresent() && length < shape.min().getAsLong()) {
            fail(
                    value,
                    shape,
                    path,
                    "have length greater than or equal to " + shape.min().getAsLong());
        }
    }

    private void number(BigDecimal number, JsonNode value, Shape shape, String path) {
        if (shape.max().isPresent()
                && number.compareTo(BigDecimal.valueOf(shape.max().getAsLong())) > 0) {
            fail(
                    value,
                    shape,
                    path,
                    "have value less than or equal to " + shape.max().getAsLong());
        }
        if (shape.min().isPresent()
                && number.compareTo(BigDecimal.valueOf(shape.min().getAsLong())) < 0) {
            fail(
                    value,
                    shape,
                    path,
                    "have value greater than or equal to " + shape.min().getAsLong());
        }
    }

    private void fail(JsonNode value, Shape shape, String path, String constraint) {
        var shown = shape.sensitive() ? "Value" : "Value '" + cut(shown(value, shape)) + "'";
        failures.add(shown + " at '" + path + "' failed to satisfy constraint: Member must " + constraint);
    }

    private static String cut(String text) {
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
    }

    /** As the service prints its own objects. */
    private static String shown(JsonNode value, Shape shape) {
        if (value.isArray()) {
            var list = new StringJoiner(", ", "[", "]");
            value.forEach(item -> list.add(shown(item, shape.element().orElseThrow())));
            return list.toString();
        }
        if (value.isObject()) {
            var object = new StringJoiner(", ", shape.name() + "(", ")");
            shape.members()
                    .forEach((name, member) -> object.add(name + "="
                            + (member.sensitive() || !value.has(name) ? null : shown(value.get(name), member))));
            return object.toString();
        }
        return value.asText();
    }

    private static String joined(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
