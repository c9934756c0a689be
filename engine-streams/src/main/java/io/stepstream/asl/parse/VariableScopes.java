package io.stepstream.asl.parse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which workflow of a definition assigns which variables. An inner one reads the variables of those around it, but must not
 * assign them, wherever in the outer one that happens: so what a name means never depends on the course of an execution.
 */
final class VariableScopes {

    private static final class Scope {
        final @Nullable Scope around;

        /** Where the name is assigned first. */
        final Map<String, String> assigned = new LinkedHashMap<>();

        Scope(@Nullable Scope around) {
            this.around = around;
        }
    }

    private final List<Scope> all = new ArrayList<>();
    private @Nullable Scope innermost;

    /** A workflow begins, within the one that has begun before and has not ended. */
    void open() {
        innermost = new Scope(innermost);
        all.add(innermost);
    }

    void close() {
        innermost = now().around;
    }

    void assigned(String name, String location) {
        now().assigned.putIfAbsent(name, location);
    }

    private Scope now() {
        if (innermost == null) {
            throw new IllegalStateException("Expected to be within a workflow, but none is open");
        }
        return innermost;
    }

    /** To be asked when everything is read. */
    void check(Findings findings) {
        for (var scope : all) {
            scope.assigned.forEach((name, location) -> {
                for (var outer = scope.around; outer != null; outer = outer.around) {
                    if (outer.assigned.containsKey(name)) {
                        findings.schema(
                                location,
                                "The variable '" + name
                                        + "' is assigned in an outer scope and cannot be assigned here");
                        break;
                    }
                }
            });
        }
    }
}
