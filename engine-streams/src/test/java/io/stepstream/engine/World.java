package io.stepstream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.parse.KnownServices;
import io.stepstream.asl.run.RunLimits;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.command.ActivityCommand;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.command.ServiceCall;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.event.HistoryEventType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One partition of {@code commands} with its decider, its clock, its workers and its callers, all in memory. What a decision
 * sends to the partition itself is decided at once, in order, as the next commands; timers fire when time passes. After each
 * command the {@link Invariants} are checked, so a story that only tells its course tests them too.
 */
final class World {

    static final String MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:machine";
    static final String ROLE = "arn:aws:iam::000000000000:role/role";
    static final Instant MORNING = Instant.parse("2026-01-01T08:00:00Z");

    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);

    /** One record of the log. */
    record Entry(String key, ExecutionCommand command, Instant now, long offset) {
        Moment moment() {
            return new Moment(now, 0, offset, new Entropy(SECRET, "commands", 0, offset));
        }
    }

    /** A task that an execution has offered and not withdrawn. */
    record Task(String activityArn, String executionArn, TaskRef ref, String input) {}

    private final Limits limits;
    private final ExecutionDecider decider;
    private final List<Entry> log = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final Deque<Entry> toItself = new ArrayDeque<>();
    private final Map<String, List<HistoryEvent>> histories = new LinkedHashMap<>();
    private final Map<String, ExecutionStatus> statuses = new LinkedHashMap<>();
    private final List<Task> offered = new ArrayList<>();
    private final Map<TaskRef, Task> withWorkers = new LinkedHashMap<>();
    private final List<ServiceCall> calls = new ArrayList<>();
    private final Map<String, Reply> replies = new TreeMap<>();
    private MemoryRows<ExecutionCommand> rows = new MemoryRows<>();
    private Instant now = MORNING;
    private long nextOffset;
    private int asked;
    private boolean yieldsByHand;

    World() {
        this(Limits.DEFAULTS);
    }

    World(Limits limits) {
        this.limits = limits;
        this.decider = decider(limits);
    }

    static World with(RunLimits limits) {
        return new World(new Limits(limits, Limits.DEFAULTS.rememberedOffsets()));
    }

    static ExecutionDecider decider(Limits limits) {
        return new ExecutionDecider(limits, SECRET, KnownServices.ANY);
    }

    // What is there.
    // -----------------------------------------------------------------------------------------------------

    World machine(String definition) {
        return publish(1, definition);
    }

    World publish(long revision, String definition) {
        send(
                MACHINE,
                new ExecutionCommand.DefinitionPublished(
                        MACHINE, revision, definition, ROLE, "STANDARD", Optional.empty()));
        return this;
    }

    World activity(String name) {
        var arn = activityArn(name);
        send(arn, new ExecutionCommand.ActivityRegistered(arn));
        return this;
    }

    static String activityArn(String name) {
        return "arn:aws:states:us-east-1:000000000000:activity:" + name;
    }

    static String executionArn(String name) {
        return "arn:aws:states:us-east-1:000000000000:execution:machine:" + name;
    }

    // What callers do.
    // ---------------------------------------------------------------------------------------------------

    Optional<Reply> start(String input) {
        return start("run", input);
    }

    Optional<Reply> start(String name, String input) {
        return start(name, input, Optional.empty(), Optional.empty());
    }

    Optional<Reply> start(
            String name, String input, Optional<ExecutionCommand.KnownClosed> known, Optional<String> requestId) {
        return ask(executionArn(name), to -> startCommand(name, 1, input, known, requestId, to));
    }

    static ExecutionCommand.StartExecution startCommand(
            String name,
            long revision,
            String input,
            Optional<ExecutionCommand.KnownClosed> known,
            Optional<String> requestId,
            ReplyTo to) {
        return new ExecutionCommand.StartExecution(
                executionArn(name),
                MACHINE,
                Optional.empty(),
                Optional.empty(),
                revision,
                name,
                true,
                input,
                Optional.empty(),
                known,
                requestId,
                false,
                Optional.empty(),
                Optional.of(to));
    }

    /** As ingress starts for a record that nobody waits for. */
    void startByTopic(String name, String input) {
        var to = new ReplyTo(0, "nobody");
        var asked = startCommand(name, 1, input, Optional.empty(), Optional.empty(), to);
        send(
                asked.executionArn(),
                new ExecutionCommand.StartExecution(
                        asked.executionArn(),
                        asked.stateMachineArn(),
                        Optional.empty(),
                        Optional.empty(),
                        asked.revision(),
                        name,
                        false,
                        input,
                        Optional.of("trace"),
                        Optional.empty(),
                        Optional.of("record"),
                        false,
                        Optional.of("start-requests-0-7"),
                        Optional.empty()));
    }

    Optional<Reply> stop() {
        return ask(
                executionArn("run"),
                to -> new ExecutionCommand.StopExecution(
                        executionArn("run"), Optional.of("Stopped"), Optional.of("By hand"), Optional.of(to)));
    }

    Optional<Reply> redrive() {
        return redrive(Optional.empty());
    }

    Optional<Reply> redrive(Optional<String> token) {
        return ask(
                executionArn("run"),
                to -> new ExecutionCommand.RedriveExecution(executionArn("run"), token, Optional.of(to)));
    }

    // What workers do.
    // ---------------------------------------------------------------------------------------------------

    /** A worker gets the oldest task of the activity. */
    Task workerStarts(String activity) {
        var task = take(activity);
        send(
                task.executionArn(),
                new ExecutionCommand.ActivityStarted(task.executionArn(), task.ref(), Optional.of("worker"), 1));
        return task;
    }

    /** The same, but the word of it is still on its way. */
    Task take(String activity) {
        for (var task : offered) {
            if (task.activityArn().equals(activityArn(activity))) {
                offered.remove(task);
                withWorkers.put(task.ref(), task);
                return task;
            }
        }
        throw new AssertionError("Expected a task for " + activity + ", but there are " + offered);
    }

    /** A worker gets the oldest task and succeeds. */
    Optional<Reply> workerSucceeds(String activity, String output) {
        return succeed(workerStarts(activity), output);
    }

    Optional<Reply> workerFails(String activity, String error) {
        return fail(workerStarts(activity), Optional.of(error), Optional.of("because"));
    }

    Optional<Reply> succeed(Task task, String output) {
        return succeed(task, output, Optional.empty());
    }

    Optional<Reply> succeed(Task task, String output, Optional<String> requestId) {
        return ask(
                task.executionArn(),
                to -> new ExecutionCommand.TaskSucceeded(
                        task.executionArn(), task.ref(), Optional.of("worker"), output, requestId, Optional.of(to)));
    }

    Optional<Reply> fail(Task task, Optional<String> error, Optional<String> cause) {
        return ask(
                task.executionArn(),
                to -> new ExecutionCommand.TaskFailed(
                        task.executionArn(),
                        task.ref(),
                        Optional.of("worker"),
                        error,
                        cause,
                        Optional.empty(),
                        Optional.of(to)));
    }

    Optional<Reply> heartbeat(Task task) {
        return ask(
                task.executionArn(),
                to -> new ExecutionCommand.TaskHeartbeat(
                        task.executionArn(), task.ref(), Optional.of("worker"), Optional.empty(), Optional.of(to)));
    }

    // What services do.
    // --------------------------------------------------------------------------------------------------

    /** The oldest call is answered. */
    ServiceCall serviceAnswers(String output) {
        var call = calls.remove(0);
        tell(call, Optional.of(output), Optional.empty(), Optional.empty());
        return call;
    }

    ServiceCall serviceFails(String error, String cause) {
        var call = calls.remove(0);
        tell(call, Optional.empty(), Optional.of(error), Optional.of(cause));
        return call;
    }

    void tell(ServiceCall call, Optional<String> output, Optional<String> error, Optional<String> cause) {
        send(
                call.executionArn(),
                new ExecutionCommand.ServiceCallCompleted(call.executionArn(), call.task(), output, error, cause));
    }

    /** What somebody has who was handed the call's token. */
    static Task withToken(ServiceCall call) {
        var token = TaskToken.verify(call.taskToken().orElseThrow(), SECRET).orElseThrow();
        return new Task("", token.executionArn(), token.task(), "");
    }

    /** Calls that nobody has answered or ended. */
    List<ServiceCall> calls() {
        return List.copyOf(calls);
    }

    // What time does.
    // ----------------------------------------------------------------------------------------------------

    /** Time passes, and each timer that falls due on the way fires at its moment. */
    World passes(Duration time) {
        var until = now.plus(time);
        while (true) {
            var next = rows.setTimers().stream().findFirst();
            if (next.isEmpty() || next.get().due().isAfter(until)) {
                break;
            }
            var timer = next.get();
            now = timer.due().isAfter(now) ? timer.due() : now;
            send(timer.key(), timer.command());
        }
        now = until;
        return this;
    }

    /** From here on a Continue waits until {@link #goesOn}. */
    World yieldsByHand() {
        yieldsByHand = true;
        return this;
    }

    /** Decides what the partition has sent itself; false if there was nothing. */
    boolean goesOn() {
        var next = toItself.pollFirst();
        if (next == null) {
            return false;
        }
        decide(next.key(), next.command());
        return true;
    }

    // The log.
    // -----------------------------------------------------------------------------------------------------------

    Optional<Reply> ask(String key, Function<ReplyTo, ExecutionCommand> command) {
        var id = "call-" + asked++;
        send(key, command.apply(new ReplyTo(0, id)));
        return Optional.ofNullable(replies.get(id));
    }

    /** What the call of that correlation id has been told last. */
    Optional<Reply> told(String correlationId) {
        return Optional.ofNullable(replies.get(correlationId));
    }

    void send(String key, ExecutionCommand command) {
        decide(key, command);
        while (!yieldsByHand && goesOn()) {}
    }

    /** A record of the log once more, behind it. */
    void repeat(Entry entry) {
        decide(entry.key(), entry.command());
    }

    private void decide(String key, ExecutionCommand command) {
        // As it comes from the topic.
        ExecutionCommand read;
        try {
            read = Json.read(Json.bytes(command), ExecutionCommand.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertEquals(command, read, "a command survives JSON");
        var entry = new Entry(key, read, now, nextOffset++);
        var before = rows.copy();
        var decision = decider.decide(key, read, entry.moment(), rows);
        var again = before.copy();
        assertEquals(decision, decider(limits).decide(key, read, entry.moment(), again), "deciding twice is equal");
        assertEquals(rows.contents(), again.contents(), "deciding twice writes the same");
        log.add(entry);
        decisions.add(decision);
        take(decision);
        Invariants.check(this);
    }

    private void take(Decision decision) {
        for (var event : decision.events()) {
            if (event.event().type() == HistoryEventType.ExecutionRedriven) {
                statuses.remove(event.executionArn());
            }
            var closed = Optional.ofNullable(statuses.get(event.executionArn()))
                    .map(status -> status.status().isClosed())
                    .orElse(false);
            assertTrue(!closed, () -> "a closed execution stays closed, but there came " + event);
            histories
                    .computeIfAbsent(event.executionArn(), any -> new ArrayList<>())
                    .add(event.event());
        }
        for (var expired : decision.expired()) {
            histories.remove(expired.executionArn());
            statuses.remove(expired.executionArn());
        }
        for (var status : decision.statuses()) {
            statuses.put(status.executionArn(), status);
        }
        for (var effect : decision.effects()) {
            if (effect instanceof Effect.SendReply reply) {
                replies.put(reply.to().correlationId(), reply.reply());
            } else if (effect instanceof Effect.ToExecution own) {
                toItself.addLast(new Entry(own.executionArn(), own.command(), now, -1));
            } else if (effect instanceof Effect.ToActivity activity) {
                take(activity.command());
            } else if (effect instanceof Effect.CallService wanted) {
                calls.add(wanted.call());
            } else if (effect instanceof Effect.EndCall ended) {
                calls.removeIf(call -> call.executionArn().equals(ended.executionArn())
                        && call.task().equals(ended.task()));
            } else {
                throw new AssertionError("Expected no such effect of an execution: " + effect);
            }
        }
    }

    private void take(ActivityCommand command) {
        if (command instanceof ActivityCommand.TaskOffered offer) {
            offered.add(new Task(offer.activityArn(), offer.executionArn(), offer.task(), offer.input()));
        } else if (command instanceof ActivityCommand.TaskWithdrawn withdrawn) {
            offered.removeIf(task -> task.executionArn().equals(withdrawn.executionArn())
                    && task.ref().equals(withdrawn.task()));
        } else {
            throw new AssertionError("Expected no such command of an execution: " + command);
        }
    }

    List<Decision.Refusal> refusals() {
        return decisions.stream()
                .flatMap(decision -> decision.refusals().stream())
                .toList();
    }

    // What can be seen.
    // --------------------------------------------------------------------------------------------------

    List<HistoryEvent> history() {
        return history(executionArn("run"));
    }

    List<HistoryEvent> history(String executionArn) {
        return histories.getOrDefault(executionArn, List.of());
    }

    /** Each event as {@code id<previous type}. */
    List<String> course() {
        return history().stream()
                .map(event -> event.id() + "<" + event.previousEventId() + " " + event.type())
                .toList();
    }

    ExecutionStatus status() {
        return status(executionArn("run"));
    }

    ExecutionStatus status(String executionArn) {
        var status = statuses.get(executionArn);
        if (status == null) {
            throw new AssertionError("Expected a status of " + executionArn);
        }
        return status;
    }

    Optional<String> output() {
        return status().output();
    }

    JsonNode details(int id) {
        return history().get(id - 1).details().orElseThrow();
    }

    List<Task> offered() {
        return List.copyOf(offered);
    }

    /** Tasks that workers have or had. */
    List<Task> withWorkers() {
        return List.copyOf(withWorkers.values());
    }

    MemoryRows<ExecutionCommand> rows() {
        return rows;
    }

    Map<String, List<HistoryEvent>> histories() {
        return histories;
    }

    List<Entry> log() {
        return List.copyOf(log);
    }

    List<Decision> decisions() {
        return List.copyOf(decisions);
    }

    Instant now() {
        return now;
    }

    Limits limits() {
        return limits;
    }

    int rows(String table) {
        return rows.size(table);
    }
}
