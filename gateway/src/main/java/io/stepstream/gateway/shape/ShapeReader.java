package io.stepstream.gateway.shape;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.api.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Reads a request in one pass, led by its shape: known members of the right type are kept, null is absence, unknown members
 * are skipped without being built.
 */
final class ShapeReader {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ShapeReader() {}

    static ObjectNode read(byte[] json, Shape shape) {
        try (var parser = Json.shared().getFactory().createParser(json)) {
            var start = parser.nextToken();
            if (start != JsonToken.START_OBJECT) {
                throw wrong("Expected a JSON object as the request's body, but found "
                        + (start == null ? "nothing" : described(start)));
            }
            var request = structure(parser, shape, "");
            if (parser.nextToken() != null) {
                throw wrong("Expected the request's body to end after its JSON object, but more follows");
            }
            return request;
        } catch (JsonProcessingException e) {
            throw wrong("Expected the request's body to be JSON in UTF-8, but: " + e.getOriginalMessage());
        } catch (IOException e) {
            // A decoder's complaint about the bytes themselves: the array cannot fail otherwise.
            throw wrong("Expected the request's body to be JSON in UTF-8, but: " + e.getMessage());
        } catch (UncheckedIOException e) {
            throw wrong("Expected the request's body to be JSON in UTF-8, but: " + e.getMessage());
        }
    }

    private static ObjectNode structure(JsonParser parser, Shape shape, String path) throws IOException {
        var object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            var member = shape.members().get(name);
            var token = parser.nextToken();
            if (member == null) {
                parser.skipChildren();
            } else {
                put(object, name, member, token, parser, path);
            }
        }
        return object;
    }

    private static ObjectNode map(JsonParser parser, Shape shape, String path) throws IOException {
        var object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = text(parser.currentName(), path);
            put(object, name, shape.element().orElseThrow(), parser.nextToken(), parser, path);
        }
        return object;
    }

    private static void put(
            ObjectNode object, String name, Shape shape, JsonToken token, JsonParser parser, String path)
            throws IOException {
        var memberPath = path.isEmpty() ? name : path + "." + name;
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        // Taking the first or the last of two would lose what the caller sent; which one, only a parser's habit
        // decides.
        if (object.has(name)) {
            throw wrong("Expected each member once, but '" + memberPath + "' appears twice");
        }
        object.set(name, value(parser, token, shape, memberPath));
    }

    private static JsonNode value(JsonParser parser, JsonToken token, Shape shape, String path) throws IOException {
        return switch (shape.kind()) {
            case STRUCTURE -> {
                expect(token == JsonToken.START_OBJECT, "a JSON object", token, path);
                yield structure(parser, shape, path);
            }
            case MAP -> {
                expect(token == JsonToken.START_OBJECT, "a JSON object", token, path);
                yield map(parser, shape, path);
            }
            case LIST -> {
                expect(token == JsonToken.START_ARRAY, "a JSON array", token, path);
                yield list(parser, shape, path);
            }
            case STRING -> {
                expect(token == JsonToken.VALUE_STRING, "a string", token, path);
                yield NODES.textNode(text(parser.getText(), path));
            }
            case BOOLEAN -> {
                expect(token.isBoolean(), "true or false", token, path);
                yield NODES.booleanNode(token == JsonToken.VALUE_TRUE);
            }
            case INTEGER -> {
                expect(token == JsonToken.VALUE_NUMBER_INT, "an integer", token, path);
                yield NODES.numberNode(parser.getIntValue());
            }
            case LONG -> {
                expect(token == JsonToken.VALUE_NUMBER_INT, "an integer", token, path);
                yield NODES.numberNode(parser.getLongValue());
            }
            case FLOAT, TIMESTAMP -> {
                expect(token.isNumeric(), "a number", token, path);
                yield NODES.numberNode(parser.getDecimalValue());
            }
        };
    }

    private static JsonNode list(JsonParser parser, Shape shape, String path) throws IOException {
        var list = NODES.arrayNode();
        for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            var itemPath = path + "." + (list.size() + 1) + ".member";
            expect(token != JsonToken.VALUE_NULL, "a value", token, itemPath);
            list.add(value(parser, token, shape.element().orElseThrow(), itemPath));
        }
        return list;
    }

    private static String text(String text, String path) {
        if (JsonText.hasLoneSurrogate(text)) {
            throw wrong("Expected text at '" + path + "', but it contains half of a surrogate pair");
        }
        return text;
    }

    private static void expect(boolean fits, String what, JsonToken found, String path) {
        if (!fits) {
            throw wrong("Expected " + what + " at '" + path + "', but found " + described(found));
        }
    }

    private static String described(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "a JSON object";
            case START_ARRAY -> "a JSON array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "an integer";
            case VALUE_NUMBER_FLOAT -> "a number with a fraction";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> token.toString();
        };
    }

    private static ApiException wrong(String message) {
        return new ApiException(ErrorCode.SerializationException, message);
    }
}
