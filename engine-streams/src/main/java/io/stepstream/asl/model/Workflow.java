package io.stepstream.asl.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** States that lead from one to another: a machine's own, a Parallel branch's or a Map's processor. Closed in itself. */
public record Workflow(String startAt, Map<String, State> states) {

    public Workflow {
        states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
    }

    public Optional<State> state(String name) {
        return Optional.ofNullable(states.get(name));
    }
}
