package io.stepstream.engine;

import io.stepstream.schemas.command.ActivityCommand;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;

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
}
