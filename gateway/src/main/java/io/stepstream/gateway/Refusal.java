package io.stepstream.gateway;

import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.command.Reply;

/** What the engine's refusals, and a caller's broken wish, are to the caller of the API. */
public final class Refusal {

    /** The engine's word for an answer of the views that covers less than it has forgotten; never shown to a caller. */
    public static final String STALE_VIEW = "StaleView";

    private Refusal() {}

    /** The error that a rejected command ends in. */
    public static ApiException of(Reply.Rejected rejected) {
        var code = ErrorCode.named(rejected.error())
                .orElseThrow(() ->
                        new IllegalStateException("Expected an error of the API, but the engine said " + rejected));
        var refusal = new ApiException(code, rejected.message());
        return rejected.reason().isPresent()
                ? refusal.with("reason", rejected.reason().get())
                : refusal;
    }

    /** For a reply that does not belong to the command that was sent: our own bug. */
    public static IllegalStateException unexpected(Reply reply) {
        return new IllegalStateException("Expected a reply to the command, but " + reply.getClass());
    }
}
