package io.stepstream.asl.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** States that lead from one to another: a machine's own, a Parallel branch's or a Map's processor. Closed in itself. */
public record Workflow(String startAt, Map<String, State> states) {

    public Workflow {
        states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
    }

    /** The variables that its states assign, those of inner workflows not counted; in order. */
    Set<String> assigned() {
        var names = new TreeSet<String>();
        for (var state : states.values()) {
            var fields = state.fields();
            fields.assign().ifPresent(assign -> names.addAll(assign.names()));
            for (var catcher : fields.catchers()) {
                catcher.assign().ifPresent(assign -> names.addAll(assign.names()));
            }
            if (state instanceof State.Choice choice) {
                for (var rule : choice.rules()) {
                    rule.assign().ifPresent(assign -> names.addAll(assign.names()));
                }
            }
        }
        return Collections.unmodifiableSet(names);
    }

    public Optional<State> state(String name) {
        return Optional.ofNullable(states.get(name));
    }
}
