package io.stepstream.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.run.Closing;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.event.HistoryEventType;
import io.stepstream.schemas.event.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ends an execution that a bug of ours keeps from going on, without asking the code that has failed: its rows go, and what it
 * had asked of timers and queues comes to nothing, since nobody awaits it any more.
 */
final class BrokenExecution {

    private BrokenExecution() {}

    static Decision end(
            String executionArn,
            ExecutionCommand command,
            Moment moment,
            Decider.Rows<ExecutionCommand> tables,
            ServiceCalls calls,
            IllegalStateException bug) {
        if (isAboutEveryExecution(command)) {
            // Going on without it would break executions to come.
            throw new UnsupportedOperationException("Expected to decide " + command + ", but could not", bug);
        }
        var table = tables.table(ExecutionDecider.EXECUTIONS);
        var rows = new ExecutionRows(table, executionArn);
        var events = new ArrayList<Decision.Event>();
        var statuses = new ArrayList<ExecutionStatus>();
        var logs = new ArrayList<LogRecord>();
        var effects = new ArrayList<Effect>();
        var open = rows.execution();
        if (open.isPresent()) {
            var error = "States.Runtime";
            var cause = "An internal error ended the execution: " + bug.getMessage();
            long last = rows.progress().lastEventId();
            var details = JsonNodeFactory.instance.objectNode();
            details.put("error", error).put("cause", cause);
            var failed = new HistoryEvent(
                    last + 1, last, moment.now(), HistoryEventType.ExecutionFailed, Optional.of(details));
            var how = new Closing(
                    ExecutionStatus.Status.FAILED,
                    moment.now(),
                    Optional.empty(),
                    Optional.of(error),
                    Optional.of(cause));
            var input = rows.executionInput();
            if (!open.get().express()) {
                events.add(new Decision.Event(executionArn, failed));
                statuses.add(Statuses.closed(
                        open.get(), rows.executionInput(), rows.progress(), how, last + 1, moment.offset()));
            }
            logs.addAll(ExecutionStep.logs(open.get(), rows.progress(), List.of(failed)));
            open.get()
                    .resultTo()
                    .ifPresent(to -> effects.add(new Effect.SendReply(to, ExecutionStep.finished(open.get(), how))));
            removeAll(table, executionArn);
            Children.closed(open.get(), input, how, calls).ifPresent(effects::add);
            for (var call : calls.removeAll(executionArn)) {
                effects.add(new Effect.EndCall(executionArn, call.task()));
            }
        }
        replyTo(command)
                .ifPresent(to -> effects.add(new Effect.SendReply(
                        to, new Reply.Rejected("InternalFailure", "An internal error occurred."))));
        return Decision.of(events, statuses, logs, effects);
    }

    private static void removeAll(Table table, String executionArn) {
        List<String> keys = new ArrayList<>();
        table.scan(Key.of(executionArn, ""), Key.end(executionArn), (key, value) -> {
            keys.add(key);
            return true;
        });
        keys.forEach(table::delete);
    }

    private static boolean isAboutEveryExecution(ExecutionCommand command) {
        return command instanceof ExecutionCommand.DefinitionPublished
                || command instanceof ExecutionCommand.StateMachineDeleted
                || command instanceof ExecutionCommand.ActivityRegistered
                || command instanceof ExecutionCommand.ActivityDeleted
                || command instanceof ExecutionCommand.SemanticsRaised;
    }

    private static Optional<ReplyTo> replyTo(ExecutionCommand command) {
        if (command instanceof ExecutionCommand.StartExecution start) {
            return start.replyTo();
        } else if (command instanceof ExecutionCommand.StopExecution stop) {
            return stop.replyTo();
        } else if (command instanceof ExecutionCommand.RedriveExecution redrive) {
            return redrive.replyTo();
        } else if (command instanceof ExecutionCommand.TaskSucceeded succeeded) {
            return succeeded.replyTo();
        } else if (command instanceof ExecutionCommand.TaskFailed failed) {
            return failed.replyTo();
        } else if (command instanceof ExecutionCommand.TaskHeartbeat heartbeat) {
            return heartbeat.replyTo();
        }
        if (command instanceof ExecutionCommand.ValidateDefinition validation) {
            return validation.replyTo();
        } else if (command instanceof ExecutionCommand.TestState test) {
            return test.replyTo();
        }
        return Optional.empty();
    }
}
