package io.stepstream.asl.model;

import java.util.List;

/** One entry of Catch. */
public record Catcher(List<String> errorEquals, String next, StateFields.ResultPath resultPath) {

    public Catcher {
        errorEquals = List.copyOf(errorEquals);
    }
}
