package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Envs;
import io.stepstream.schemas.Json;
import java.time.Instant;
import java.util.Map;

/** Evaluates expressions in tests; {@code $v} is what they look at. */
final class Evaluations {

    static final Instant NOW = Instant.parse("2026-11-22T10:20:30.456Z");

    private Evaluations() {}

    /** The value as JSON text, or {@code !} and the failure's cause without the words that quote the expression. */
    static String of(String expression, String v) {
        return of(Jsonata.compile(expression), Envs.json(v));
    }

    static String of(Jsonata compiled, JsonNode v) {
        try {
            return Json.text(compiled.evaluate(around(v), "Output"));
        } catch (AslFailure failure) {
            var cause = failure.causeText();
            int end = cause.indexOf("'Output'");
            return "!" + cause.substring(end + "'Output' ".length());
        }
    }

    static Surroundings around(JsonNode v) {
        var drawn = new long[1];
        return new Surroundings(
                name -> name.equals("input") ? v : null, Map.of("v", v), NOW, () -> ++drawn[0] * 0x9E3779B97F4A7C15L);
    }
}
