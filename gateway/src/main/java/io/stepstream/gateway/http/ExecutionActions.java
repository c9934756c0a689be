package io.stepstream.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.Refusal;
import io.stepstream.gateway.Resources;
import io.stepstream.gateway.Starts;
import io.stepstream.gateway.bus.CommandBus;
import io.stepstream.gateway.bus.RegistryView;
import io.stepstream.gateway.shape.ServiceModel;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.Arns;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.view.RegistryRecord.MachineStatus;
import io.stepstream.schemas.view.Views;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Starting and stopping executions, and reading what became of them. */
final class ExecutionActions {

    private static final Duration REDRIVABLE_PERIOD = Duration.ofDays(14);
    private static final Duration LONGEST_EXECUTION = Duration.ofDays(365);
    private static final long REDRIVABLE_EVENTS = 24_999;
    private static final List<String> PAYLOAD_MEMBERS = List.of("input", "inputDetails", "output", "outputDetails");

    /** Express executions are billed in steps of time and memory; what they really take is nothing to us. */
    private static final long BILLED_STEP_MILLIS = 100;

    private static final long BILLED_MEGABYTES = 64;

    private static final int CLOSING_ATTEMPTS = 8;
    private static final Duration FIRST_CLOSING_PAUSE = Duration.ofMillis(10);

    private final CommandBus bus;
    private final RegistryView registry;
    private final Resources resources;
    private final Views views;
    private final Starts starts;
    private final PageTokens pages;
    private final Clock clock;

    ExecutionActions(CommandBus bus, RegistryView registry, Views views, Starts starts, PageTokens pages, Clock clock) {
        this.bus = bus;
        this.registry = registry;
        this.resources = new Resources(registry);
        this.views = views;
        this.starts = starts;
        this.pages = pages;
        this.clock = clock;
    }

    Map<String, Action> actions() {
        return Map.of(
                "StartExecution", this::start,
                "StartSyncExecution", this::startSync,
                "StopExecution", this::stop,
                "RedriveExecution", this::redrive,
                "DescribeExecution", this::describe,
                "ListExecutions", this::list,
                "GetExecutionHistory", this::history);
    }

    /** The HTTP header counts more than the member. */
    private static void takeTraceHeader(Call call) {
        if (call.traceHeader().isPresent()) {
            call.input().put("traceHeader", call.traceHeader().get());
            ServiceModel.get().operation(call.operation()).orElseThrow().check(call.input());
        }
    }

    private CompletionStage<Answer> startSync(Call call) {
        takeTraceHeader(call);
        var request = Starts.Request.of(call.input(), call.invocationId());
        return starts.run(request).thenApply(finished -> members -> writeResult(members, call, request, finished));
    }

    private static void writeResult(Members members, Call call, Starts.Request request, Starts.Finished finished)
            throws IOException {
        var how = finished.how();
        boolean withData = call.wantsData();
        members.text("executionArn", how.executionArn())
                .text("stateMachineArn", finished.stateMachineArn())
                .text("name", request.name())
                .date("startDate", how.startDate())
                .date("stopDate", how.stopDate())
                .text("status", how.status().name())
                .text("error", how.error())
                .text("cause", how.cause());
        writePayload(members, "input", Optional.of(request.input()), withData);
        writePayload(members, "output", how.output(), withData);
        members.text("traceHeader", request.traceHeader())
                .object(
                        "billingDetails",
                        billing -> billing.number("billedMemoryUsedInMB", BILLED_MEGABYTES)
                                .number("billedDurationInMilliseconds", billedMillis(how.startDate(), how.stopDate())));
    }

    /** Begun steps count whole, and there is at least one. */
    private static long billedMillis(Instant start, Instant stop) {
        long begun = Duration.between(start, stop).toMillis() + BILLED_STEP_MILLIS - 1;
        return Math.max(1, begun / BILLED_STEP_MILLIS) * BILLED_STEP_MILLIS;
    }

    private static void writePayload(Members members, String name, Optional<String> payload, boolean withData)
            throws IOException {
        if (payload.isPresent()) {
            if (withData) {
                members.text(name, payload);
            }
            members.object(name + "Details", details -> details.flag("included", withData));
        }
    }

    private CompletionStage<Answer> start(Call call) {
        takeTraceHeader(call);
        return starts.start(Starts.Request.of(call.input(), call.invocationId()))
                .thenApply(started -> members ->
                        members.text("executionArn", started.executionArn()).date("startDate", started.startDate()));
    }

