package io.stepstream.gateway.ingress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record's value in the form that the API's requests have.
 *
 * <p>In the API a payload is a string that holds JSON text. A topic's producers may also write it as what it is: a payload
 * that is an object, an array, a number or a boolean stands for its own text, without the white space between its tokens and
 * otherwise to the letter. A string is always taken as in the API.
 */
final class ApiRequest {

    private static final String TYPE = "type";

    private final Optional<String> type;
    private final byte[] json;

    private ApiRequest(Optional<String> type, byte[] json) {
        this.type = type;
        this.json = json;
    }

    /** The member {@code type}, if it is a string. */
    Optional<String> type() {
        return type;
    }

    /** A request of the API in UTF-8, as far as the value was JSON at all. */
    byte[] json() {
        return json;
    }

    /** Reads a record's value whose member {@code payload} may be written as what it is. */
    static ApiRequest read(byte @Nullable [] value, String payload) {
        if (value == null) {
            throw new ApiException(
                    ErrorCode.SerializationException, "Expected a JSON object as value, but there is none");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ApiException(
                    ErrorCode.SerializationException, "Expected JSON in UTF-8, but the bytes are not UTF-8");
        }
        try (var parser = Json.shared().getFactory().createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new ApiRequest(Optional.empty(), value);
            }
            var type = Optional.<String>empty();
            int start = -1;
            int end = -1;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = parser.currentName();
                var token = parser.nextToken();
                if (name.equals(TYPE) && token == JsonToken.VALUE_STRING) {
                    type = Optional.of(parser.getText());
                } else if (name.equals(payload) && token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NULL) {
                    start = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
                    if (token.isStructStart()) {
                        parser.skipChildren();
                        end = Math.toIntExact(parser.currentLocation().getCharOffset());
                    } else {
                        end = start + parser.getTextLength();
                    }
                } else {
                    parser.skipChildren();
                }
            }
            return new ApiRequest(type, start < 0 ? value : quoted(text, start, end));
        } catch (JsonProcessingException e) {
            throw new ApiException(
                    ErrorCode.SerializationException,
                    "Expected a JSON object as value, but: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to read text from memory, but failed", e);
        }
    }

    private static byte[] quoted(String text, int start, int end) {
        var compact = compact(text, start, end);
        var quoted =
                new StringBuilder(text.length() + 64).append(text, 0, start).append('"');
        JsonStringEncoder.getInstance().quoteAsString(compact, quoted);
        return quoted.append('"').append(text, end, text.length()).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The JSON text between these places, which is known to be well-formed, without the white space around its tokens. */
    private static StringBuilder compact(String text, int start, int end) {
        var compact = new StringBuilder(end - start);
        boolean inString = false;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (inString) {
                compact.append(c);
                if (c == '\\') {
                    i++;
                    compact.append(text.charAt(i));
                } else if (c == '"') {
                    inString = false;
                }
            } else if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                compact.append(c);
                inString = c == '"';
            }
        }
        return compact;
    }
}
