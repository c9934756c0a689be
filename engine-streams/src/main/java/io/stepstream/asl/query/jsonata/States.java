package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Payload;
import java.util.List;
import java.util.Set;

/** The object that {@code $states} is. */
final class States {

    static final String NAME = "states";
    static final String ERROR_OUTPUT = "errorOutput";

    /** Its members, in their order. */
    static final List<String> MEMBERS = List.of("input", "result", ERROR_OUTPUT, "context");

    private States() {}

    /** With those members that are asked for and are there: each may cost the reading of a large text. */
    static JsonNode of(Env env, Set<String> members) {
        var states = Values.object();
        if (members.contains("input")) {
            states.set("input", env.input().tree());
        }
        if (members.contains("result")) {
            env.result().map(Payload::tree).ifPresent(result -> states.set("result", result));
        }
        if (members.contains(ERROR_OUTPUT)) {
            env.errorOutput().ifPresent(error -> states.set(ERROR_OUTPUT, error));
        }
        if (members.contains("context")) {
            states.set("context", env.context().get());
        }
        return states;
    }
}