    private CompletionStage<Answer> stop(Call call) {
        var arn = Arns.execution(call.text("executionArn")).toString();
        return bus.ask(
                        arn,
                        replyTo -> new ExecutionCommand.StopExecution(
                                arn, call.optional("error"), call.optional("cause"), Optional.of(replyTo)))
                .thenCompose(reply -> {
                    if (reply instanceof Reply.Stopped stopped) {
                        return CompletableFuture.completedStage(stopped.stopDate());
                    }
                    if (reply instanceof Reply.Rejected rejected) {
                        throw Refusal.of(rejected);
                    }
                    if (reply instanceof Reply.NotOpen) {
                        return closedAt(arn, 1);
                    }
                    throw Refusal.unexpected(reply);
                })
                .thenApply(stopDate -> members -> members.date("stopDate", stopDate));
    }

    /** When an execution ended that the engine no longer holds; the views may be a moment behind the engine. */
    private CompletionStage<Instant> closedAt(String arn, int attempt) {
        return views.execution(arn).thenCompose(found -> {
            var stopDate = found.orElseThrow(() -> noExecution(arn)).stopDate();
            if (stopDate.isPresent()) {
                return CompletableFuture.completedStage(stopDate.get());
            }
            if (attempt == CLOSING_ATTEMPTS) {
                throw new ApiException(
                        ErrorCode.ServiceUnavailable,
                        "Expected the views to show that the execution is closed, but they lag too far behind");
            }
            var pause = FIRST_CLOSING_PAUSE.toMillis() << (attempt - 1);
            var later = CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS);
            return CompletableFuture.supplyAsync(() -> closedAt(arn, attempt + 1), later)
                    .thenCompose(Function.identity());
        });
    }

    private CompletionStage<Answer> redrive(Call call) {
        var arn = Arns.execution(call.text("executionArn")).toString();
        return bus.ask(
                        arn,
                        replyTo -> new ExecutionCommand.RedriveExecution(
                                arn, call.optional("clientToken"), Optional.of(replyTo)))
                .thenCompose(reply -> {
                    if (reply instanceof Reply.Redriven redriven) {
                        return CompletableFuture.completedStage(redriven.redriveDate());
                    }
                    if (reply instanceof Reply.Rejected rejected) {
                        throw Refusal.of(rejected);
                    }
                    if (reply instanceof Reply.NotOpen) {
                        return views.execution(arn).thenApply(found -> {
                            var execution = found.orElseThrow(() -> noExecution(arn));
                            throw new ApiException(
                                    ErrorCode.ExecutionNotRedrivable,
                                    "Execution " + arn + " is not redrivable: "
                                            + notRedrivable(execution).orElse("its state is no longer kept"));
                        });
                    }
                    throw Refusal.unexpected(reply);
                })
                .thenApply(redriveDate -> members -> members.date("redriveDate", redriveDate));
    }

    private CompletionStage<Answer> describe(Call call) {
        var arn = Arns.execution(call.text("executionArn")).toString();
        return views.execution(arn).thenApply(found -> {
            var execution = found.orElseThrow(() -> noExecution(arn));
            var notRedrivable = notRedrivable(execution);
            return members -> {
                writeHead(members, execution);
                writeData(members, execution, call.wantsData());
                members.text("traceHeader", execution.traceHeader())
                        .text("redriveStatus", notRedrivable.isPresent() ? "NOT_REDRIVABLE" : "REDRIVABLE")
                        .text("redriveStatusReason", notRedrivable);
            };
        });
    }

    /** What DescribeExecution and ListExecutions have in common. */
    private static void writeHead(Members members, ExecutionStatus execution) throws IOException {
        members.text("executionArn", execution.executionArn())
                .text("stateMachineArn", execution.stateMachineArn())
                .text("name", execution.name())
                .text("status", execution.status().name())
                .date("startDate", execution.startDate())
                .date("stopDate", execution.stopDate())
                .text("stateMachineVersionArn", execution.stateMachineVersionArn())
                .text("stateMachineAliasArn", execution.stateMachineAliasArn())
                .number("redriveCount", execution.redriveCount())
                .date("redriveDate", execution.redriveDate());
    }

    private static void writeData(Members members, ExecutionStatus execution, boolean withData) throws IOException {
        writePayload(members, "input", Optional.of(execution.input()), withData);
        if (execution.status() == Status.SUCCEEDED) {
            writePayload(members, "output", execution.output(), withData);
        }
        // The error of a timeout stands in the history only.
        if (execution.status() == Status.FAILED || execution.status() == Status.ABORTED) {
            members.text("error", execution.error()).text("cause", execution.cause());
        }
    }

    /** AWS's reason why the execution cannot be redriven; empty if it can. */
    private Optional<String> notRedrivable(ExecutionStatus execution) {
        if (!execution.status().isClosed() || execution.status() == Status.SUCCEEDED) {
            return Optional.of("Execution is " + execution.status() + " and cannot be redriven");
        }
        boolean deleting = registry.machine(execution.stateMachineArn())
                .map(machine -> machine.status() == MachineStatus.DELETING)
                .orElse(true);
        if (deleting) {
            return Optional.of("State machine is in DELETING status");
        }
        if (execution.lastEventId() >= REDRIVABLE_EVENTS) {
            return Optional.of("Execution history event limit exceeded");
        }
        var now = clock.instant();
        if (execution.startDate().plus(LONGEST_EXECUTION).isBefore(now)) {
            return Optional.of("Execution has exceeded the max execution time");
        }
        if (execution.stopDate().orElse(now).plus(REDRIVABLE_PERIOD).isBefore(now)) {
            return Optional.of("Execution redrivable period exceeded");
        }
        return Optional.empty();
    }

    private CompletionStage<Answer> list(Call call) {
        var machineArn = call.optional("stateMachineArn");
        var mapRunArn = call.optional("mapRunArn");
        if (machineArn.isPresent() == mapRunArn.isPresent()) {
            throw invalid("Expected exactly one of stateMachineArn and mapRunArn, but found "
                    + (machineArn.isPresent() ? "both" : "none"));
        }
        if (mapRunArn.isPresent()) {
            // This version has no Distributed Map, hence no Map Run either.
            throw MapRunActions.noMapRun(mapRunArn.get());
        }
        var status = call.optional("statusFilter").map(Status::valueOf);
        if (status.equals(Optional.of(Status.PENDING_REDRIVE))) {
            throw invalid("Expected statusFilter PENDING_REDRIVE with a mapRunArn, but found a stateMachineArn");
        }
        if (call.optional("redriveFilter").isPresent()) {
            throw invalid("Expected redriveFilter with a mapRunArn, but found a stateMachineArn");
        }
        var arn = Arns.stateMachine(machineArn.get());
        var after = pages.place(call).map(ExecutionActions::after);
        if (arn.isLabelled()) {
            throw Resources.noMachine(machineArn.get());
        }
        return resources.machineOf(arn).thenCompose(machine -> {
            if (!machine.machineType().equals("STANDARD")) {
                throw new ApiException(
                        ErrorCode.StateMachineTypeNotSupported,
                        "This operation is not supported by this type of state machine");
            }
            return views.executions(new Views.ExecutionQuery(arn.toString(), status, after, call.pageSize()))
                    .thenApply(page -> answer(call, page));
        });
    }

    private Answer answer(Call call, Views.ExecutionPage page) {
        var executions = page.executions();
        var next = page.more() && !executions.isEmpty()
                ? Optional.of(pages.next(call, place(executions.get(executions.size() - 1))))
                : Optional.<String>empty();
        return members -> members.list("executions", executions, ExecutionActions::writeHead)
                .text("nextToken", next);
    }

    private static String place(ExecutionStatus last) {
        return last.startDate().toEpochMilli() + " " + last.executionArn();
    }

    private static Views.After after(String place) {
        int space = place.indexOf(' ');
        return new Views.After(
                Instant.ofEpochMilli(Long.parseLong(place.substring(0, space))), place.substring(space + 1));
    }

    private CompletionStage<Answer> history(Call call) {
        var arn = Arns.execution(call.text("executionArn")).toString();
        boolean reverse = call.flag("reverseOrder", false);
        boolean withData = call.flag("includeExecutionData", true);
        long from = pages.place(call).map(Long::parseLong).orElse(reverse ? 0L : 1L);
        return views.execution(arn).thenCompose(found -> {
            if (found.isEmpty()) {
                throw noExecution(arn);
            }
            var reading = new HistoryReading(views, arn, reverse, call.pageSize());
            return reading.from(from).thenApply(page -> {
                var next = page.next().map(event -> pages.next(call, Long.toString(event.id())));
                return members -> members.list(
                                "events", page.events(), (item, event) -> writeEvent(item, event, withData))
                        .text("nextToken", next);
            });
        });
    }

    private static void writeEvent(Members members, HistoryEvent event, boolean withData) throws IOException {
        members.number("id", event.id())
                .number("previousEventId", event.previousEventId())
                .date("timestamp", event.timestamp())
                .text("type", event.type().name());
        if (event.details().isPresent()) {
            members.json(
                    event.type().detailsMember(),
                    withData
                            ? event.details().get()
                            : withoutPayload(event.details().get()));
        }
    }

    private static ObjectNode withoutPayload(ObjectNode details) {
        var rest = details.objectNode();
        for (var member : details.properties()) {
            if (!PAYLOAD_MEMBERS.contains(member.getKey())) {
                rest.set(member.getKey(), member.getValue());
            }
        }
        return rest;
    }

    static ApiException noExecution(String arn) {
        return new ApiException(ErrorCode.ExecutionDoesNotExist, "Execution Does Not Exist: '" + arn + "'");
    }

    private static ApiException invalid(String message) {
        return new ApiException(ErrorCode.ValidationException, message);
    }
}
