package io.stepstream.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.parse.KnownServices;
import io.stepstream.asl.run.Closing;
import io.stepstream.asl.run.Execution;
import io.stepstream.asl.run.Interpreter;
import io.stepstream.asl.run.KnownRedrive;
import io.stepstream.asl.run.Progress;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.event.LogRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** One decision about one execution: its rows, the command, and what follows. Dropped when it is made. */
final class ExecutionStep implements ExecutionCommand.Cases<Decision> {

    private final String executionArn;
    private final Moment moment;
    private final Decider.Rows<ExecutionCommand> tables;
    private final ExecutionRows rows;
    private final Definitions definitions;
    private final ClosedNames names;
    private final ServiceCalls calls;
    private final Redrivables redrivables;
    private final Limits limits;
    private final KnownServices services;
    private final List<Effect> replies = new ArrayList<>();

    ExecutionStep(
            String executionArn,
            Moment moment,
            Decider.Rows<ExecutionCommand> tables,
            Definitions definitions,
            ServiceCalls calls,
            Limits limits,
            KnownServices services) {
        this.executionArn = executionArn;
        this.moment = moment;
        this.tables = tables;
        this.rows = new ExecutionRows(tables.table(ExecutionDecider.EXECUTIONS), executionArn);
        this.definitions = definitions;
        this.names = new ClosedNames(tables.table(ExecutionDecider.NAMES), limits.rememberedOffsets());
        this.calls = calls;
        this.redrivables =
                new Redrivables(tables.table(ExecutionDecider.REDRIVABLE), tables.table(ExecutionDecider.EXECUTIONS));
        this.limits = limits;
        this.services = services;
    }

    @Override
    public Decision startExecution(ExecutionCommand.StartExecution command) {
        var open = rows.execution();
        if (open.isPresent()) {
            return rows.executionInput().equals(command.input())
                    ? reply(command.replyTo(), started(open.get().startDate()))
                    : refuse(command, alreadyExists());
        }
        var closed = names.closed(executionArn);
        if (closed.isPresent()) {
            // The SDK asks again when it has not heard our answer; by then the execution may be over.
            boolean sameCall = command.requestId().isPresent()
                    && command.requestId().equals(closed.get().startRequestId());
            return sameCall
                    ? reply(command.replyTo(), started(closed.get().startDate()))
                    : refuse(command, alreadyExists());
        }
        if (command.nameGiven()) {
            boolean exists = command.knownClosed()
                    .map(ExecutionCommand.KnownClosed::exists)
                    .orElse(false);
            long covers = command.knownClosed()
                    .map(ExecutionCommand.KnownClosed::coversOffset)
                    .orElse(-1L);
            if (exists) {
                return refuse(command, alreadyExists());
            }
            if (covers < names.forgottenUpTo()) {
                return refuse(
                        command,
                        new Reply.Rejected(
                                "StaleView",
                                "Expected to be told of names closed up to offset " + names.forgottenUpTo()
                                        + ", but the views had only seen " + covers));
            }
        }
        if (definitions.isDeleted(command.stateMachineArn(), command.revision())) {
            return refuse(
                    command,
                    new Reply.Rejected(
                            "StateMachineDoesNotExist",
                            "State Machine Does Not Exist: '" + command.stateMachineArn() + "'"));
        }
        var revision = definitions.revision(command.stateMachineArn(), command.revision());
        if (revision.isEmpty()) {
            definitions.park(command, moment.offset());
            return Decision.NOTHING;
        }
        return start(command, revision.get());
    }

    private Decision start(ExecutionCommand.StartExecution command, Definitions.Revision revision) {
        var execution = new Execution(
                executionArn,
                command.stateMachineArn(),
                command.stateMachineVersionArn(),
                command.stateMachineAliasArn(),
                command.revision(),
                command.name(),
                command.nameGiven(),
                revision.roleArn(),
                Optional.of(command.input()).filter(ExecutionRows::isShort),
                command.traceHeader(),
                moment.now(),
                moment.offset(),
                command.requestId(),
                revision.logging(),
                command.awaitsResult() ? command.replyTo() : Optional.empty());
        rows.open(execution, command.input(), new Progress());
        if (execution.resultTo().isEmpty()) {
            send(command.replyTo(), started(execution.startDate()));
        }
        // Whoever sees the status finds the event ExecutionStarted, which has the id 1.
        return run(execution, OptionalLong.of(1), Interpreter::start);
    }

