package io.stepstream.asl.model;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A parsed and valid definition. Immutable; made once per revision and shared by all its executions.
 *
 * @param timeoutSeconds of the whole execution, empty for none
 * @param states every state of the machine, those of branches and processors included: names are unique in all of it
 */
public record StateMachine(
        Workflow workflow, QueryLanguage queryLanguage, OptionalLong timeoutSeconds, Map<String, State> states) {

    public StateMachine {
        states = Map.copyOf(states);
    }

    public static StateMachine of(Workflow workflow, QueryLanguage queryLanguage, OptionalLong timeoutSeconds) {
        var all = new HashMap<String, State>();
        collect(workflow, all);
        return new StateMachine(workflow, queryLanguage, timeoutSeconds, all);
    }

    private static void collect(Workflow workflow, Map<String, State> all) {
        for (var state : workflow.states().values()) {
            all.put(state.name(), state);
            if (state instanceof State.Parallel parallel) {
                parallel.branches().forEach(branch -> collect(branch, all));
            } else if (state instanceof State.MapState map) {
                collect(map.processor(), all);
            }
        }
    }

    /** The state of that name, which must exist: definitions are checked before anything runs. */
    public State state(String name) {
        var state = states.get(name);
        if (state == null) {
            throw new IllegalStateException("Expected the definition to have a state '" + name + "', but it has none");
        }
        return state;
    }
}
