package io.stepstream.asl.model;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * A parsed and valid definition. Immutable; made once per revision and shared by all its executions.
 *
 * @param timeoutSeconds of the whole execution, empty for none
 * @param assigned by the name of a state, the variables that its workflow assigns
 * @param references by the name of a state, the variables that it looks into; only states that do
 * @param states every state of the machine, those of branches and processors included: names are unique in all of it
 */
public record StateMachine(
        Workflow workflow,
        QueryLanguage queryLanguage,
        OptionalLong timeoutSeconds,
        Map<String, State> states,
        Map<String, Set<String>> assigned,
        NavigableMap<String, NavigableSet<String>> references) {

    public StateMachine {
        states = Map.copyOf(states);
        assigned = Map.copyOf(assigned);
        references = Collections.unmodifiableNavigableMap(new TreeMap<>(references));
    }

    public static StateMachine of(
            Workflow workflow,
            QueryLanguage queryLanguage,
            OptionalLong timeoutSeconds,
            NavigableMap<String, NavigableSet<String>> references) {
        var all = new HashMap<String, State>();
        var assigned = new HashMap<String, Set<String>>();
        collect(workflow, all, assigned);
        return new StateMachine(workflow, queryLanguage, timeoutSeconds, all, assigned, references);
    }

    private static void collect(Workflow workflow, Map<String, State> all, Map<String, Set<String>> assigned) {
        var names = workflow.assigned();
        for (var state : workflow.states().values()) {
            all.put(state.name(), state);
            assigned.put(state.name(), names);
            if (state instanceof State.Parallel parallel) {
                parallel.branches().forEach(branch -> collect(branch, all, assigned));
            } else if (state instanceof State.MapState map) {
                collect(map.processor(), all, assigned);
            }
        }
    }

    /** The variables that this state and those of its workflow assign: what its scope may come to own. */
    public Set<String> assignedBeside(String state) {
        return assigned.getOrDefault(state, Set.of());
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
