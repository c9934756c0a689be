package io.stepstream.asl.run;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.model.State;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Payload;
import io.stepstream.schemas.command.TimerRef;
import io.stepstream.schemas.event.HistoryEventType;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** A Task whose work an activity's workers do: the offer, their answers, and their silence. */
final class TaskStep {

    private final Run run;

    TaskStep(Run run) {
        this.run = run;
    }

    /** Offers the task. TimeoutSeconds counts from here, the heartbeat from the moment when a worker has it. */
    Outcome attempt(Scope scope, State.Task task) throws AslFailure {
        var flow = DataFlow.of(task.fields().queryLanguage());
        var raw = run.env(scope);
        var selected = raw.with(flow.select(raw, task.fields()));
        var input = flow.arguments(selected, task.fields());
        if (run.tooLarge(input)) {
            return new Outcome.Failed(Failure.tooLarge(scope.state, true));
        }
        var timeoutSeconds = seconds(task.timeout(), "TimeoutSecondsPath", selected);
        var heartbeatSeconds = seconds(task.heartbeat(), "HeartbeatSecondsPath", selected);
        var activityArn = task.resource().arn();
        if (!run.outside.activityExists(activityArn)) {
            throw AslFailure.runtime("The activity " + activityArn + " does not exist.");
        }

        var details = History.details();
        details.put("resource", activityArn);
        History.put(details, "input", input.text());
        timeoutSeconds.ifPresent(value -> details.put("timeoutInSeconds", value));
        heartbeatSeconds.ifPresent(value -> details.put("heartbeatInSeconds", value));
        add(scope, HistoryEventType.ActivityScheduled, details);

        long stamp = run.nextStamp();
        Optional<Instant> timeout = timeoutSeconds.isPresent()
                ? Optional.of(run.now.plusSeconds(timeoutSeconds.getAsLong()))
                : Optional.empty();
        scope.awaiting = Optional.of(
                new Awaiting.Worker(stamp, activityArn, false, timeout, heartbeatSeconds, Optional.empty()));
        timeout.ifPresent(due -> run.outside.setTimer(due, run.timer(scope, stamp, TimerRef.Kind.TASK_TIMEOUT)));
        run.outside.offerTask(activityArn, run.task(scope, stamp), input.text());
        return Outcome.WAITS;
    }

    /** A worker has the task. Told again after a second hand-out, it is no news. */
    void started(Scope scope, Awaiting.Worker awaited, Optional<String> workerName) {
        if (!awaited.started()) {
            var details = History.details();
            workerName.ifPresent(name -> details.put("workerName", name));
            add(scope, HistoryEventType.ActivityStarted, details);
            listen(scope, awaited);
        }
    }

    /** The worker lives: the silence is counted from now on. */
    void heartbeat(Scope scope, Awaiting.Worker awaited, Optional<String> workerName) {
        if (awaited.started()) {
            listen(scope, awaited);
        } else {
            started(scope, awaited, workerName);
            // The queue's hand-out may never be confirmed, and then it would give the task to somebody else.
            run.outside.withdrawTask(awaited.activityArn(), run.task(scope, awaited.stamp()));
        }
    }

    private void listen(Scope scope, Awaiting.Worker awaited) {
        awaited.heartbeat().ifPresent(due -> run.outside.cancelTimer(due, timer(scope, awaited)));
        Optional<Instant> next = awaited.heartbeatSeconds().isPresent()
                ? Optional.of(run.now.plusSeconds(awaited.heartbeatSeconds().getAsLong()))
                : Optional.empty();
        scope.awaiting = Optional.of(awaited.startedWith(next));
        next.ifPresent(due -> run.outside.setTimer(due, timer(scope, awaited)));
    }

    private TimerRef timer(Scope scope, Awaiting.Worker awaited) {
        return run.timer(scope, awaited.stamp(), TimerRef.Kind.HEARTBEAT);
    }

    Outcome succeeded(Scope scope, Awaiting.Worker awaited, Optional<String> workerName, String output) {
        var result = Payload.ofText(output);
        if (run.tooLarge(result)) {
            return failed(scope, awaited, workerName, Failure.tooLarge(awaited.activityArn(), false));
        }
        answered(scope, awaited, workerName);
        add(scope, HistoryEventType.ActivitySucceeded, History.put(History.details(), "output", output));
        var fields = run.state(scope).fields();
        try {
            var raw = run.env(scope);
            return new Outcome.Left(DataFlow.of(fields.queryLanguage()).worked(raw, result, fields), fields.next());
        } catch (AslFailure failure) {
            return new Outcome.Failed(Failure.in(scope, failure));
        }
    }

    Outcome failed(Scope scope, Awaiting.Worker awaited, Optional<String> workerName, Failure failure) {
        answered(scope, awaited, workerName);
        var details = History.put(History.details(), failure.error(), failure.cause());
        add(scope, HistoryEventType.ActivityFailed, details);
        return new Outcome.Failed(failure);
    }

    Outcome timedOut(Scope scope, Failure failure) {
        run.stopAwaiting(scope);
        var details = History.put(History.details(), failure.error(), failure.cause());
        add(scope, HistoryEventType.ActivityTimedOut, details);
        return new Outcome.Failed(failure);
    }

    /** An answer may overtake the word that the task was started; then that is told first. */
    private void answered(Scope scope, Awaiting.Worker awaited, Optional<String> workerName) {
        // Not started as far as we know: stopping to wait also takes the task back from the queue.
        run.stopAwaiting(scope);
        if (!awaited.started()) {
            var details = History.details();
            workerName.ifPresent(name -> details.put("workerName", name));
            add(scope, HistoryEventType.ActivityStarted, details);
        }
    }

    private void add(Scope scope, HistoryEventType type, ObjectNode details) {
        scope.previousEventId = run.history.add(scope.previousEventId, type, details);
    }

    static OptionalLong seconds(State.Seconds seconds, String field, Env env) throws AslFailure {
        if (seconds.expression().isPresent()) {
            long value = WholeNumber.read(seconds.expression().get(), env);
            if (value == 0) {
                throw seconds.expression().get().unexpected(IntNode.valueOf(0), "positive integer");
            }
            return OptionalLong.of(value);
        }
        if (seconds.path().isEmpty()) {
            return seconds.literal();
        }
        var path = seconds.path().get();
        long value = WholeNumber.read(path.read(env), field, path.toString());
        if (value == 0) {
            throw AslFailure.runtime(
                    "The " + field + " parameter references a value that is not positive: " + path + " == " + value);
        }
        return OptionalLong.of(value);
    }
}
