package io.stepstream.asl.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.model.State;
import io.stepstream.asl.model.State.Resource;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Payload;
import io.stepstream.schemas.Arn;
import io.stepstream.schemas.command.TimerRef;
import io.stepstream.schemas.event.HistoryEventType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A Task whose work a service does: the call, its answer, and with some integrations what is told later with the task's
 * token. The call is made by others; what it came to is told once for each attempt.
 */
final class ServiceStep {

    private static final String TASK_FAILED = "States.TaskFailed";

    private final Run run;

    ServiceStep(Run run) {
        this.run = run;
    }

    /** Asks for the call. It leaves with this decision, so that it has also started. */
    Outcome attempt(Scope scope, State.Task task) throws AslFailure {
        var resource = task.resource();
        var flow = DataFlow.of(task.fields().queryLanguage());
        scope.attempt = run.nextStamp();
        var raw = run.env(scope);
        var selected = raw.with(flow.select(raw, task.fields()));
        var arguments = flow.arguments(selected, task.fields());
        if (run.tooLarge(arguments)) {
            return new Outcome.Failed(Failure.tooLarge(scope.state, true));
        }
        var timeoutSeconds = TaskStep.seconds(task.timeout(), "TimeoutSecondsPath", selected);
        var heartbeatSeconds = TaskStep.seconds(task.heartbeat(), "HeartbeatSecondsPath", selected);
        var role = role(task, selected);

        var details = details(resource);
        if (resource.kind() == Resource.Kind.FUNCTION) {
            details.put("resource", resource.arn());
            History.put(details, "input", arguments.text());
        } else {
            details.put(
                    "region",
                    Arn.parse(run.execution.executionArn()).map(Arn::region).orElse(""));
            details.put("parameters", arguments.text());
            heartbeatSeconds.ifPresent(value -> details.put("heartbeatInSeconds", value));
        }
        timeoutSeconds.ifPresent(value -> details.put("timeoutInSeconds", value));
        role.ifPresent(arn -> details.putObject("taskCredentials").put("roleArn", arn));
        add(scope, Event.SCHEDULED, resource, Optional.of(details));
        add(scope, Event.STARTED, resource, started(resource));

        Optional<Instant> timeout =
                timeoutSeconds.stream().mapToObj(run.now::plusSeconds).findFirst();
        boolean awaitsMore = awaitsMore(resource);
        Optional<Instant> heartbeat = heartbeatSeconds.stream()
                .filter(seconds -> awaitsMore)
                .mapToObj(run.now::plusSeconds)
                .findFirst();
        scope.awaiting = Optional.of(new Awaiting.Service(
                scope.attempt, false, Optional.empty(), Optional.empty(), timeout, heartbeatSeconds, heartbeat));
        timeout.ifPresent(due -> run.outside.setTimer(due, timer(scope, TimerRef.Kind.TASK_TIMEOUT)));
        heartbeat.ifPresent(due -> run.outside.setTimer(due, timer(scope, TimerRef.Kind.HEARTBEAT)));
        run.outside.callService(run.task(scope, scope.attempt), resource, arguments.text(), role);
        return Outcome.WAITS;
    }

    static boolean awaitsMore(Resource resource) {
        return resource.integration()
                .map(integration -> integration.pattern().awaitsMore())
                .orElse(false);
    }

    private static Optional<String> role(State.Task task, Env selected) throws AslFailure {
        if (task.credentials().isEmpty()) {
            return Optional.empty();
        }
        var credentials = task.credentials().get();
        JsonNode object;
        if (credentials.expression().isPresent()) {
            object = credentials.expression().get().evaluate(selected);
        } else if (credentials.template().isPresent()) {
            object = credentials.template().get().evaluate(selected);
        } else {
            return Optional.empty();
        }
        var role = object.path("RoleArn");
        if (!role.isTextual()) {
            throw AslFailure.runtime(
                    "The Credentials field 'RoleArn' must be a string but was " + WholeNumber.text(role));
        }
        return Optional.of(role.textValue());
    }

