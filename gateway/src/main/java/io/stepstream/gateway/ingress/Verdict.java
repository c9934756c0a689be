package io.stepstream.gateway.ingress;

import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** What is to be done for a record that was found good. */
sealed interface Verdict {

    /**
     * A command to be sent in the order of the records and with the record's position, so that the engine drops it when the
     * record is delivered again. The record is done with once the command is in the log.
     *
     * @param needsAnswer whether the engine's refusal comes by its answer and is ours to tell; otherwise the engine tells it
     */
    record Send(String executionArn, boolean needsAnswer, Function<Optional<ReplyTo>, ExecutionCommand> command)
            implements Verdict {}

    /**
     * A call whose repetition is answered like the first time. The record is done with once it is answered; where nobody
     * answers, the call is made again.
     */
    record Call(Supplier<CompletionStage<Reply.Started>> call) implements Verdict {}
}
