package io.stepstream.engine;

import io.stepstream.schemas.command.ActivityCommand;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.command.ServiceCall;
import io.stepstream.schemas.command.TaskRef;

/** What a decision asks of the world outside its partition. Data: the router alone turns it into records. */
public sealed interface Effect {

    /** An answer to a gateway. */
    record SendReply(ReplyTo to, Reply reply) implements Effect {}

    /** A command to an activity's queue. */
    record ToActivity(ActivityCommand command) implements Effect {}

    /** A command to the execution {@code executionArn}, be it this one. */
    record ToExecution(String executionArn, ExecutionCommand command) implements Effect {}

    /** A command to every partition of the executions' topic. */
    record ToEveryPartition(String key, ExecutionCommand command) implements Effect {}

    /** A call to a service, whose outcome comes as a command. */
    record CallService(ServiceCall call) implements Effect {}

    /** The call's outcome is not awaited any more, be it under way or not. */
    record EndCall(String executionArn, TaskRef task) implements Effect {}
}
