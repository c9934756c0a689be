package io.stepstream.gateway.bus;

import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Sends commands to the engine and brings its replies. Never blocks the caller; a stage that fails means that the command's
 * fate is unknown (no broker, no engine within the time that is allowed), and the caller of the API is told so with a 5xx.
 */
public interface CommandBus {

    /** Sends to the partition of {@code executionArn} and waits for the reply. */
    CompletionStage<Reply> ask(String executionArn, Function<ReplyTo, ExecutionCommand> command);

    /** As {@link #ask}, and waits for {@code patience} instead of the usual time. */
    CompletionStage<Reply> ask(String executionArn, Function<ReplyTo, ExecutionCommand> command, Duration patience);

    /** Sends to the registry, waits for the reply and then until this gateway's {@link RegistryView} has what it says. */
    CompletionStage<Reply> askRegistry(Function<ReplyTo, RegistryCommand> command);

    /** Queues up for a task of the activity, for at most {@code hold}. */
    ActivityPoll poll(String activityArn, Optional<String> workerName, Duration hold);

    /** A worker's place in the queue of an activity. Exactly one of the last three methods ends it. */
    interface ActivityPoll {

        /** A task, or empty when the time is over. Fails with an ApiException when the queue takes no more workers. */
        CompletionStage<Optional<Reply.TaskAssigned>> task();

        /** The response with the task has been written to the connection. */
        void delivered(Reply.TaskAssigned task);

        /** The response could not be written: the task goes to somebody else. */
        void returned(Reply.TaskAssigned task);

        /** The worker has gone before there was a task. */
        void cancel();
    }
}
