package io.stepstream.asl.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.model.State;
import io.stepstream.asl.query.Payload;
import io.stepstream.schemas.Arn;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Builds what {@code $$} means in a state. */
final class ContextObject {

    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private ContextObject() {}

    /** An item of a Map and its place. */
    record Item(int index, Payload value) {}

    static JsonNode of(Run run, Scope scope, Optional<Item> startingItem) {
        var json = JsonNodeFactory.instance.objectNode();
        var execution = json.putObject("Execution");
        execution.put("Id", run.execution.executionArn());
        execution.set("Input", run.executionInput().tree());
        execution.put("StartTime", text(run.execution.startDate()));
        execution.put("Name", run.execution.name());
        // A test of a state may do without a role.
        execution.put("RoleArn", run.execution.roleArn().isEmpty() ? null : run.execution.roleArn());
        if (!run.execution.express()) {
            execution.put("RedriveCount", run.progress.redriveCount);
            run.progress.redriveDate.ifPresent(date -> execution.put("RedriveTime", text(date)));
        }
        var machine = json.putObject("StateMachine");
        machine.put("Id", run.execution.stateMachineArn());
        machine.put(
                "Name",
                Arn.parse(run.execution.stateMachineArn())
                        .map(Arn::machineName)
                        .orElse(run.execution.stateMachineArn()));
        var state = json.putObject("State");
        state.put("Name", scope.state);
        state.put("EnteredTime", text(scope.enteredTime));
        var running = run.state(scope);
        if (running instanceof State.Task || running instanceof State.Parallel || running instanceof State.MapState) {
            state.put("RetryCount", scope.retryCount());
        }
        if (scope.attempt != 0 && running instanceof State.Task task && ServiceStep.awaitsMore(task.resource())) {
            json.putObject("Task").put("Token", run.outside.taskToken(run.task(scope, scope.attempt)));
        }
        startingItem.or(() -> itemOf(run, scope)).ifPresent(item -> put(json, item));
        return json;
    }

    /** The item of the innermost Map iteration that the scope is in. */
    private static Optional<Item> itemOf(Run run, Scope scope) {
        var at = scope;
        while (!at.isRoot()) {
            var fanOut = run.memory.fanOut(at.fanOut);
            var parent = run.memory.scope(fanOut.parent);
            if (run.state(parent) instanceof State.MapState) {
                int pageEntries = run.limits.pageEntries();
                var value = run.memory.items(fanOut.id, at.index / pageEntries).get(at.index % pageEntries);
                return Optional.of(new Item(at.index, Payload.ofText(value)));
            }
            at = parent;
        }
        return Optional.empty();
    }

    private static void put(ObjectNode json, Item item) {
        var node = json.putObject("Map").putObject("Item");
        node.put("Index", item.index());
        node.set("Value", item.value().tree());
    }

    private static String text(Instant instant) {
        return MILLIS.format(instant);
    }
}
