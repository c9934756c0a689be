package io.stepstream.asl.run;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Scopes and fan-outs that have ended, but whose rows are still there: a failure may yet be caught, and then they go, or end
 * the execution, and then a redrive begins with them. Holds them as they were when they ended, so that it can.
 */
final class Leftovers {

    private final Run run;
    private final Map<Long, Scope> scopes = new LinkedHashMap<>();
    private final Map<Long, FanOut> fanOuts = new LinkedHashMap<>();

    Leftovers(Run run) {
        this.run = run;
    }

    void add(Scope scope) {
        scopes.put(scope.id, scope);
    }

    void add(FanOut fanOut) {
        fanOuts.put(fanOut.id, fanOut);
    }

    boolean has(long scope) {
        return scopes.containsKey(scope);
    }

    /** Nobody will come back to them. */
    void remove() {
        fanOuts.values().forEach(fanOut -> run.memory.remove(fanOut, run.limits.pageEntries()));
        scopes.values().forEach(run.variables::endWith);
        fanOuts.clear();
        scopes.clear();
    }
}
