package io.stepstream.asl.run;

import io.stepstream.asl.model.Catcher;
import io.stepstream.asl.model.Retrier;
import io.stepstream.asl.model.State;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.schemas.command.TimerRef;
import io.stepstream.schemas.event.HistoryEventType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** What follows from a state's failure: another attempt after a delay, a catcher's state, or the end of its scope. */
final class ErrorFlow {

    private static final double LONGEST_DELAY_SECONDS = 99_999_999;

    private final Run run;

    ErrorFlow(Run run) {
        this.run = run;
    }

    /** Gives {@link Outcome.Failed} again when nothing catches the failure. */
    Outcome handle(Scope scope, Failure failure) {
        var state = run.state(scope);
        boolean ofBranches = failure.byChild();
        if (failure.evaluation().isPresent()) {
            tell(scope, state, failure, failure.evaluation().get());
            ofBranches |= state instanceof State.Parallel || state instanceof State.MapState;
        }
        if (!failure.fatal() && retries(scope, state, failure)) {
            return Outcome.WAITS;
        }
        if (ofBranches) {
            scope.previousEventId = run.history.add(
                    scope.previousEventId,
                    state instanceof State.MapState
                            ? HistoryEventType.MapStateFailed
                            : HistoryEventType.ParallelStateFailed);
        }
        return failure.fatal() ? new Outcome.Failed(failure) : caught(scope, state, failure.told());
    }

    /** EvaluationFailed stands beside the state's entry, except in a Wait; what follows comes from it. */
    private void tell(Scope scope, State state, Failure failure, Failure.Evaluation evaluation) {
        var details = History.put(History.details(), failure.error(), failure.cause());
        evaluation.location().ifPresent(location -> details.put("location", location));
        details.put("state", scope.state);
        long previous = state instanceof State.Wait ? scope.previousEventId : scope.beforeEntered;
        scope.previousEventId = run.history.add(previous, HistoryEventType.EvaluationFailed, details);
    }

    /** The first retrier that matches decides; it counts its own attempts, and a spent one is no reason to ask the next. */
    private boolean retries(Scope scope, State state, Failure failure) {
        var index = retrier(state, failure);
        if (index.isEmpty()) {
            return false;
        }
        var retriers = state.fields().retry();
        var retrier = retriers.get(index.getAsInt());
        while (scope.retries.size() < retriers.size()) {
            scope.retries.add(0L);
        }
        long used = scope.retries.get(index.getAsInt());
        if (used >= retrier.maxAttempts()) {
            return false;
        }
        scope.retries.set(index.getAsInt(), used + 1);
        var due = run.now.plus(delay(retrier, used));
        long stamp = run.nextStamp();
        scope.awaiting = Optional.of(new Awaiting.NextAttempt(stamp, due));
        run.outside.setTimer(due, run.timer(scope, stamp, TimerRef.Kind.RETRY));
        return true;
    }

    private Outcome caught(Scope scope, State state, Failure failure) {
        var index = catcher(state, failure);
        if (index.isEmpty()) {
            return new Outcome.Failed(failure);
        }
        var catcher = state.fields().catchers().get(index.getAsInt());
        try {
            var flow = DataFlow.of(state.fields().queryLanguage());
            var exit = flow.caught(run.env(scope), failure, catcher);
            return new Outcome.Left(exit, Optional.of(catcher.next()));
        } catch (AslFailure inCatcher) {
            var again = Failure.in(scope, inCatcher);
            again.evaluation().ifPresent(evaluation -> tell(scope, state, again, evaluation));
            return new Outcome.Failed(again.told());
        }
    }

    /** Which catcher takes the failure: the first that matches. */
    static OptionalInt catcher(State state, Failure failure) {
        return first(state.fields().catchers(), Catcher::errorEquals, state, failure);
    }

    /** Which retrier answers for the failure, be it spent or not: the first that matches. */
    static OptionalInt retrier(State state, Failure failure) {
        return first(state.fields().retry(), Retrier::errorEquals, state, failure);
    }

    private static <T> OptionalInt first(
            List<T> all, Function<T, List<String>> errorEquals, State state, Failure failure) {
        for (int i = 0; i < all.size(); i++) {
            if (matches(errorEquals.apply(all.get(i)), failure, state)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    private static boolean matches(List<String> errorEquals, Failure failure, State state) {
        for (var name : errorEquals) {
            boolean matches = switch (name) {
                case "States.ALL" -> true;
                case "States.TaskFailed" -> !failure.names().contains(Failure.TIMEOUT);
                case Failure.BRANCH_FAILED -> failure.byChild() && state instanceof State.Parallel;
                default -> failure.names().contains(name);
            };
            if (matches) {
                return true;
            }
        }
        return false;
    }

    /** IntervalSeconds × BackoffRate^used, capped, and with jitter anything between nothing and that. */
    private Duration delay(Retrier retrier, long used) {
        // StrictMath: the same on every machine that replays the log.
        double seconds = retrier.intervalSeconds() * StrictMath.pow(retrier.backoffRate(), (double) used);
        if (retrier.maxDelaySeconds().isPresent()) {
            seconds = Math.min(seconds, (double) retrier.maxDelaySeconds().getAsLong());
        }
        seconds = Math.min(seconds, LONGEST_DELAY_SECONDS);
        if (retrier.jitter()) {
            seconds *= run.fraction();
        }
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }
}
