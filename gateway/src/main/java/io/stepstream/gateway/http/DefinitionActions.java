package io.stepstream.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.gateway.Refusal;
import io.stepstream.gateway.Starts;
import io.stepstream.gateway.bus.CommandBus;
import io.stepstream.schemas.Arn;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.Arns;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Looking at definitions that belong to no state machine. The engine does it, and keeps nothing of it. */
final class DefinitionActions {

    /** AWS's number for 0 and for nothing given. */
    private static final int MAX_FINDINGS = 100;

    private final ApiSettings settings;
    private final CommandBus bus;

    DefinitionActions(ApiSettings settings, CommandBus bus) {
        this.settings = settings;
        this.bus = bus;
    }

    Map<String, Action> actions() {
        return Map.of("ValidateStateMachineDefinition", this::validate, "TestState", this::test);
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

    private CompletionStage<Answer> test(Call call) {
        var input = call.optional("input").orElse("{}");
        Starts.checkInput(input);
        call.optional("roleArn").ifPresent(Arns::role);
        var mock = call.node("mock").map(DefinitionActions::mock);
        if (mock.isPresent() && call.flag("revealSecrets", false)) {
            throw invalid("TestState does not support RevealSecrets when a mock is specified.");
        }
        var machine = UUID.randomUUID().toString();
        var account = call.caller().account();
        var execution = settings.arn(account, Arn.EXPRESS, machine + ":" + UUID.randomUUID())
                .toString();
        return bus.ask(
                        execution,
                        replyTo -> new ExecutionCommand.TestState(
                                execution,
                                settings.arn(account, Arn.STATE_MACHINE, machine)
                                        .toString(),
                                call.text("definition"),
                                call.optional("stateName"),
                                call.optional("roleArn"),
                                input,
                                call.optional("variables"),
                                call.optional("context"),
                                mock,
                                configuration(call.node("stateConfiguration")),
                                Optional.of(replyTo)))
                .thenCompose(reply -> {
                    if (reply instanceof Reply.Tested tested) {
                        return afterWaiting(tested);
                    }
                    throw reply instanceof Reply.Rejected rejected ? Refusal.of(rejected) : Refusal.unexpected(reply);
                })
                .thenApply(tested -> members -> {
                    members.text("status", tested.status())
                            .text("output", tested.output())
                            .text("error", tested.error())
                            .text("cause", tested.cause())
                            .text("nextState", tested.nextState());
                    if (!call.optional("inspectionLevel").orElse("INFO").equals("INFO")) {
                        members.json("inspectionData", tested.inspectionData());
                    }
                });
    }

    /** A tested Wait takes its time: the engine has told how long, the caller waits here. */
    private static CompletionStage<Reply.Tested> afterWaiting(Reply.Tested tested) {
        return tested.waitMillis() == 0
                ? CompletableFuture.completedStage(tested)
                : CompletableFuture.supplyAsync(
                        () -> tested, CompletableFuture.delayedExecutor(tested.waitMillis(), TimeUnit.MILLISECONDS));
    }

    private static ExecutionCommand.Mock mock(JsonNode given) {
        if (given.has("result") == given.has("errorOutput")) {
            throw invalid("A test mock should have only one of the following fields: [result, errorOutput].");
        }
        return new ExecutionCommand.Mock(
                text(given, "result"),
                given.has("errorOutput")
                        ? Optional.of(new ExecutionCommand.MockedError(
                                text(given.get("errorOutput"), "error"), text(given.get("errorOutput"), "cause")))
                        : Optional.empty());
    }

    private static ExecutionCommand.StateConfiguration configuration(Optional<JsonNode> given) {
        return given.map(node -> new ExecutionCommand.StateConfiguration(
                        number(node, "retrierRetryCount"),
                        text(node, "errorCausedByState"),
                        number(node, "mapIterationFailureCount"),
                        text(node, "mapItemReaderData")))
                .orElse(ExecutionCommand.StateConfiguration.NONE);
    }

    private static Optional<String> text(JsonNode object, String member) {
        return Optional.ofNullable(object.get(member)).map(JsonNode::textValue);
    }

    private static Optional<Integer> number(JsonNode object, String member) {
        return Optional.ofNullable(object.get(member)).map(JsonNode::intValue);
    }

    private static ApiException invalid(String message) {
        return new ApiException(ErrorCode.ValidationException, message);
    }
}
