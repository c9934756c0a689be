package io.stepstream.asl.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.model.ChoiceRule;
import io.stepstream.asl.model.State;
import io.stepstream.asl.model.StateMachine;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Payload;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.schemas.command.TimerRef;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.event.HistoryEventType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Runs one execution for one decision: takes in what has happened, then enters state after state until everything awaits
 * something, the execution is closed, or the work that one decision may do is done.
 *
 * <p>There is no recursion through running states. Scopes that are about to enter a state stand in a queue; a scope that goes
 * on stays at its head, new children join at its end. What a state comes to is an {@link Outcome}, and {@link #settle} carries
 * it upwards from scope to scope for as long as it ends them.
 */
public final class Interpreter {

    final Run run;
    private final TaskStep tasks;
    private final ServiceStep services;
    private final WaitStep waits;
    private final BranchStep branches;
    final ErrorFlow errors;
    private Optional<Closing> closing = Optional.empty();
    private boolean redrivable;

    public Interpreter(
            Execution execution,
            StateMachine machine,
            Progress progress,
            Memory memory,
            Outside outside,
            Instant now,
            Env.Draws draws,
            RunLimits limits) {
        this.run = new Run(execution, machine, progress, memory, outside, now, draws, limits);
        this.tasks = new TaskStep(run);
        this.services = new ServiceStep(run);
        this.waits = new WaitStep(run);
        this.branches = new BranchStep(run);
        this.errors = new ErrorFlow(run);
    }

    /** The events of this decision. */
    public List<HistoryEvent> events() {
        return run.history.events();
    }

    /**
     * How the execution ended, if it ended in this decision. Then none of its scopes and fan-outs is left, unless it is
     * {@link #redrivable}.
     */
    public Optional<Closing> closing() {
        return closing;
    }

    /** Whether the execution ended so that it can be redriven; its rows are what that begins with. */
    public boolean redrivable() {
        return redrivable;
    }

    // What can happen to an execution.
    // -----------------------------------------------------------------------------------

    public void start() {
        var execution = run.execution;
        var details =
                History.put(History.details(), "input", run.executionInput().text());
        details.put("roleArn", execution.roleArn());
        execution.stateMachineAliasArn().ifPresent(arn -> details.put("stateMachineAliasArn", arn));
        execution.stateMachineVersionArn().ifPresent(arn -> details.put("stateMachineVersionArn", arn));
        run.history.add(0, HistoryEventType.ExecutionStarted, details);
        setTimeout();
        long root = run.progress.nextScope++;
        // Follows from nothing, as ExecutionStarted itself.
        run.memory.add(new Scope(root, 0, 0, run.machine.workflow().startAt(), run.executionInput(), 0));
        run.ready.addLast(root);
        advance();
    }

    /**
     * Goes on with an execution that was {@link #redrivable} when it ended.
     *
     * @param token by which the caller knows this redrive again
     */
    public void redrive(Optional<String> token) {
        run.progress.redriven(token, run.now, RunLimits.REDRIVE_TOKENS);
        var joining = new Redrive(run).begin();
        setTimeout();
        for (var scope : joining) {
            // One of them may have failed, and that may have ended others.
            if (run.memory.hasScope(scope.id)
                    && !run.leftovers.has(scope.id)
                    && scope.awaiting.isPresent()
                    && scope.awaiting.get() instanceof Awaiting.Children children) {
                settle(scope, branches.resume(scope, run.memory.fanOut(children.fanOut())));
            }
        }
        advance();
    }

    private void setTimeout() {
        var end = end();
        if (end.isPresent()) {
            run.progress.timeout = end;
            run.progress.timeoutStamp = run.nextStamp();
            run.outside.setTimer(end.get(), executionTimer());
        }
    }

    /** When the execution is to be timed out, if it is: an Express one always. */
    private Optional<Instant> end() {
        var own = run.machine.timeoutSeconds().stream()
                .mapToObj(run.now::plusSeconds)
                .findFirst();
        var limit = run.now.plus(run.limits.longest());
        return run.execution.express() && own.filter(limit::isAfter).isEmpty() ? Optional.of(limit) : own;
    }

    /** Whether somebody is awaited to tell of the task, so that an answer to it would change something. */
    public boolean awaits(TaskRef task) {
        var awaited = awaited(task);
        return awaited.isPresent()
                && (awaited.get() instanceof Awaiting.Worker
                        || (awaited.get() instanceof Awaiting.Service service
                                && service.early().isEmpty()
                                && run.state(run.memory.scope(task.scope())) instanceof State.Task state
                                && ServiceStep.awaitsMore(state.resource())));
    }

    public void activityStarted(TaskRef task, Optional<String> workerName) {
        if (awaits(task) && awaited(task).get() instanceof Awaiting.Worker worker) {
            tasks.started(run.memory.scope(task.scope()), worker, workerName);
        }
        advance();
    }

    public void taskHeartbeat(TaskRef task, Optional<String> workerName) {
        if (awaits(task)) {
            var scope = run.memory.scope(task.scope());
            var awaited = awaited(task).get();
            if (awaited instanceof Awaiting.Worker worker) {
                tasks.heartbeat(scope, worker, workerName);
            } else if (awaited instanceof Awaiting.Service service) {
                services.heartbeat(scope, service);
            }
        }
        advance();
    }

    public void taskSucceeded(TaskRef task, Optional<String> workerName, String output) {
        if (awaits(task)) {
            var scope = run.memory.scope(task.scope());
            var awaited = awaited(task).get();
            if (awaited instanceof Awaiting.Worker worker) {
                settle(scope, tasks.succeeded(scope, worker, workerName, output));
            } else if (awaited instanceof Awaiting.Service service) {
                var told = new Awaiting.Told(Optional.of(output), Optional.empty(), Optional.empty());
                settle(scope, services.told(scope, service, told));
            }
        }
        advance();
    }

    public void taskFailed(TaskRef task, Optional<String> workerName, Optional<String> error, Optional<String> cause) {
        if (awaits(task)) {
            var scope = run.memory.scope(task.scope());
            var awaited = awaited(task).get();
            if (awaited instanceof Awaiting.Worker worker) {
                settle(scope, tasks.failed(scope, worker, workerName, Failure.of(error, cause)));
            } else if (awaited instanceof Awaiting.Service service) {
                settle(scope, services.told(scope, service, new Awaiting.Told(Optional.empty(), error, cause)));
            }
        }
        advance();
    }

    /** What a call came to: an output, or an error. */
    public void serviceCallCompleted(
            TaskRef task, Optional<String> output, Optional<String> error, Optional<String> cause) {
        var awaited = awaited(task);
        if (awaited.isPresent() && awaited.get() instanceof Awaiting.Service service) {
            var scope = run.memory.scope(task.scope());
            settle(scope, services.called(scope, service, new Awaiting.Told(output, error, cause)));
        }
        advance();
    }

    /** An execution that the Task has started has ended; {@code description} is JSON text. */
    public void childClosed(TaskRef task, boolean succeeded, String description) {
        var awaited = awaited(task);
        if (awaited.isPresent() && awaited.get() instanceof Awaiting.Service service) {
            var scope = run.memory.scope(task.scope());
            settle(scope, services.childClosed(scope, service, succeeded, description));
        }
        advance();
    }

    /** Remembers the request that brought an accepted answer. */
    public void accepted(String requestId) {
        run.progress.accept(requestId, run.limits.acceptedRequests());
    }

    /** A timer whose time has come; {@code due} tells a heartbeat's timers apart. */
    public void timerDue(TimerRef timer, Instant due) {
        if (timer.startOffset() == run.execution.startOffset()) {
            if (timer.kind() == TimerRef.Kind.EXECUTION_TIMEOUT) {
                if (run.progress.timeout.isPresent() && run.progress.timeoutStamp == timer.stamp()) {
                    timedOut(run.progress.timeout.get());
                }
            } else if (run.memory.hasScope(timer.scope())) {
                timerDue(run.memory.scope(timer.scope()), timer, due);
            }
        }
        advance();
    }

    private void timerDue(Scope scope, TimerRef timer, Instant due) {
        if (scope.awaiting.isEmpty()) {
            return;
        }
        var awaited = scope.awaiting.get();
        if (awaited instanceof Awaiting.TimeToPass wait
                && timer.kind() == TimerRef.Kind.WAIT
                && wait.stamp() == timer.stamp()) {
            run.stopAwaiting(scope);
            settle(scope, over(scope));
        } else if (awaited instanceof Awaiting.NextAttempt retry
                && timer.kind() == TimerRef.Kind.RETRY
                && retry.stamp() == timer.stamp()) {
            run.stopAwaiting(scope);
            settle(scope, attempt(scope));
        } else if (awaited instanceof Awaiting.Worker worker && worker.stamp() == timer.stamp()) {
            if (timer.kind() == TimerRef.Kind.TASK_TIMEOUT) {
                settle(scope, tasks.timedOut(scope, Failure.timeout()));
            } else if (timer.kind() == TimerRef.Kind.HEARTBEAT
                    && worker.heartbeat().isPresent()
                    && !worker.heartbeat().get().isAfter(due)) {
                settle(scope, tasks.timedOut(scope, Failure.heartbeat()));
            }
        } else if (awaited instanceof Awaiting.Service service && service.stamp() == timer.stamp()) {
            if (timer.kind() == TimerRef.Kind.TASK_TIMEOUT) {
                settle(scope, services.timedOut(scope, Failure.timeout()));
            } else if (timer.kind() == TimerRef.Kind.HEARTBEAT
                    && service.heartbeat().isPresent()
                    && !service.heartbeat().get().isAfter(due)) {
                settle(scope, services.timedOut(scope, Failure.heartbeat()));
            }
        }
    }

    Outcome over(Scope scope) {
        if (run.state(scope) instanceof State.Wait wait) {
            try {
                return waits.over(scope, wait);
            } catch (AslFailure failure) {
                return new Outcome.Failed(Failure.in(scope, failure));
            }
        }
        throw new IllegalStateException("Expected '" + scope.state + "' to be a Wait, but it is none");
    }

    /** Our own word to go on, sent when a decision had done enough. */
    public void proceed(long stamp) {
        if (stamp == run.progress.continueStamp) {
            run.progress.continueStamp = 0;
            advance();
        }
    }

    public void stop(Optional<String> error, Optional<String> cause) {
        run.history.addLast(0, HistoryEventType.ExecutionAborted, History.put(History.details(), error, cause));
        close(new Closing(Status.ABORTED, run.now, Optional.empty(), error, cause));
    }

    private void timedOut(Instant when) {
        var failure = Failure.timeout();
        long previous = run.memory.scope(Scope.ROOT).previousEventId;
        run.history.addLast(
                previous,
                HistoryEventType.ExecutionTimedOut,
                History.put(History.details(), failure.error(), failure.cause()));
        close(new Closing(Status.TIMED_OUT, when, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    // How it goes on.
    // ----------------------------------------------------------------------------------------------------

    /** Enters states until nothing is ready. While a Continue is under way, what is ready waits for it. */
    private void advance() {
        var end = run.execution.startDate().plus(run.limits.longest());
        int left = run.limits.transitions();
        while (closing.isEmpty() && !run.history.overflown() && !run.ready.isEmpty()) {
            if (run.outside.machineDeleted()) {
                stop(Optional.empty(), Optional.empty());
            } else if (!run.now.isBefore(end)) {
                timedOut(end);
            } else if (run.progress.continueStamp != 0) {
                break;
            } else if (left-- == 0) {
                run.progress.continueStamp = run.nextStamp();
                run.outside.continueLater(run.progress.continueStamp);
                break;
            } else {
                var scope = run.memory.scope(run.ready.removeFirst());
                // One that has been entered is to be attempted again.
                settle(scope, scope.entered ? attempt(scope) : enter(scope));
            }
        }
        if (closing.isEmpty() && run.history.overflown()) {
            var cause =
                    "The execution reached the maximum number of history events (" + run.limits.historyEvents() + ").";
            fail(run.progress.lastEventId(), Failure.of(Optional.of(Failure.RUNTIME), Optional.of(cause)));
        }
        run.progress.ready = new ArrayList<>(run.ready);
    }

    private Outcome enter(Scope scope) {
        scope.entered = true;
        scope.enteredTime = run.now;
        var details =
                History.put(History.details(), "input", run.memory.input(scope).text());
        details.put("name", scope.state);
        scope.beforeEntered = scope.previousEventId;
        scope.enteredEventId =
                run.history.add(scope.previousEventId, run.state(scope).type().entered(), details);
        scope.previousEventId = scope.enteredEventId;
        return attempt(scope);
    }

    /** The first attempt at a state or another one; entering it has been told. */
    Outcome attempt(Scope scope) {
        var state = run.state(scope);
        try {
            if (state instanceof State.Pass pass) {
                return pass(scope, pass);
            } else if (state instanceof State.Task task) {
                return task.resource().kind() == State.Resource.Kind.ACTIVITY
                        ? tasks.attempt(scope, task)
                        : services.attempt(scope, task);
            } else if (state instanceof State.Choice choice) {
                return choose(scope, choice);
            } else if (state instanceof State.Wait wait) {
                return waits.enter(scope, wait);
            } else if (state instanceof State.Succeed succeed) {
                return new Outcome.Left(flow(succeed).passed(run.env(scope), succeed.fields()), Optional.empty());
            } else if (state instanceof State.Fail fail) {
                return fail(scope, fail);
            } else if (state instanceof State.Parallel parallel) {
                return branches.attempt(scope, parallel);
            } else if (state instanceof State.MapState map) {
                return branches.attempt(scope, map);
            }
            throw new IllegalStateException("Expected to know the type of '" + scope.state + "', but do not");
        } catch (AslFailure failure) {
            return new Outcome.Failed(Failure.in(scope, failure));
        }
    }

    private static DataFlow flow(State state) {
        return DataFlow.of(state.fields().queryLanguage());
    }

    private Outcome pass(Scope scope, State.Pass pass) throws AslFailure {
        var flow = flow(pass);
        var raw = run.env(scope);
        var result = pass.result().isPresent()
                ? Payload.ofTree(pass.result().get())
                : flow.arguments(raw.with(flow.select(raw, pass.fields())), pass.fields());
        return new Outcome.Left(
                flow.worked(raw, result, pass.fields()), pass.fields().next());
    }

    private Outcome choose(Scope scope, State.Choice choice) throws AslFailure {
        var flow = flow(choice);
        var raw = run.env(scope);
        var selected = raw.with(flow.select(raw, choice.fields()));
        Optional<ChoiceRule> chosen = Optional.empty();
        for (var rule : choice.rules()) {
            if (rule.condition().holds(selected)) {
                chosen = Optional.of(rule);
                break;
            }
        }
        var next = chosen.map(ChoiceRule::next).or(choice::defaultState);
        if (next.isEmpty()) {
            throw AslFailure.runtime(
                    "Failed to transition out of the state. The state does not point to a next state.");
        }
        return new Outcome.Left(flow.chosen(raw, choice.fields(), chosen), next);
    }

    private Outcome fail(Scope scope, State.Fail fail) throws AslFailure {
        var env = run.env(scope);
        var error = text(fail.error(), "Error", env);
        var cause = text(fail.cause(), "Cause", env);
        return new Outcome.Failed(Failure.of(error, cause));
    }

    private static Optional<String> text(Optional<State.Text> text, String field, Env env) throws AslFailure {
        if (text.isPresent() && text.get().expression().isPresent()) {
            var expression = text.get().expression().get();
            var value = expression.evaluate(env);
            if (!value.isTextual()) {
                throw expression.unexpected(value, "string");
            }
            return Optional.of(value.textValue());
        }
        if (text.isEmpty() || text.get().path().isEmpty()) {
            return text.flatMap(State.Text::literal);
        }
        JsonNode value = text.get().path().get().evaluate(env);
        if (!value.isTextual()) {
            throw AslFailure.runtime(
                    "The " + field + "Path field does not refer to a string but to " + WholeNumber.text(value));
        }
        return Optional.of(value.textValue());
    }

    /** Carries out what a state has come to, and what that means for the scopes above. */
    private void settle(Scope scope, Outcome outcome) {
        var at = scope;
        var what = outcome;
        while (!(what instanceof Outcome.Waits)) {
            if (what instanceof Outcome.Failed failed) {
                var handled = errors.handle(at, failed.failure());
                if (!(handled instanceof Outcome.Failed uncaught)) {
                    forgetChildren(at);
                    what = handled;
                } else if (at.isRoot()) {
                    fail(at.previousEventId, uncaught.failure());
                    return;
                } else {
                    at = branches.failed(at);
                    what = new Outcome.Failed(uncaught.failure().ofChild());
                }
            } else if (what instanceof Outcome.Left left) {
                var output = left.exit().output();
                var assigned = left.exit().assigned();
                var tooMuch = run.variables.refusal(at, assigned);
                if (run.tooLarge(output)) {
                    what = new Outcome.Failed(Failure.tooLarge(at.state, true));
                } else if (tooMuch.isPresent()) {
                    what = new Outcome.Failed(tooMuch.get());
                } else {
                    tellExited(at, left.exit());
                    run.variables.assign(at, assigned);
                    forgetChildren(at);
                    if (left.next().isPresent()) {
                        at.goTo(left.next().get(), output);
                        run.ready.addFirst(at.id);
                        return;
                    } else if (at.isRoot()) {
                        succeed(at, output);
                        return;
                    }
                    var above = branches.succeeded(at, output);
                    at = above.parent();
                    what = above.outcome();
                }
            }
        }
    }

    /** The state has its result, or its failure has found somebody: what its children have left is no longer needed. */
    private void forgetChildren(Scope scope) {
        run.leftovers.remove();
        if (scope.awaiting.isPresent() && scope.awaiting.get() instanceof Awaiting.Children) {
            scope.awaiting = Optional.empty();
        }
    }

    private void tellExited(Scope scope, Exit exit) {
        var exited = run.state(scope).type().exited();
        if (exited.isPresent()) {
            var details = History.put(History.details(), "output", exit.output().text());
            details.put("name", scope.state);
            if (!exit.assigned().isEmpty()) {
                var assigned = details.putObject("assignedVariables");
                exit.assigned().forEach((name, value) -> assigned.put(name, value.text()));
                details.putObject("assignedVariablesDetails").put("truncated", false);
            }
            scope.previousEventId = run.history.add(scope.previousEventId, exited.get(), details);
        }
    }

    // How it ends.
    // -------------------------------------------------------------------------------------------------------

    private void succeed(Scope root, Payload output) {
        run.history.add(
                root.previousEventId,
                HistoryEventType.ExecutionSucceeded,
                History.put(History.details(), "output", output.text()));
        if (!run.history.overflown()) {
            close(new Closing(
                    Status.SUCCEEDED, run.now, Optional.of(output.text()), Optional.empty(), Optional.empty()));
        }
    }

    private void fail(long previous, Failure failure) {
        run.history.addLast(
                previous,
                HistoryEventType.ExecutionFailed,
                History.put(History.details(), failure.error(), failure.cause()));
        close(new Closing(Status.FAILED, run.now, Optional.empty(), failure.error(), failure.cause()));
    }

    private void close(Closing how) {
        closing = Optional.of(how);
        branches.end(run.memory.scope(Scope.ROOT), OptionalLong.empty());
        run.progress.timeout.ifPresent(due -> run.outside.cancelTimer(due, executionTimer()));
        run.ready.clear();
        redrivable = how.status() != Status.SUCCEEDED
                && !run.execution.express()
                && !run.outside.machineDeleted()
                && run.progress.lastEventId() < run.limits.historyEvents() - 1;
        if (redrivable) {
            run.progress.closed();
        } else {
            run.leftovers.remove();
        }
    }

    private TimerRef executionTimer() {
        return new TimerRef(run.execution.startOffset(), 0, run.progress.timeoutStamp, TimerRef.Kind.EXECUTION_TIMEOUT);
    }

    /** What the task's scope awaits, if it is this attempt at the task. */
    private Optional<Awaiting> awaited(TaskRef task) {
        if (task.startOffset() != run.execution.startOffset() || !run.memory.hasScope(task.scope())) {
            return Optional.empty();
        }
        return run.memory.scope(task.scope()).awaiting.filter(awaited -> stamp(awaited) == task.stamp());
    }

    private static long stamp(Awaiting awaited) {
        if (awaited instanceof Awaiting.Worker worker) {
            return worker.stamp();
        }
        return awaited instanceof Awaiting.Service service ? service.stamp() : 0;
    }
}
