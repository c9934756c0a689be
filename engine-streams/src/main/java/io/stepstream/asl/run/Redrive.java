package io.stepstream.asl.run;

import io.stepstream.schemas.event.HistoryEventType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Opens an execution again that ended badly: every state that was running when it ended is to be attempted once more, with
 * its original input. What had succeeded before, branches and iterations too, stays as it is.
 */
final class Redrive {

    private final Run run;

    Redrive(Run run) {
        this.run = run;
    }

    /**
     * Makes ready what is to run again.
     *
     * @return scopes whose children are there, but which have no child that goes on for them, outer before inner
     */
    List<Scope> begin() {
        var details = History.details();
        details.put("redriveCount", run.progress.redriveCount);
        long redriven = run.history.add(run.progress.lastEventId(), HistoryEventType.ExecutionRedriven, details);
        var joining = new ArrayList<Scope>();
        var open = new ArrayDeque<Scope>();
        open.push(run.memory.scope(Scope.ROOT));
        while (!open.isEmpty()) {
            var scope = open.pop();
            scope.retries = new ArrayList<>();
            scope.previousEventId = redriven;
            scope.beforeEntered = redriven;
            if (scope.awaiting.isPresent() && scope.awaiting.get() instanceof Awaiting.Children children) {
                var fanOut = run.memory.fanOut(children.fanOut());
                for (int i = fanOut.running.size() - 1; i >= 0; i--) {
                    open.push(run.memory.scope(fanOut.running.get(i).scope()));
                }
                if (fanOut.running.isEmpty() || fanOut.mayStartAnother()) {
                    joining.add(scope);
                }
            } else {
                scope.awaiting = Optional.empty();
                run.ready.addLast(scope.id);
            }
        }
        return joining;
    }
}
