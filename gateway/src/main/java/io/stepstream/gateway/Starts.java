package io.stepstream.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.bus.CommandBus;
import io.stepstream.gateway.bus.RegistryView;
import io.stepstream.gateway.shape.ShapeValidator;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.Arns;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.api.JsonText;
import io.stepstream.schemas.api.Names;
import io.stepstream.schemas.command.ExecutionCommand.KnownClosed;
import io.stepstream.schemas.command.ExecutionCommand.StartExecution;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.view.RegistryRecord.Machine;
import io.stepstream.schemas.view.RegistryRecord.MachineStatus;
import io.stepstream.schemas.view.Views;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/**
 * Turns the wish to start an execution into the engine's command, for HTTP and topics alike: name, input and machine are
 * checked here, the revision that the machine, version or alias stands for is chosen, and the views are asked about a name that
 * the caller chose.
 *
 * <p>Stages fail with {@link ApiException} for the caller's mistakes and with anything else where broker, engine or views
 * could not be reached. No method blocks.
 */
public final class Starts {

    /** Until then the views have caught up with what the engine has forgotten, or something is broken. */
    private static final int STALE_ATTEMPTS = 8;

    private static final Duration FIRST_STALE_PAUSE = Duration.ofMillis(10);

    /** AWS's quota, which the engine keeps. */
    private static final Duration LONGEST_EXPRESS = Duration.ofMinutes(5);

    /** After that, a result that has not come is not on its way. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private final CommandBus bus;
    private final Targets targets;
    private final Views views;
    private final Duration firstStalePause;
    private final Function<Request, UUID> expressIds;

    private Starts(CommandBus bus, RegistryView registry, Views views, Function<Request, UUID> expressIds) {
        this(bus, registry, views, FIRST_STALE_PAUSE, new SecureRandom()::nextInt, expressIds);
    }

    /** Every call starts an Express execution of its own. */
    public static Starts ofCalls(CommandBus bus, RegistryView registry, Views views) {
        return new Starts(bus, registry, views, request -> UUID.randomUUID());
    }

