package io.stepstream.asl.model;

import io.stepstream.asl.query.Assign;
import io.stepstream.asl.query.jsonata.JsonataTemplate;
import java.util.List;
import java.util.Optional;

/** One entry of Catch. */
public record Catcher(
        List<String> errorEquals,
        String next,
        StateFields.ResultPath resultPath,
        Optional<Assign> assign,
        Optional<JsonataTemplate> output) {

    public Catcher {
        errorEquals = List.copyOf(errorEquals);
    }
}
