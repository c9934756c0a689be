package io.stepstream.asl.parse;

import io.stepstream.asl.model.QueryLanguage;
import io.stepstream.asl.model.State;
import io.stepstream.asl.model.Workflow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads states that lead from one to another, and checks that they do: every target is there, every state is reachable
 * and some reachable state is an end.
 */
final class WorkflowParser {

    private final QueryLanguage machineLanguage;
    private final boolean express;
    private final KnownServices services;

    /** Of the whole machine: no name may come twice in it. */
    private final Set<String> names = new HashSet<>();

    private final VariableScopes variables = new VariableScopes();
    private final NavigableMap<String, NavigableSet<String>> references = new TreeMap<>();
    private int depth;

    WorkflowParser(QueryLanguage machineLanguage, boolean express, KnownServices services) {
        this.machineLanguage = machineLanguage;
        this.express = express;
        this.services = services;
    }

    KnownServices services() {
        return services;
    }

    /** Of the whole machine, as far as it is read. */
    VariableScopes variables() {
        return variables;
    }

    /** By state, the variables that it looks into; only states that do. */
    NavigableMap<String, NavigableSet<String>> references() {
        return references;
    }

    /** Where a state may go, and where that is written. */
    record Transition(String field, String target, String location) {}

    /** What a state's own reading says besides its model. */
    record Transitions(List<Transition> all, boolean isEnd) {
        Transitions {
            all = List.copyOf(all);
        }
    }

    /** {@code source} has StartAt and States; what else it may have is the caller's to check. */
    Optional<Workflow> parse(Source source) {
        if (depth == Limits.NESTING) {
            source.findings()
                    .error(
                            "TOO_DEEPLY_NESTED",
                            "Workflows must not be nested more than " + Limits.NESTING + " levels deep",
                            Optional.of(source.location()));
            return Optional.empty();
        }
        depth++;
        variables.open();
        var workflow = nested(source);
        variables.close();
        depth--;
        return workflow;
    }

    /** A state that belongs to no workflow. */
    Optional<State> single(String name, Source source) {
        variables.open();
        var parser = new StateParser(name, source, machineLanguage, express, this);
        var state = parser.parse();
        if (!parser.references().isEmpty()) {
            references.put(name, parser.references());
        }
        variables.close();
        return state;
    }

    private Optional<Workflow> nested(Source source) {
        source.require("States", "StartAt");
        var startAt = source.text("StartAt");
        var states = source.object("States");
        if (states.isEmpty()) {
            return Optional.empty();
        }
        if (states.get().json().isEmpty()) {
            source.schema("States", "Value cannot be empty");
            return Optional.empty();
        }
        var findings = source.findings();
        var parsed = new LinkedHashMap<String, State>();
        var transitions = new LinkedHashMap<String, Transitions>();
        for (var field : states.get().json().properties()) {
            var name = field.getKey();
            checkName(name, states.get());
            states.get().object(name).ifPresent(json -> {
                var parser = new StateParser(name, json, machineLanguage, express, this);
                parser.parse().ifPresent(state -> parsed.put(name, state));
                transitions.put(name, parser.transitions());
                if (!parser.references().isEmpty()) {
                    references.put(name, parser.references());
                }
            });
        }
        if (startAt.isEmpty()) {
            return Optional.empty();
        }
        var start = new Transition("StartAt", startAt.get(), source.at("StartAt"));
        boolean allThere = isThere(start, states.get());
        for (var from : transitions.values()) {
            for (var transition : from.all()) {
                allThere &= isThere(transition, states.get());
            }
        }
        if (allThere && findings.areErrorFree()) {
            checkReachability(start, transitions, states.get());
        }
        return Optional.of(new Workflow(startAt.get(), parsed));
    }

    private void checkName(String name, Source states) {
        int length = name.codePointCount(0, name.length());
        if (length == 0 || length > Limits.STATE_NAME) {
            states.findings()
                    .error(
                            "INVALID_STATE_NAME",
                            "The name of a state must have 1 to " + Limits.STATE_NAME + " characters",
                            Optional.of(states.at(name)));
        }
        if (!names.add(name)) {
            states.findings()
                    .error("DUPLICATE_STATE_NAME", "Duplicate State name: " + name, Optional.of(states.at(name)));
        }
    }

    private static boolean isThere(Transition transition, Source states) {
        if (states.has(transition.target())) {
            return true;
        }
        states.findings()
                .error(
                        "MISSING_TRANSITION_TARGET",
                        "Missing '" + transition.field() + "' target: " + transition.target(),
                        Optional.of(transition.location()));
        return false;
    }

    private static void checkReachability(Transition start, Map<String, Transitions> transitions, Source states) {
        var reached = new HashSet<String>();
        var next = new ArrayDeque<String>();
        boolean ends = false;
        next.add(start.target());
        reached.add(start.target());
        while (!next.isEmpty()) {
            var from = transitions.get(next.remove());
            if (from == null) {
                continue;
            }
            ends |= from.isEnd();
            for (var transition : from.all()) {
                if (reached.add(transition.target())) {
                    next.add(transition.target());
                }
            }
        }
        for (var name : new ArrayList<>(transitions.keySet())) {
            if (!reached.contains(name)) {
                states.findings()
                        .error(
                                "MISSING_TRANSITION_TARGET",
                                "State \"" + name + "\" is not reachable.",
                                Optional.of(states.at(name)));
            }
        }
        if (!ends) {
            states.findings().error("MISSING_END_STATE", "Workflow has no terminal state", Optional.empty());
        }
    }
}
