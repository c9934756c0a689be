package io.stepstream.schemas.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.stepstream.schemas.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Whether text that a caller sent is JSON. Reads it as a stream: a payload is kept as text, and a tree of it would cost more
 * than all the rest of the request.
 */
public final class JsonText {

    /** Bytes of UTF-8 that a payload may have: execution input, task output. */
    public static final int MAX_PAYLOAD_BYTES = 262_144;

    private JsonText() {}

    /** What is wrong, in Jackson's words without the place; empty for one JSON value of any kind. */
    public static Optional<String> problem(String text) {
        boolean escapesUnicode = text.contains("\\u");
        try (var parser = Json.shared().getFactory().createParser(text)) {
            if (parser.nextToken() == null) {
                return Optional.of("No content to map due to end-of-input");
            }
            int depth = 0;
            boolean complete = false;
            for (var token = parser.currentToken(); token != null; token = parser.nextToken()) {
                if (complete) {
                    return Optional.of("Trailing token (of type " + token + ") found after value");
                }
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (escapesUnicode
                        && (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME)
                        && hasLoneSurrogate(parser.getText())) {
                    return Optional.of("A string contains half of a surrogate pair, which no UTF-8 text can carry");
                }
                complete = depth == 0;
            }
            return Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.of(e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to read text from memory, but failed", e);
        }
    }

    /** True for text that is no sequence of Unicode characters and would be changed by writing it. */
    public static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return true;
            }
        }
        return false;
    }

    /** Length of the text in UTF-8, without making the bytes. The text has no lone surrogates. */
    public static int utf8Length(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return length;
    }
}
