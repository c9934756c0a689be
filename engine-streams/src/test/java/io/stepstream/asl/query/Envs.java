package io.stepstream.asl.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/** What expressions look at in tests, from JSON written with single quotes. */
public final class Envs {

    private Envs() {}

    public static JsonNode json(String text) {
        try {
            return Payload.parse(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Expected JSON, but it is " + text, e);
        }
    }

    public static Env of(String input) {
        return of(input, "{}");
    }

    public static Env of(String input, String context) {
        return new Env(
                Payload.ofText(input.replace('\'', '"')),
                () -> json(context),
                name -> name.equals("v") ? Optional.of(json("{'a':[1,2]}")) : Optional.empty(),
                Instant.EPOCH,
                draws());
    }

    private static Env.Draws draws() {
        LongUnaryOperator next = n -> n * 0x9E3779B97F4A7C15L;
        var drawn = new long[1];
        return () -> next.applyAsLong(++drawn[0]);
    }
}