    /** A request that is delivered again starts the same Express execution. */
    public static Starts ofDeliveries(CommandBus bus, RegistryView registry, Views views) {
        return new Starts(
                bus,
                registry,
                views,
                request -> UUID.nameUUIDFromBytes(
                        request.requestId().orElse(request.name()).getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * @param firstStalePause after a refused answer of the views; doubled each time
     * @param draws for aliases: a number from 0 to below its argument
     * @param expressIds the last part of an Express execution's ARN
     */
    Starts(
            CommandBus bus,
            RegistryView registry,
            Views views,
            Duration firstStalePause,
            IntUnaryOperator draws,
            Function<Request, UUID> expressIds) {
        this.bus = bus;
        this.targets = new Targets(new Resources(registry), draws);
        this.views = views;
        this.firstStalePause = firstStalePause;
        this.expressIds = expressIds;
    }

    /**
     * A request to start, its members within the constraints of the model.
     *
     * @param nameGiven false for a name that was generated: it is unique, so nobody need look for an earlier one
     * @param requestId the same for all deliveries of one request
     */
    public record Request(
            String stateMachineArn,
            String name,
            boolean nameGiven,
            String input,
            Optional<String> traceHeader,
            Optional<String> requestId) {

        /** Of StartExecution's members; {@code generatedName} serves where the caller gave none. */
        public static Request of(ObjectNode members, String generatedName, Optional<String> requestId) {
            var name = text(members, "name");
            return new Request(
                    members.get("stateMachineArn").textValue(),
                    name.orElse(generatedName),
                    name.isPresent(),
                    text(members, "input").orElse("{}"),
                    text(members, "traceHeader"),
                    requestId);
        }

        /** As above, with a random UUID as the name. */
        public static Request of(ObjectNode members, Optional<String> requestId) {
            return of(members, UUID.randomUUID().toString(), requestId);
        }

        private static Optional<String> text(ObjectNode members, String name) {
            return Optional.ofNullable(members.get(name)).map(JsonNode::textValue);
        }
    }

    /** A start that may be sent: all but who waits for its reply. */
    public record Prepared(
            Request request, String executionArn, Targets.Target target, Optional<KnownClosed> knownClosed) {

        /** For a caller who waits for the start. */
        public StartExecution command(ReplyTo replyTo) {
            return command(false, Optional.empty(), Optional.of(replyTo));
        }

        /** For a record: {@code origin} is what it is called where its refusal is told. */
        public StartExecution command(String origin, Optional<ReplyTo> replyTo) {
            return command(false, Optional.of(origin), replyTo);
        }

        private StartExecution command(boolean awaitsResult, Optional<String> origin, Optional<ReplyTo> replyTo) {
            return new StartExecution(
                    executionArn,
                    target.machine().arn(),
                    target.versionArn(),
                    target.aliasArn(),
                    target.revision(),
                    request.name(),
                    isRecorded() && request.nameGiven(),
                    request.input(),
                    request.traceHeader(),
                    knownClosed,
                    request.requestId(),
                    awaitsResult,
                    origin,
                    replyTo);
        }

        /** Express executions may share a name, and nobody knows of them when they are over. */
        private boolean isRecorded() {
            return !isExpress(target.machine());
        }
    }

    /** Starts it, or finds it running already under this name with the same input. */
    public CompletionStage<Reply.Started> start(Request request) {
        return start(request, 1);
    }

    private CompletionStage<Reply.Started> start(Request request, int attempt) {
        return prepare(request)
                .thenCompose(prepared -> bus.ask(prepared.executionArn(), prepared::command))
                .thenCompose(reply -> {
                    if (reply instanceof Reply.Started started) {
                        return CompletableFuture.completedStage(started);
                    }
                    if (!(reply instanceof Reply.Rejected rejected)) {
                        throw Refusal.unexpected(reply);
                    }
                    if (!rejected.error().equals(Refusal.STALE_VIEW)) {
                        throw Refusal.of(rejected);
                    }
                    if (attempt == STALE_ATTEMPTS) {
                        throw new ApiException(
                                ErrorCode.ServiceUnavailable,
                                "Expected the views to know of recently closed executions, but they lag too far behind");
                    }
                    var pause = firstStalePause.toMillis() << (attempt - 1);
                    var later = CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS);
                    return CompletableFuture.supplyAsync(() -> start(request, attempt + 1), later)
                            .thenCompose(Function.identity());
                });
    }

    /** Runs an Express execution to its end. Fails with StateMachineTypeNotSupported for any other. */
    public CompletionStage<Finished> run(Request request) {
        return prepare(request)
                .thenApply(prepared -> {
                    if (prepared.isRecorded()) {
                        throw new ApiException(
                                ErrorCode.StateMachineTypeNotSupported,
                                "This operation is not supported by this type of state machine");
                    }
                    return prepared;
                })
                .thenCompose(prepared -> bus.ask(
                                prepared.executionArn(),
                                replyTo -> prepared.command(true, Optional.empty(), Optional.of(replyTo)),
                                LONGEST_EXPRESS.plus(MARGIN))
                        .thenApply(reply -> {
                            if (reply instanceof Reply.Finished finished) {
                                return new Finished(prepared.target().machine().arn(), finished);
                            }
                            throw reply instanceof Reply.Rejected rejected
                                    ? Refusal.of(rejected)
                                    : Refusal.unexpected(reply);
                        }));
    }

    /** An Express execution that has ended. */
    public record Finished(String stateMachineArn, Reply.Finished how) {}

    /**
     * Checks the request and makes its command. To be called again where the engine answers {@link Refusal#STALE_VIEW}.
     */
    public CompletionStage<Prepared> prepare(Request request) {
        try {
            var arn = Arns.unlabelledStateMachine(request.stateMachineArn());
            Names.require(request.name());
            checkInput(request.input());
            return targets.of(arn).thenApply(Starts::startable).thenCompose(target -> {
                boolean express = isExpress(target.machine());
                var executionArn = express
                        ? arn.expressExecution(
                                        request.name(),
                                        expressIds.apply(request).toString())
                                .toString()
                        : arn.execution(request.name()).toString();
                if (express || !request.nameGiven()) {
                    return CompletableFuture.completedStage(
                            new Prepared(request, executionArn, target, Optional.empty()));
                }
                return views.closed(executionArn)
                        .thenApply(closed -> new Prepared(
                                request,
                                executionArn,
                                target,
                                Optional.of(new KnownClosed(closed.exists(), closed.coversOffset()))));
            });
        } catch (ApiException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** Throws InvalidExecutionInput for what is no JSON, and ValidationException for what is too long. */
    public static void checkInput(String input) {
        if (input.isBlank()) {
            throw invalidInput("Invalid execution input.");
        }
        if (JsonText.utf8Length(input) > JsonText.MAX_PAYLOAD_BYTES) {
            throw ShapeValidator.tooLong("input", JsonText.MAX_PAYLOAD_BYTES);
        }
        JsonText.problem(input).ifPresent(problem -> {
            throw invalidInput(problem);
        });
    }

    private static ApiException invalidInput(String problem) {
        return new ApiException(
                ErrorCode.InvalidExecutionInput, "Invalid State Machine Execution Input: '" + problem + "'");
    }

    private static boolean isExpress(Machine machine) {
        return machine.machineType().equals("EXPRESS");
    }

    private static Targets.Target startable(Targets.Target target) {
        var machine = target.machine();
        if (machine.status() == MachineStatus.DELETING) {
            throw Resources.deleting(machine.arn());
        }
        return target;
    }
}
