package io.stepstream.asl.run;

import io.stepstream.asl.model.QueryLanguage;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Payload;
import io.stepstream.asl.query.Variables;
import java.util.Map;
import java.util.Optional;

/**
 * The variables of scopes. Each has a row of its own with the scope that assigned it, so that neither a step nor the start of
 * an iteration copies any. Inner scopes look outwards, and the definition says how far: no name is assigned on two levels.
 *
 * <p>That makes them the values on entry to the state, as the language wants it: while a state runs, nobody assigns in its
 * scope, and while a Parallel or Map runs, nobody assigns in the scopes around it.
 */
final class ScopeVariables {

    private final Run run;

    ScopeVariables(Run run) {
        this.run = run;
    }

    /** What the states of a scope see. */
    Variables of(Scope scope) {
        return name -> {
            var at = scope;
            while (!run.machine.assignedBeside(at.state).contains(name)) {
                if (at.isRoot()) {
                    return Optional.empty();
                }
                at = run.memory.scope(run.memory.fanOut(at.fanOut).parent);
            }
            return variable(at, name).map(Payload::tree);
        };
    }

    private Optional<Payload> variable(Scope scope, String name) {
        return scope.variableBytes == 0 ? Optional.empty() : run.memory.variable(scope, name);
    }

    /** Why these values cannot be assigned, if they are too large. */
    Optional<Failure> refusal(Scope scope, Map<String, Payload> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        long bytes = 0;
        long replaced = 0;
        for (var value : values.entrySet()) {
            bytes += length(value.getValue());
            replaced +=
                    variable(scope, value.getKey()).map(ScopeVariables::length).orElse(0L);
        }
        if (bytes > run.limits.assignBytes()) {
            return Optional.of(refusal(scope, "The variables assigned by a state", run.limits.assignBytes()));
        }
        if (run.progress.variableBytes + bytes - replaced > run.limits.variablesBytes()) {
            return Optional.of(refusal(scope, "The variables of the execution", run.limits.variablesBytes()));
        }
        return Optional.empty();
    }

    private Failure refusal(Scope scope, String what, int limit) {
        var cause = what + " exceed the maximum size of " + limit + " bytes.";
        boolean isJsonata = run.state(scope).fields().queryLanguage() == QueryLanguage.JSONATA;
        return Failure.in(scope, isJsonata ? AslFailure.evaluation("Assign", cause) : AslFailure.runtime(cause));
    }

    void assign(Scope scope, Map<String, Payload> values) {
        values.forEach((name, value) -> {
            long more = length(value)
                    - variable(scope, name).map(ScopeVariables::length).orElse(0L);
            scope.variableBytes += more;
            run.progress.variableBytes += more;
            run.memory.putVariable(scope, name, value);
        });
    }

    /** Ends a scope, and with it all that it has assigned. */
    void endWith(Scope scope) {
        if (scope.variableBytes > 0) {
            run.progress.variableBytes -= scope.variableBytes;
            run.machine.assignedBeside(scope.state).forEach(name -> run.memory.removeVariable(scope, name));
        }
        run.memory.remove(scope);
    }

    private static long length(Payload value) {
        return Run.utf8Length(value.text());
    }
}