    @Override
    public Decision stopExecution(ExecutionCommand.StopExecution command) {
        var open = rows.execution();
        if (open.isEmpty()) {
            return reply(command.replyTo(), new Reply.NotOpen(moment.offset()));
        }
        send(command.replyTo(), new Reply.Stopped(moment.now()));
        return run(open.get(), interpreter -> interpreter.stop(command.error(), command.cause()));
    }

    @Override
    public Decision redriveExecution(ExecutionCommand.RedriveExecution command) {
        var until = redrivables.until(executionArn);
        var was = until.isPresent() ? redrivables.rows(executionArn) : rows;
        var execution = was.execution();
        var known = command.clientToken().flatMap(token -> knownRedrive(token, was));
        if (known.isPresent()) {
            return reply(command.replyTo(), new Reply.Redriven(known.get()));
        } else if (execution.isEmpty()) {
            return reply(command.replyTo(), new Reply.NotOpen(moment.offset()));
        }
        boolean deleted = definitions.isDeleted(
                execution.get().stateMachineArn(), execution.get().revision());
        var refusal = Redrivables.refusal(execution.get(), until, deleted, moment.now(), limits.run());
        if (refusal.isPresent()) {
            return reply(
                    command.replyTo(),
                    new Reply.Rejected(
                            "ExecutionNotRedrivable",
                            "Execution " + executionArn + " is not redrivable: " + refusal.get()));
        }
        var redriven = OptionalLong.of(was.progress().lastEventId() + 1);
        redrivables.reopen(executionArn);
        send(command.replyTo(), new Reply.Redriven(moment.now()));
        return run(execution.get(), redriven, interpreter -> interpreter.redrive(command.clientToken()));
    }

    /** When the same request redrove the execution that is or was in these rows, if it did. */
    private Optional<Instant> knownRedrive(String token, ExecutionRows was) {
        var known = was.execution().isPresent()
                ? was.progress().redrives()
                : names.closed(executionArn).flatMap(ClosedNames.Closed::redrive).stream()
                        .toList();
        return known.stream()
                .filter(redrive -> redrive.token().equals(token))
                .map(KnownRedrive::date)
                .filter(date -> !date.plus(Redrivables.TOKEN_PERIOD).isBefore(moment.now()))
                .reduce((earlier, later) -> later);
    }

    @Override
    public Decision activityStarted(ExecutionCommand.ActivityStarted command) {
        return runIfOpen(interpreter -> interpreter.activityStarted(command.task(), command.workerName()));
    }

    @Override
    public Decision taskSucceeded(ExecutionCommand.TaskSucceeded command) {
        return answer(command.task(), command.requestId(), command.replyTo(), interpreter -> {
            command.requestId().ifPresent(interpreter::accepted);
            interpreter.taskSucceeded(command.task(), command.workerName(), command.output());
        });
    }

    @Override
    public Decision taskFailed(ExecutionCommand.TaskFailed command) {
        return answer(command.task(), command.requestId(), command.replyTo(), interpreter -> {
            command.requestId().ifPresent(interpreter::accepted);
            interpreter.taskFailed(command.task(), command.workerName(), command.error(), command.cause());
        });
    }

    @Override
    public Decision taskHeartbeat(ExecutionCommand.TaskHeartbeat command) {
        return answer(
                command.task(),
                command.requestId(),
                command.replyTo(),
                interpreter -> interpreter.taskHeartbeat(command.task(), command.workerName()));
    }

    /** What a worker says is accepted once while its task is awaited, and again if it is the retry of an accepted call. */
    private Decision answer(
            TaskRef task, Optional<String> requestId, Optional<ReplyTo> replyTo, Consumer<Interpreter> accept) {
        var open = rows.execution();
        if (open.isPresent() && interpreter(open.get(), requests(open.get())).awaits(task)) {
            send(replyTo, new Reply.Accepted());
            return run(open.get(), accept);
        }
        boolean again = requestId.isPresent()
                && (open.isPresent()
                        ? rows.progress().hasAccepted(requestId.get())
                        : names.closed(executionArn)
                                .map(closed -> closed.accepted().contains(requestId.get()))
                                .orElse(false));
        return reply(
                replyTo,
                again
                        ? new Reply.Accepted()
                        : new Reply.Rejected("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'"));
    }

