package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Envs;
import io.stepstream.asl.query.Payload;
import io.stepstream.schemas.Json;
import java.time.Instant;
import java.util.Optional;

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

    private static Env around(JsonNode v) {
        var drawn = new long[1];
        return new Env(
                Payload.ofTree(v),
                MissingNode::getInstance,
                name -> name.equals("v") ? Optional.of(v) : Optional.empty(),
                NOW,
                () -> ++drawn[0] * 0x9E3779B97F4A7C15L);
    }
}
