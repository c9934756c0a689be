package io.stepstream.gateway.bus;

import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import java.util.concurrent.CompletableFuture;

/**
 * A place in the list of those who wait.
 *
 * @param to where the command asks the reply to be sent
 * @param reply the reply, or a failure when the time is over; cancelling it gives the place up
 */
public record ExpectedReply(ReplyTo to, CompletableFuture<Reply> reply) {}