    @Override
    public Decision serviceCallCompleted(ExecutionCommand.ServiceCallCompleted command) {
        return runIfOpen(interpreter ->
                interpreter.serviceCallCompleted(command.task(), command.output(), command.error(), command.cause()));
    }

    @Override
    public Decision childClosed(ExecutionCommand.ChildClosed command) {
        return runIfOpen(
                interpreter -> interpreter.childClosed(command.task(), command.succeeded(), command.description()));
    }

    @Override
    public Decision timerDue(ExecutionCommand.TimerDue command) {
        var id = Requests.id(command.timer());
        if (command.due().isAfter(moment.now())) {
            // A clock that is ahead has sent it too early.
            tables.timers().set(command.due(), executionArn, id, command);
            return Decision.NOTHING;
        }
        tables.timers().cancel(command.due(), executionArn, id);
        return runIfOpen(interpreter -> interpreter.timerDue(command.timer(), command.due()));
    }

    @Override
    public Decision proceed(ExecutionCommand.Continue command) {
        return runIfOpen(interpreter -> interpreter.proceed(command.stamp()));
    }

    @Override
    public Decision definitionPublished(ExecutionCommand.DefinitionPublished command) {
        definitions.publish(command);
        // Sent once more rather than decided here: there may be many, and each is to have an offset of its own.
        var effects = new ArrayList<Effect>();
        for (var start : definitions.unpark(command.stateMachineArn(), command.revision())) {
            effects.add(new Effect.ToExecution(start.executionArn(), start));
        }
        return Decision.of(List.of(), List.of(), effects);
    }

    @Override
    public Decision stateMachineDeleted(ExecutionCommand.StateMachineDeleted command) {
        definitions.delete(command.stateMachineArn(), command.revision());
        return Decision.NOTHING;
    }

    @Override
    public Decision activityRegistered(ExecutionCommand.ActivityRegistered command) {
        definitions.addActivity(command.activityArn());
        return Decision.NOTHING;
    }

    @Override
    public Decision activityDeleted(ExecutionCommand.ActivityDeleted command) {
        definitions.removeActivity(command.activityArn());
        return Decision.NOTHING;
    }

    @Override
    public Decision semanticsRaised(ExecutionCommand.SemanticsRaised command) {
        throw new UnsupportedOperationException("Expected the log's guard to take the semantics, but " + command);
    }

    @Override
    public Decision expireExecution(ExecutionCommand.ExpireExecution command) {
        boolean closedAgain = names.closed(executionArn)
                .map(closed -> closed.offset() > command.closedAt())
                .orElse(false);
        if (rows.execution().isPresent() || closedAgain) {
            return Decision.NOTHING; // said twice, and the name has been used again in between
        }
        names.forget(executionArn);
        redrivables.forget(executionArn);
        return new Decision(
                List.of(),
                List.of(),
                List.of(),
                List.of(new Decision.Expired(executionArn, command.lastEventId())),
                List.of(),
                List.of());
    }

    @Override
    public Decision validateDefinition(ExecutionCommand.ValidateDefinition command) {
        return reply(command.replyTo(), Validation.of(command, services));
    }

    @Override
    public Decision testState(ExecutionCommand.TestState command) {
        return reply(
                command.replyTo(), new StateTest(command, moment, limits.run().express(), services).reply());
    }

    // -------------------------------------------------------------------------------------------------------------------

    private Decision runIfOpen(Consumer<Interpreter> what) {
        var open = rows.execution();
        return open.isPresent() ? run(open.get(), what) : Decision.NOTHING;
    }

    private Decision run(Execution execution, Consumer<Interpreter> what) {
        return run(execution, OptionalLong.empty(), what);
    }

