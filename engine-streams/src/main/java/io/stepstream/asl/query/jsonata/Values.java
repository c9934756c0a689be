package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/** What JSONata says of values: which are true, which are the same, what lies in them. All of it is counted. */
final class Values {

    static final JsonNode UNDEFINED = MissingNode.getInstance();

    private Values() {}

    static boolean isDefined(JsonNode value) {
        return !value.isMissingNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The value itself if it is an array, else an array of it alone. */
    static ArrayNode asArray(JsonNode value) {
        if (value instanceof ArrayNode array) {
            return array;
        }
        var array = array();
        if (isDefined(value)) {
            array.add(value);
        }
        return array;
    }

    /** The first array with the second one's items behind its own; undefined adds nothing. */
    static JsonNode append(Evaluation run, JsonNode first, JsonNode second) {
        if (!isDefined(first)) {
            return second;
        }
        if (!isDefined(second)) {
            return first;
        }
        var all = array();
        addAll(run, all, first);
        addAll(run, all, second);
        return all;
    }

    /** Adds a value, or each item of an array. */
    static void addAll(Evaluation run, ArrayNode to, JsonNode value) {
        if (value instanceof ArrayNode items) {
            run.spend(items.size());
            to.addAll(items);
        } else if (isDefined(value)) {
            run.spend(1);
            to.add(value);
        }
    }

    /** Undefined where nothing is found; of an array, what its members have. */
    static JsonNode field(Evaluation run, JsonNode context, String name) {
        if (context.isObject()) {
            var value = context.get(name);
            return value == null ? UNDEFINED : value;
        }
        if (!context.isArray()) {
            return UNDEFINED;
        }
        var found = new Sequence();
        run.enter();
        for (var element : context) {
            run.spend(1);
            addAll(run, found, field(run, element, name));
        }
        run.leave();
        return found;
    }

    /** Adds the value, or what lies in the arrays in it. */
    static void flatten(Evaluation run, JsonNode value, ArrayNode to) {
        if (!value.isArray()) {
            run.spend(1);
            to.add(value);
            return;
        }
        run.enter();
        for (var element : value) {
            flatten(run, element, to);
        }
        run.leave();
    }

    /** Adds the value and everything in it, arrays themselves left out. */
    static void descend(Evaluation run, JsonNode value, ArrayNode to) {
        run.enter();
        if (!value.isArray() && isDefined(value)) {
            to.add(value);
        }
        for (var child : value) {
            descend(run, child, to);
        }
        run.leave();
    }

    static boolean isTrue(Evaluation run, JsonNode value) {
        run.spend(1);
        if (value.isArray()) {
            boolean found = false;
            run.enter();
            for (int i = 0; i < value.size() && !found; i++) {
                found = isTrue(run, value.get(i));
            }
            run.leave();
            return found;
        }
        if (value.isTextual()) {
            return !value.textValue().isEmpty();
        }
        if (value.isNumber()) {
            return Numbers.value(value) != 0;
        }
        return value.isObject() ? !value.isEmpty() : value.asBoolean(false);
    }

    /** All the way down: objects in any order, and 1 is 1.0. */
    static boolean areSame(Evaluation run, JsonNode left, JsonNode right) {
        run.spend(1);
        if (left.isNumber() && right.isNumber()) {
            return Numbers.value(left) == Numbers.value(right);
        }
        if (left.isTextual() && right.isTextual()) {
            run.spendCharacters(
                    Math.min(left.textValue().length(), right.textValue().length()));
            return left.textValue().equals(right.textValue());
        }
        if (left.isArray() && right.isArray()) {
            boolean same = left.size() == right.size();
            run.enter();
            for (int i = 0; same && i < left.size(); i++) {
                same = areSame(run, left.get(i), right.get(i));
            }
            run.leave();
            return same;
        }
        if (left.isObject() && right.isObject()) {
            boolean same = left.size() == right.size();
            run.enter();
            for (var field : left.properties()) {
                var other = right.get(field.getKey());
                same = same && other != null && areSame(run, field.getValue(), other);
            }
            run.leave();
            return same;
        }
        return !left.isContainerNode() && !right.isContainerNode() && left.equals(right);
    }

    /** A text that equals those of the same values and of no others. */
    static String identity(Evaluation run, JsonNode value) {
        return JsonText.sorted(run, value);
    }

    /** The letter that signatures use for its kind; {@code m} for undefined. */
    static char kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> 's';
            case NUMBER -> 'n';
            case BOOLEAN -> 'b';
            case NULL -> 'l';
            case ARRAY -> 'a';
            case OBJECT -> 'o';
            case POJO -> 'f';
            case MISSING, BINARY -> 'm';
        };
    }

    /** As {@code $type} and our messages say it. */
    static String typeName(JsonNode value) {
        return switch (kind(value)) {
            case 's' -> "string";
            case 'n' -> "number";
            case 'b' -> "boolean";
            case 'l' -> "null";
            case 'a' -> "array";
            case 'o' -> "object";
            case 'f' -> "function";
            default -> "undefined";
        };
    }

    /** For messages: the value as JSON, a long one cut short. */
    static String quoted(Evaluation run, JsonNode value) {
        var text = value.isTextual() ? JsonText.quote(value.textValue()) : JsonText.of(run, value);
        return text.length() <= 1_000 ? text : text.substring(0, 1_000) + "...";
    }

    /** A copy that may be changed, all the way down. Tells {@code made} of the objects in it. */
    static JsonNode copy(Evaluation run, JsonNode value, Consumer<JsonNode> made) {
        run.enter();
        JsonNode result = value;
        if (value.isObject()) {
            run.spendObject(value.size());
            var copy = object();
            value.properties().forEach(field -> copy.set(field.getKey(), copy(run, field.getValue(), made)));
            made.accept(copy);
            result = copy;
        } else if (value.isArray()) {
            var copy = array();
            value.forEach(element -> copy.add(copy(run, element, made)));
            result = copy;
        }
        run.leave();
        return result;
    }
}
