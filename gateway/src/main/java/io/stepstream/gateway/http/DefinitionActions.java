package io.stepstream.gateway.http;

import io.stepstream.gateway.Refusal;
import io.stepstream.gateway.bus.CommandBus;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Looking at definitions that belong to no state machine. The engine does it, and keeps nothing of it. */
final class DefinitionActions {

    /** AWS's number for 0 and for nothing given. */
    private static final int MAX_FINDINGS = 100;

    private final CommandBus bus;

    DefinitionActions(CommandBus bus) {
        this.bus = bus;
    }

    Map<String, Action> actions() {
        return Map.of("ValidateStateMachineDefinition", this::validate);
    }

    private CompletionStage<Answer> validate(Call call) {
        int wanted = call.input().path("maxResults").asInt(0);
        // Any partition will do: a random key takes turns.
        return bus.ask(
                        UUID.randomUUID().toString(),
                        replyTo -> new ExecutionCommand.ValidateDefinition(
                                call.text("definition"),
                                call.optional("type").orElse("STANDARD"),
                                call.optional("severity").orElse("ERROR").equals("WARNING"),
                                wanted == 0 ? MAX_FINDINGS : wanted,
                                Optional.of(replyTo)))
                .thenApply(reply -> {
                    if (reply instanceof Reply.Validated validated) {
                        return members -> members.text("result", validated.valid() ? "OK" : "FAIL")
                                .list(
                                        "diagnostics",
                                        validated.findings(),
                                        (item, finding) -> item.text("severity", finding.severity())
                                                .text("code", finding.code())
                                                .text("message", finding.message())
                                                .text("location", finding.location()))
                                .flag("truncated", validated.truncated());
                    }
                    throw reply instanceof Reply.Rejected rejected ? Refusal.of(rejected) : Refusal.unexpected(reply);
                });
    }
}
