package io.stepstream.asl.query;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import io.stepstream.schemas.Json;
import org.jspecify.annotations.Nullable;

/**
 * JSON that moves between states: text until somebody looks inside, a tree until somebody writes it down. What a state
 * does not touch is neither parsed nor written again, and keeps its white space, as it does in AWS.
 *
 * <p>Not safe for use by several threads; a tree is frozen by agreement.
 */
public final class Payload {

    /** Numbers stay as they are written: 1.0 is not 1, and no digit is lost. */
    private static final ObjectReader READER = Json.shared()
            .reader()
            .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    public static final Payload EMPTY_OBJECT = ofText("{}");

    private @Nullable String text;
    private @Nullable JsonNode tree;

    private Payload(@Nullable String text, @Nullable JsonNode tree) {
        this.text = text;
        this.tree = tree;
    }

    /** {@code json} must be JSON; whoever let it in has checked that. */
    @JsonCreator
    public static Payload ofText(String json) {
        return new Payload(json, null);
    }

    public static Payload ofTree(JsonNode tree) {
        return new Payload(null, tree);
    }

    /** The tree of any JSON text, with numbers as they are written. */
    public static JsonNode parse(String json) throws JsonProcessingException {
        return READER.readTree(json);
    }

    @JsonValue
    public String text() {
        var known = text;
        if (known == null) {
            known = Json.text(tree());
            text = known;
        }
        return known;
    }

    public JsonNode tree() {
        var known = tree;
        if (known == null) {
            try {
                known = parse(text());
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("Expected a payload to be JSON, but it is not", e);
            }
            tree = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return text();
    }
}
