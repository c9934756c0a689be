package io.stepstream.asl.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** One JSON object of a definition with its place in it. Whoever asks for a field has its form checked. */
record Source(ObjectNode json, String place, Findings findings) {

    /** As diagnostics name it: the top is {@code /}. */
    String location() {
        return place.isEmpty() ? "/" : place;
    }

    String at(String field) {
        return place + "/" + field;
    }

    boolean has(String field) {
        return json.has(field);
    }

    void schema(String message) {
        findings.schema(location(), message);
    }

    void schema(String field, String message) {
        findings.schema(at(field), message);
    }

    void require(String... fields) {
        var missing = new ArrayList<String>();
        for (var field : fields) {
            if (!has(field)) {
                missing.add(field);
            }
        }
        if (!missing.isEmpty()) {
            schema("These fields are required: " + missing);
        }
    }

    void allowOnly(Set<String> fields) {
        json.fieldNames().forEachRemaining(field -> {
            if (!fields.contains(field)) {
                schema("Field '" + field + "' is not supported");
            }
        });
    }

    /** Complains if both are there. */
    void exclude(String one, String other) {
        if (has(one) && has(other)) {
            schema("Only one of the fields '" + one + "' and '" + other + "' may be specified");
        }
    }

    Optional<JsonNode> get(String field) {
        return Optional.ofNullable(json.get(field));
    }

    Optional<String> text(String field) {
        return get(field)
                .filter(node -> check(node.isTextual(), field, "String"))
                .map(JsonNode::textValue);
    }

    Optional<Boolean> bool(String field) {
        return get(field)
                .filter(node -> check(node.isBoolean(), field, "Boolean"))
                .map(JsonNode::booleanValue);
    }

    /** The strings of an array, which must have some. */
    List<String> texts(String field) {
        var all = new ArrayList<String>();
        var array = get(field).filter(node -> check(node.isArray(), field, "Array"));
        if (array.isPresent() && array.get().isEmpty()) {
            schema(field, "Value cannot be empty");
        }
        for (var element : array.orElseGet(MissingNode::getInstance)) {
            if (check(element.isTextual(), field + "[" + all.size() + "]", "String")) {
                all.add(element.textValue());
            } else {
                return List.of();
            }
        }
        return all;
    }

    OptionalLong whole(String field, long min, long max) {
        var node = get(field).filter(found -> check(found.isIntegralNumber(), field, "Integer"));
        if (node.isEmpty()) {
            return OptionalLong.empty();
        }
        long value = node.get().canConvertToLong() ? node.get().longValue() : Long.MAX_VALUE;
        if (value < min || value > max) {
            schema(field, "The value must be an integer from " + min + " to " + max);
            return OptionalLong.empty();
        }
        return OptionalLong.of(value);
    }

    Optional<Source> object(String field) {
        return get(field)
                .filter(node -> check(node.isObject(), field, "Object"))
                .map(node -> new Source((ObjectNode) node, at(field), findings));
    }

    /** The objects of an array, which must have some. */
    List<Source> objects(String field) {
        var all = new ArrayList<Source>();
        var array = get(field).filter(node -> check(node.isArray(), field, "Array"));
        if (array.isPresent() && array.get().isEmpty()) {
            schema(field, "Value cannot be empty");
        }
        for (var element : array.orElseGet(MissingNode::getInstance)) {
            int index = all.size();
            if (element instanceof ObjectNode object) {
                all.add(new Source(object, at(field) + "[" + index + "]", findings));
            } else {
                schema(field + "[" + index + "]", "Expected value of type Object");
                return List.of();
            }
        }
        return all;
    }

    /** What {@code compile} makes of a string; its refusal becomes a diagnostic that starts with {@code complaint}. */
    <T> Optional<T> compiled(String field, String complaint, Function<String, T> compile) {
        return text(field).flatMap(text -> {
            try {
                return Optional.of(compile.apply(text));
            } catch (IllegalArgumentException e) {
                schema(field, complaint + ": " + e.getMessage());
                return Optional.empty();
            }
        });
    }

    private boolean check(boolean holds, String field, String type) {
        if (!holds) {
            schema(field, "Expected value of type " + type);
        }
        return holds;
    }
}
