package io.stepstream.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.run.Closing;
import io.stepstream.asl.run.Execution;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import java.util.Optional;

/**
 * Executions that a Task of another one has started and waits for. Such a start has the Task's token as its request id: so it
 * is the same start however often it is asked for, and the child knows whom to tell of its end, without anybody asking.
 */
final class Children {

    private Children() {}

    /** The word to the Task that waits for this execution, if one does. */
    static Optional<Effect> closed(Execution child, String input, Closing how, ServiceCalls calls) {
        return child.startRequestId().flatMap(calls::verify).map(parent -> {
            var closed = new ExecutionCommand.ChildClosed(
                    parent.executionArn(),
                    parent.task(),
                    how.status() == Status.SUCCEEDED,
                    description(child, input, how));
            return new Effect.ToExecution(parent.executionArn(), closed);
        });
    }

    /** What AWS's integration gives of DescribeExecution: times in milliseconds, input and output as text. */
    private static String description(Execution child, String input, Closing how) {
        var json = JsonNodeFactory.instance.objectNode();
        how.cause().ifPresent(text -> json.put("Cause", text));
        how.error().ifPresent(text -> json.put("Error", text));
        json.put("ExecutionArn", child.executionArn());
        json.put("Input", input);
        json.putObject("InputDetails").put("Included", true);
        json.put("Name", child.name());
        how.output().ifPresent(text -> {
            json.put("Output", text);
            json.putObject("OutputDetails").put("Included", true);
        });
        if (how.status() == Status.SUCCEEDED) {
            json.put("RedriveCount", 0);
            json.put("RedriveStatus", "NOT_REDRIVABLE");
            json.put("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven");
        }
        json.put("StartDate", child.startDate().toEpochMilli());
        json.put("StateMachineArn", child.stateMachineArn());
        json.put("Status", how.status().name());
        json.put("StopDate", how.stopDate().toEpochMilli());
        return Json.text(json);
    }
}
