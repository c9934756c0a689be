package io.stepstream.engine;

import io.stepstream.asl.model.State;
import io.stepstream.asl.run.Execution;
import io.stepstream.asl.run.Outside;
import io.stepstream.schemas.command.ActivityCommand;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.ServiceCall;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.schemas.command.TimerRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collects what an execution asks for during one decision. A timer that is set and cancelled in it is never written. */
final class Requests implements Outside {

    /** The service of a function that a Task names by its own ARN. */
    private static final String LAMBDA = "lambda";

    private final Execution execution;
    private final Definitions definitions;
    private final ServiceCalls calls;
    private final List<Effect> effects = new ArrayList<>();
    private final Map<DueTimer, TimerRef> set = new LinkedHashMap<>();
    private final Set<DueTimer> cancelled = new LinkedHashSet<>();

    Requests(Execution execution, Definitions definitions, ServiceCalls calls) {
        this.execution = execution;
        this.definitions = definitions;
        this.calls = calls;
    }

    private record DueTimer(Instant due, String id) {}

    @Override
    public boolean activityExists(String activityArn) {
        return definitions.hasActivity(activityArn);
    }

    @Override
    public boolean machineDeleted() {
        // Express executions are over before AWS would end them.
        return !execution.express() && definitions.isDeleted(execution.stateMachineArn(), execution.revision());
    }

    @Override
    public void offerTask(String activityArn, TaskRef task, String input) {
        effects.add(new Effect.ToActivity(new ActivityCommand.TaskOffered(
                activityArn, execution.executionArn(), task, input, execution.traceHeader())));
    }

    @Override
    public void withdrawTask(String activityArn, TaskRef task) {
        effects.add(
                new Effect.ToActivity(new ActivityCommand.TaskWithdrawn(activityArn, execution.executionArn(), task)));
    }

    @Override
    public void callService(TaskRef task, State.Resource resource, String arguments, Optional<String> roleArn) {
        var integration = resource.integration();
        var token = integration.filter(found -> found.pattern().awaitsMore()).map(found -> taskToken(task));
        var call = new ServiceCall(
                execution.executionArn(),
                task,
                resource.arn(),
                integration.map(State.Integration::service).orElse(LAMBDA),
                integration.map(State.Integration::action).orElse(""),
                arguments,
                roleArn,
                token,
                execution.traceHeader());
        calls.add(call);
        effects.add(new Effect.CallService(call));
    }

    @Override
    public void endCall(TaskRef task) {
        calls.remove(execution.executionArn(), task);
        effects.add(new Effect.EndCall(execution.executionArn(), task));
    }

    @Override
    public void stopExecution(String executionArn) {
        effects.add(new Effect.ToExecution(
                executionArn,
                new ExecutionCommand.StopExecution(
                        executionArn, Optional.empty(), Optional.empty(), Optional.empty())));
    }

    @Override
    public String taskToken(TaskRef task) {
        return calls.token(execution.executionArn(), task);
    }

    @Override
    public void setTimer(Instant due, TimerRef timer) {
        set.put(new DueTimer(due, id(timer)), timer);
    }

    @Override
    public void cancelTimer(Instant due, TimerRef timer) {
        var key = new DueTimer(due, id(timer));
        if (set.remove(key) == null) {
            cancelled.add(key);
        }
    }

    @Override
    public void continueLater(long stamp) {
        effects.add(new Effect.ToExecution(
                execution.executionArn(), new ExecutionCommand.Continue(execution.executionArn(), stamp)));
    }

    List<Effect> effects() {
        return effects;
    }

    void write(Timers<ExecutionCommand> timers) {
        var arn = execution.executionArn();
        cancelled.forEach(timer -> timers.cancel(timer.due(), arn, timer.id()));
        set.forEach((timer, ref) ->
                timers.set(timer.due(), arn, timer.id(), new ExecutionCommand.TimerDue(arn, ref, timer.due())));
    }

    /** Tells timers of one execution apart. */
    static String id(TimerRef timer) {
        return timer.kind() + " " + timer.startOffset() + " " + timer.scope() + " " + timer.stamp();
    }
}
