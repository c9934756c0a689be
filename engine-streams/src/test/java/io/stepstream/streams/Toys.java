package io.stepstream.streams;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.engine.Decider;
import io.stepstream.engine.Decision;
import io.stepstream.engine.Effect;
import io.stepstream.engine.Moment;
import io.stepstream.schemas.command.ActivityCommand;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.schemas.command.TimerRef;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.event.HistoryEventType;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.view.RegistryRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Deciders that count, so that a command lost, doubled or out of order shows in what they write. Each command to a key
 * is one more event of that key; a StopExecution's error says what else it does.
 */
final class Toys {

    static final String ROWS = "rows";
    static final String ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:toy";

    private Toys() {}

    static List<Part<?>> parts(Topics topics) {
        return List.of(
                new Part<>("executions", topics.commands(), ExecutionCommand.class, List.of(ROWS), ToyExecution::new),
                new Part<>(
                        "activities", topics.activityTasks(), ActivityCommand.class, List.of(ROWS), ToyActivity::new),
                new Part<>(
                        "registry", topics.registryCommands(), RegistryCommand.class, List.of(ROWS), ToyRegistry::new));
    }

    /** Counts. */
    static ExecutionCommand count(String key, ReplyTo replyTo) {
        return new ExecutionCommand.StopExecution(key, Optional.empty(), Optional.empty(), Optional.of(replyTo));
    }

    /** Counts, and tells the activity how far it has counted, three times. */
    static ExecutionCommand tellActivity(String key, ReplyTo replyTo) {
        return new ExecutionCommand.StopExecution(key, Optional.of("activity"), Optional.empty(), Optional.of(replyTo));
    }

    /** Counts, and makes another key count. */
    static ExecutionCommand tell(String key, String other) {
        return new ExecutionCommand.StopExecution(key, Optional.of("tell"), Optional.of(other), Optional.empty());
    }

    /** Counts, and counts again when it is due. */
    static ExecutionCommand timer(String key, Instant due) {
        return new ExecutionCommand.StopExecution(
                key, Optional.of("timer"), Optional.of(due.toString()), Optional.empty());
    }

    /** Writes, and then fails. */
    static ExecutionCommand bug(String key) {
        return new ExecutionCommand.StopExecution(key, Optional.of("bug"), Optional.empty(), Optional.empty());
    }

    /** Counts, and refuses what a record of that origin asked for. */
    static ExecutionCommand refuse(String key, String origin) {
        return new ExecutionCommand.StopExecution(key, Optional.of("refuse"), Optional.of(origin), Optional.empty());
    }

    /** Says more than a record can hold. */
    static ExecutionCommand tooLarge(String key) {
        return new ExecutionCommand.StopExecution(key, Optional.of("large"), Optional.empty(), Optional.empty());
    }

    private static long countUp(String key, Decider.Rows<?> rows) {
        var row = rows.table(ROWS).get(key);
        long count = row == null ? 1 : Long.parseLong(new String(row, StandardCharsets.UTF_8)) + 1;
        rows.table(ROWS).put(key, Long.toString(count).getBytes(StandardCharsets.UTF_8));
        return count;
    }

    private static Decision.Event event(String key, long id, Instant now, String text) {
        var details = JsonNodeFactory.instance.objectNode().put("output", text);
        return new Decision.Event(
                key, new HistoryEvent(id, id - 1, now, HistoryEventType.ExecutionSucceeded, Optional.of(details)));
    }

    private static final class ToyExecution implements Decider<ExecutionCommand> {

        @Override
        public Decision decide(String key, ExecutionCommand command, Moment moment, Rows<ExecutionCommand> rows) {
            if (command instanceof ExecutionCommand.TimerDue timer) {
                if (timer.due().isAfter(moment.now())) {
                    return Decision.NOTHING;
                }
                rows.timers().cancel(timer.due(), key, "toy");
            }
            long count = countUp(key, rows);
            var effects = new ArrayList<Effect>();
            if (command instanceof ExecutionCommand.StopExecution toy) {
                toy.replyTo().ifPresent(to -> effects.add(new Effect.SendReply(to, new Reply.NotOpen(count))));
                var cause = toy.cause().orElse("");
                switch (toy.error().orElse("")) {
                    case "activity" -> {
                        for (int i = 0; i < 3; i++) {
                            effects.add(new Effect.ToActivity(new ActivityCommand.TaskWithdrawn(
                                    ACTIVITY, key, new TaskRef(moment.entropy().next(), i, count))));
                        }
                    }
                    case "tell" ->
                        effects.add(new Effect.ToExecution(
                                cause,
                                new ExecutionCommand.StopExecution(
                                        cause, Optional.empty(), Optional.empty(), Optional.empty())));
                    case "timer" ->
                        rows.timers()
                                .set(
                                        Instant.parse(cause),
                                        key,
                                        "toy",
                                        new ExecutionCommand.TimerDue(
                                                key, new TimerRef(0, 0, 0, TimerRef.Kind.WAIT), Instant.parse(cause)));
                    case "bug" -> throw new IllegalStateException("the toy's bug");
                    case "large" ->
                        effects.add(new Effect.SendReply(
                                new ReplyTo(0, "large"),
                                new Reply.Rejected("x", "x".repeat(Topics.MAX_MESSAGE_BYTES))));
                    case "refuse" -> {
                        return Decision.of(
                                new Decision.Refusal(
                                        cause,
                                        JsonNodeFactory.instance.objectNode().put("name", key),
                                        "StateMachineDoesNotExist",
                                        "It went"),
                                effects);
                    }
                    default -> {}
                }
            }
            var text = Long.toString(moment.entropy().next());
            return Decision.of(List.of(event(key, count, moment.now(), text)), List.of(), effects);
        }

        @Override
        public Decision failed(
                String key,
                ExecutionCommand command,
                Moment moment,
                Rows<ExecutionCommand> rows,
                IllegalStateException bug) {
            long count = countUp(key, rows);
            return Decision.of(
                    List.of(event(key, count, moment.now(), String.valueOf(bug.getMessage()))), List.of(), List.of());
        }
    }

    /** Its events say what it was told, in the order in which it was told. */
    private static final class ToyActivity implements Decider<ActivityCommand> {

        @Override
        public Decision decide(String key, ActivityCommand command, Moment moment, Rows<ActivityCommand> rows) {
            if (command instanceof ActivityCommand.TaskWithdrawn told) {
                var text = told.executionArn() + " " + told.task().stamp() + "."
                        + told.task().scope();
                return Decision.of(List.of(event(key, countUp(key, rows), moment.now(), text)), List.of(), List.of());
            }
            return Decision.NOTHING;
        }

        @Override
        public Decision failed(
                String key,
                ActivityCommand command,
                Moment moment,
                Rows<ActivityCommand> rows,
                IllegalStateException bug) {
            throw bug;
        }
    }

    /** Publishes each activity, after it has told all partitions. */
    private static final class ToyRegistry implements Decider<RegistryCommand> {

        @Override
        public Decision decide(String key, RegistryCommand command, Moment moment, Rows<RegistryCommand> rows) {
            var activity = new RegistryRecord.Activity(
                    key, "toy", moment.now(), JsonNodeFactory.instance.objectNode(), Map.of(), moment.offset());
            return new Decision(
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(new Decision.Registration(key, Optional.of(activity))),
                    List.of(new Effect.ToEveryPartition(key, new ExecutionCommand.ActivityRegistered(key))));
        }

        @Override
        public Decision failed(
                String key,
                RegistryCommand command,
                Moment moment,
                Rows<RegistryCommand> rows,
                IllegalStateException bug) {
            throw bug;
        }
    }
}