    /** What the call came to. */
    Outcome called(Scope scope, Awaiting.Service awaited, Awaiting.Told told) {
        var task = task(scope);
        if (awaited.submitted()) {
            return Outcome.WAITS;
        }
        scope.attempt = awaited.stamp();
        if (!awaitsMore(task.resource())) {
            return ended(scope, task, told, Event.FAILED);
        }
        if (awaited.early().isPresent()) {
            told.output().ifPresent(output -> addSubmitted(scope, task, output));
            return ended(scope, task, awaited.early().get(), Event.FAILED);
        }
        if (told.output().isEmpty()) {
            return ended(scope, task, told, Event.SUBMIT_FAILED);
        }
        addSubmitted(scope, task, told.output().get());
        run.outside.endCall(run.task(scope, awaited.stamp()));
        scope.awaiting =
                Optional.of(awaited.asSubmitted(child(task, told.output().get())));
        return Outcome.WAITS;
    }

    /** The execution that an answer of {@code startExecution} names, where its end is awaited. */
    private static Optional<String> child(State.Task task, String answer) {
        return task.resource()
                .integration()
                .filter(integration -> isSync(integration.pattern()))
                .map(integration -> Payload.ofText(answer).tree().path("ExecutionArn"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
    }

    private static boolean isSync(State.Integration.Pattern pattern) {
        return pattern == State.Integration.Pattern.SYNC || pattern == State.Integration.Pattern.SYNC_2;
    }

    /** The end of the execution that the Task has started; one of the two forms has its input and output as JSON. */
    Outcome childClosed(Scope scope, Awaiting.Service awaited, boolean succeeded, String description) {
        var pattern = task(scope).resource().integration().map(State.Integration::pattern);
        if (pattern.filter(ServiceStep::isSync).isEmpty()) {
            return Outcome.WAITS;
        }
        if (!succeeded) {
            return told(
                    scope,
                    awaited,
                    new Awaiting.Told(Optional.empty(), Optional.of(TASK_FAILED), Optional.of(description)));
        }
        var output = pattern.get() == State.Integration.Pattern.SYNC ? description : unfolded(description);
        return told(scope, awaited, new Awaiting.Told(Optional.of(output), Optional.empty(), Optional.empty()));
    }

    private static String unfolded(String description) {
        var json = Payload.ofText(description).tree().deepCopy();
        if (json instanceof ObjectNode object) {
            for (var member : List.of("Input", "Output")) {
                var text = object.path(member).textValue();
                if (text != null) {
                    object.set(member, Payload.ofText(text).tree());
                }
            }
        }
        return Payload.ofTree(json).text();
    }

    private void addSubmitted(Scope scope, State.Task task, String output) {
        add(
                scope,
                Event.SUBMITTED,
                task.resource(),
                Optional.of(History.put(details(task.resource()), "output", output)));
    }

    /** What somebody tells with the task's token. One that overtakes the service's own answer waits for that. */
    Outcome told(Scope scope, Awaiting.Service awaited, Awaiting.Told told) {
        if (!awaited.submitted()) {
            if (awaited.early().isEmpty()) {
                scope.awaiting = Optional.of(awaited.told(told));
            }
            return Outcome.WAITS;
        }
        scope.attempt = awaited.stamp();
        // the child is over, or whoever has answered in its place lets it go on
        scope.awaiting = Optional.of(awaited.withoutChild());
        return ended(scope, task(scope), told, Event.FAILED);
    }

    /** Whoever has the token is alive: the silence is counted from now on. */
    void heartbeat(Scope scope, Awaiting.Service awaited) {
        scope.attempt = awaited.stamp();
        awaited.heartbeat().ifPresent(due -> run.outside.cancelTimer(due, timer(scope, TimerRef.Kind.HEARTBEAT)));
        Optional<Instant> next = awaited.heartbeatSeconds().stream()
                .mapToObj(run.now::plusSeconds)
                .findFirst();
        scope.awaiting = Optional.of(awaited.alive(next));
        next.ifPresent(due -> run.outside.setTimer(due, timer(scope, TimerRef.Kind.HEARTBEAT)));
    }

    Outcome timedOut(Scope scope, Failure failure) {
        var resource = task(scope).resource();
        run.stopAwaiting(scope);
        add(
                scope,
                Event.TIMED_OUT,
                resource,
                Optional.of(History.put(details(resource), failure.error(), failure.cause())));
        return new Outcome.Failed(failure);
    }

    private Outcome ended(Scope scope, State.Task task, Awaiting.Told told, Event failed) {
        run.stopAwaiting(scope);
        var resource = task.resource();
        if (told.output().isEmpty()) {
            return failed(scope, resource, Failure.of(told.error(), told.cause()), failed);
        }
        var result = Payload.ofText(told.output().get());
        if (run.tooLarge(result)) {
            return failed(scope, resource, Failure.tooLarge(resource.arn(), false), failed);
        }
        add(scope, Event.SUCCEEDED, resource, Optional.of(History.put(details(resource), "output", result.text())));
        var fields = task.fields();
        try {
            var raw = run.env(scope);
            return new Outcome.Left(DataFlow.of(fields.queryLanguage()).worked(raw, result, fields), fields.next());
        } catch (AslFailure failure) {
            return new Outcome.Failed(Failure.in(scope, failure));
        }
    }

    private Outcome failed(Scope scope, Resource resource, Failure failure, Event type) {
        add(scope, type, resource, Optional.of(History.put(details(resource), failure.error(), failure.cause())));
        return new Outcome.Failed(failure);
    }

    /** The events of a function's own ARN have names of their own, and say less. */
    private enum Event {
        SCHEDULED(HistoryEventType.LambdaFunctionScheduled, HistoryEventType.TaskScheduled),
        STARTED(HistoryEventType.LambdaFunctionStarted, HistoryEventType.TaskStarted),
        SUBMITTED(HistoryEventType.LambdaFunctionSucceeded, HistoryEventType.TaskSubmitted),
        SUBMIT_FAILED(HistoryEventType.LambdaFunctionFailed, HistoryEventType.TaskSubmitFailed),
        SUCCEEDED(HistoryEventType.LambdaFunctionSucceeded, HistoryEventType.TaskSucceeded),
        FAILED(HistoryEventType.LambdaFunctionFailed, HistoryEventType.TaskFailed),
        TIMED_OUT(HistoryEventType.LambdaFunctionTimedOut, HistoryEventType.TaskTimedOut);

        private final HistoryEventType ofFunction;
        private final HistoryEventType ofService;

        Event(HistoryEventType ofFunction, HistoryEventType ofService) {
            this.ofFunction = ofFunction;
            this.ofService = ofService;
        }
    }

    private void add(Scope scope, Event event, Resource resource, Optional<ObjectNode> details) {
        var type = resource.kind() == Resource.Kind.FUNCTION ? event.ofFunction : event.ofService;
        scope.previousEventId = details.isPresent()
                ? run.history.add(scope.previousEventId, type, details.get())
                : run.history.add(scope.previousEventId, type);
    }

    private static Optional<ObjectNode> started(Resource resource) {
        return resource.kind() == Resource.Kind.FUNCTION ? Optional.empty() : Optional.of(details(resource));
    }

    private static ObjectNode details(Resource resource) {
        var details = History.details();
        resource.integration().ifPresent(integration -> {
            details.put("resourceType", integration.service());
            details.put("resource", integration.resource());
        });
        return details;
    }

    private State.Task task(Scope scope) {
        if (run.state(scope) instanceof State.Task task) {
            return task;
        }
        throw new IllegalStateException("Expected '" + scope.state + "' to be a Task, but it is none");
    }

    private TimerRef timer(Scope scope, TimerRef.Kind kind) {
        return run.timer(scope, scope.attempt, kind);
    }
}
