package io.stepstream.asl.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.model.State;
import io.stepstream.asl.model.StateMachine;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Payload;
import io.stepstream.asl.query.Variables;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.schemas.command.TimerRef;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The scratch of one decision about one execution: what the steps share, dropped when the decision is over. */
final class Run {

    final Execution execution;
    final StateMachine machine;
    final Progress progress;
    final Memory memory;
    final Outside outside;
    final History history;
    final Instant now;
    final RunLimits limits;
    final ScopeVariables variables;
    final Leftovers leftovers;

    /** Scopes that are about to enter a state. */
    final Deque<Long> ready;

    /** What a test of a single state is told instead of what an execution would know. */
    Optional<JsonNode> givenContext = Optional.empty();

    Optional<Variables> givenVariables = Optional.empty();

    private final Env.Draws draws;
    private @Nullable Payload executionInput;

    Run(
            Execution execution,
            StateMachine machine,
            Progress progress,
            Memory memory,
            Outside outside,
            Instant now,
            Env.Draws draws,
            RunLimits limits) {
        this.execution = execution;
        this.machine = machine;
        this.progress = progress;
        this.memory = memory;
        this.outside = outside;
        this.history = new History(progress, now, limits.historyEvents());
        this.now = now;
        this.draws = draws;
        this.limits = limits;
        this.variables = new ScopeVariables(this);
        this.leftovers = new Leftovers(this);
        this.ready = new ArrayDeque<>(progress.ready);
    }

    State state(Scope scope) {
        return machine.state(scope.state);
    }

    Payload executionInput() {
        var known = executionInput;
        if (known == null) {
            known = Payload.ofText(memory.executionInput());
            executionInput = known;
        }
        return known;
    }

    /** What expressions of the scope's state see, with its raw input as {@code $}. */
    Env env(Scope scope) {
        return env(scope, memory.input(scope), Optional.empty());
    }

    /** The same for an item that a Map is about to give to an iteration. */
    Env env(Scope scope, Payload input, Optional<ContextObject.Item> item) {
        return new Env(input, context(scope, item), givenVariables.orElseGet(() -> variables.of(scope)), now, draws);
    }

    private Supplier<JsonNode> context(Scope scope, Optional<ContextObject.Item> item) {
        if (givenContext.isPresent()) {
            return givenContext::get;
        }
        return new Supplier<>() {
            private Optional<JsonNode> made = Optional.empty();

            @Override
            public JsonNode get() {
                var known = made.orElseGet(() -> ContextObject.of(Run.this, scope, item));
                made = Optional.of(known);
                return known;
            }
        };
    }

    /** Chance between 0 (included) and 1 (excluded). */
    double fraction() {
        return (draws.next() >>> 11) * 0x1.0p-53;
    }

    long nextStamp() {
        return progress.nextStamp++;
    }

    TaskRef task(Scope scope, long stamp) {
        return new TaskRef(execution.startOffset(), scope.id, stamp);
    }

    TimerRef timer(Scope scope, long stamp, TimerRef.Kind kind) {
        return new TimerRef(execution.startOffset(), scope.id, stamp, kind);
    }

    /** Ends the scope's wait: whatever still comes for it is late. Children are not this method's business. */
    void stopAwaiting(Scope scope) {
        if (scope.awaiting.isEmpty()) {
            return;
        }
        var awaited = scope.awaiting.get();
        if (awaited instanceof Awaiting.TimeToPass wait) {
            outside.cancelTimer(wait.due(), timer(scope, wait.stamp(), TimerRef.Kind.WAIT));
        } else if (awaited instanceof Awaiting.NextAttempt retry) {
            outside.cancelTimer(retry.due(), timer(scope, retry.stamp(), TimerRef.Kind.RETRY));
        } else if (awaited instanceof Awaiting.Worker worker) {
            worker.timeout()
                    .ifPresent(
                            due -> outside.cancelTimer(due, timer(scope, worker.stamp(), TimerRef.Kind.TASK_TIMEOUT)));
            worker.heartbeat()
                    .ifPresent(due -> outside.cancelTimer(due, timer(scope, worker.stamp(), TimerRef.Kind.HEARTBEAT)));
            if (!worker.started()) {
                outside.withdrawTask(worker.activityArn(), task(scope, worker.stamp()));
            }
        } else if (awaited instanceof Awaiting.Service service) {
            service.timeout()
                    .ifPresent(
                            due -> outside.cancelTimer(due, timer(scope, service.stamp(), TimerRef.Kind.TASK_TIMEOUT)));
            service.heartbeat()
                    .ifPresent(due -> outside.cancelTimer(due, timer(scope, service.stamp(), TimerRef.Kind.HEARTBEAT)));
            if (!service.submitted()) {
                outside.endCall(task(scope, service.stamp()));
            }
            service.child().ifPresent(outside::stopExecution);
        }
        scope.awaiting = Optional.empty();
    }

    boolean tooLarge(Payload payload) {
        return exceeds(payload.text(), limits.payloadBytes());
    }

    /** Length in UTF-8, without making the bytes. */
    static long utf8Length(String text) {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                length += 1;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                length += 2;
            } else {
                length += 3;
            }
        }
        return length;
    }

    private static boolean exceeds(String text, int bytes) {
        // No character takes more than three bytes for one char, so short texts need no counting.
        return text.length() > bytes / 3 && utf8Length(text) > bytes;
    }
}