    /** @param runningSince the event that made it RUNNING, if that is part of this decision */
    private Decision run(Execution execution, OptionalLong runningSince, Consumer<Interpreter> what) {
        var requests = requests(execution);
        var interpreter = interpreter(execution, requests);
        var progress = rows.progress();
        what.accept(interpreter);

        var statuses = new ArrayList<ExecutionStatus>();
        runningSince.ifPresent(event ->
                statuses.add(Statuses.running(execution, rows.executionInput(), progress, event, moment.offset())));
        var closing = interpreter.closing();
        if (closing.isPresent()) {
            statuses.add(Statuses.closed(
                    execution,
                    rows.executionInput(),
                    progress,
                    closing.get(),
                    progress.lastEventId(),
                    moment.offset()));
            send(execution.resultTo(), finished(execution, closing.get()));
            Children.closed(execution, rows.executionInput(), closing.get(), calls)
                    .ifPresent(replies::add);
            remember(execution, progress);
            if (!interpreter.redrivable()) {
                rows.close();
            }
        }
        rows.write();
        if (interpreter.redrivable()) {
            redrivables.keep(executionArn, moment.now());
        }
        requests.write(tables.timers());

        var effects = new ArrayList<>(replies);
        effects.addAll(requests.effects());
        var logs = logs(execution, progress, interpreter.events());
        return execution.express()
                ? Decision.of(List.of(), List.of(), logs, effects)
                : Decision.of(events(interpreter.events()), statuses, logs, effects);
    }

    static Reply finished(Execution execution, Closing how) {
        return new Reply.Finished(
                execution.executionArn(),
                execution.startDate(),
                how.stopDate(),
                how.status(),
                how.output(),
                how.error(),
                how.cause());
    }

    static List<LogRecord> logs(Execution execution, Progress progress, List<HistoryEvent> events) {
        if (execution.logging().isEmpty()) {
            return List.of();
        }
        var logging = execution.logging().get();
        var logs = new ArrayList<LogRecord>();
        for (var event : events) {
            if (logging.level().takes(event.type())) {
                logs.add(new LogRecord(
                        execution.executionArn(), event, progress.redriveCount(), logging.includeExecutionData()));
            }
        }
        return logs;
    }

    private Requests requests(Execution execution) {
        return new Requests(execution, definitions, calls);
    }

    private Interpreter interpreter(Execution execution, Requests requests) {
        return new Interpreter(
                execution,
                definitions.machine(execution.stateMachineArn(), execution.revision()),
                rows.progress(),
                rows,
                requests,
                moment.now(),
                moment.entropy(),
                execution.express() ? limits.run().express() : limits.run());
    }

    /** A generated name comes never again, so it need not be remembered, unless somebody may repeat an answer. */
    private void remember(Execution execution, Progress last) {
        if (execution.nameGiven()
                || !last.accepted().isEmpty()
                || !last.redrives().isEmpty()) {
            names.add(
                    executionArn,
                    new ClosedNames.Closed(
                            moment.offset(),
                            execution.startDate(),
                            execution.startRequestId(),
                            last.accepted(),
                            last.lastRedrive()));
        }
    }

    private List<Decision.Event> events(List<HistoryEvent> events) {
        var all = new ArrayList<Decision.Event>(events.size());
        for (var event : events) {
            all.add(new Decision.Event(executionArn, event));
        }
        return all;
    }

    private Reply started(Instant startDate) {
        return new Reply.Started(executionArn, startDate);
    }

    private Reply.Rejected alreadyExists() {
        return new Reply.Rejected("ExecutionAlreadyExists", "Execution Already Exists: '" + executionArn + "'");
    }

    private void send(Optional<ReplyTo> to, Reply reply) {
        to.ifPresent(address -> replies.add(new Effect.SendReply(address, reply)));
    }

    /** Tells whoever waits; a start by topic has nobody, so it is told to those who read {@code rejected}. */
    private Decision refuse(ExecutionCommand.StartExecution command, Reply.Rejected refusal) {
        var told = reply(command.replyTo(), refusal);
        return command.origin()
                .map(origin -> Decision.of(
                        new Decision.Refusal(origin, request(command), refusal.error(), refusal.message()),
                        told.effects()))
                .orElse(told);
    }

    private static ObjectNode request(ExecutionCommand.StartExecution command) {
        var request = JsonNodeFactory.instance.objectNode();
        request.put("stateMachineArn", command.stateMachineArn());
        if (command.nameGiven()) {
            request.put("name", command.name());
        }
        request.put("input", command.input());
        command.traceHeader().ifPresent(header -> request.put("traceHeader", header));
        return request;
    }

    private Decision reply(Optional<ReplyTo> to, Reply reply) {
        send(to, reply);
        return Decision.of(List.of(), List.of(), replies);
    }
}
