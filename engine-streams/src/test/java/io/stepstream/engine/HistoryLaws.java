package io.stepstream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.event.HistoryEventType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What holds for the history of every closed execution, whatever its definition and its course. */
final class HistoryLaws {

    private static final Set<HistoryEventType> ENDS = Set.of(
            HistoryEventType.ExecutionSucceeded,
            HistoryEventType.ExecutionFailed,
            HistoryEventType.ExecutionTimedOut,
            HistoryEventType.ExecutionAborted);

    private final List<HistoryEvent> history;
    private final ExecutionStatus status;

    private HistoryLaws(List<HistoryEvent> history, ExecutionStatus status) {
        this.history = history;
        this.status = status;
    }

    static void check(World world) {
        var laws = new HistoryLaws(world.history(), world.status());
        laws.itBeginsAndEndsOnce();
        laws.theFirstTwoFollowFromNothingAndAllElseFromSomethingEarlier();
        laws.aStateIsLeftOnceByWhoEnteredIt();
        laws.theEndSaysWhatTheStatusSays();
        laws.iterationsAddUp();
        laws.whatAWorkerIsGivenEndsOnce();
    }

    private HistoryEvent last() {
        return history.get(history.size() - 1);
    }

    private void itBeginsAndEndsOnce() {
        assertEquals(HistoryEventType.ExecutionStarted, history.get(0).type());
        for (var event : history) {
            assertEquals(
                    event.id() == last().id(), ENDS.contains(event.type()), () -> "one end, and it is last: " + event);
            assertEquals(event.id() == 1, event.type() == HistoryEventType.ExecutionStarted);
        }
    }

    private void theFirstTwoFollowFromNothingAndAllElseFromSomethingEarlier() {
        for (int i = 0; i < history.size(); i++) {
            var event = history.get(i);
            boolean fromNothing = i < 2 || event.type() == HistoryEventType.ExecutionAborted;
            if (event.type() == HistoryEventType.EvaluationFailed) {
                continue;
            }
            assertEquals(fromNothing, event.previousEventId() == 0, () -> "previous event of " + event);
        }
    }

    /** Walking back from an exit, the first entry to a state of that name comes before any other exit from it. */
    private void aStateIsLeftOnceByWhoEnteredIt() {
        Map<Long, HistoryEvent> exitOf = new HashMap<>();
        for (var exit : history) {
            if (exit.type().name().endsWith("StateExited")) {
                var entry = entryOf(exit);
                assertEquals(
                        entry.type().name().replace("Entered", ""),
                        exit.type().name().replace("Exited", ""));
                var before = exitOf.put(entry.id(), exit);
                assertTrue(before == null, () -> "a state is left once: " + before + " and " + exit);
            }
        }
        boolean nothingFailed = history.stream()
                .noneMatch(event -> event.type().name().endsWith("Failed")
                        || event.type().name().endsWith("TimedOut")
                        || event.type().name().endsWith("Aborted"));
        if (nothingFailed) {
            long entered = history.stream()
                    .filter(event -> event.type().name().endsWith("StateEntered"))
                    .count();
            assertEquals(entered, exitOf.size(), "where nothing fails, every state that is entered is left");
        }
    }

    private HistoryEvent entryOf(HistoryEvent exit) {
        var at = exit;
        while (true) {
            assertTrue(at.previousEventId() > 0, () -> "somebody entered what is left: " + exit);
            if (at.type() == HistoryEventType.EvaluationFailed) {
                // It stands beside the entry, as AWS tells it: both follow from the same event.
                var failed = at;
                at = history.stream()
                        .filter(event ->
                                event.id() < failed.id() && event.type().name().endsWith("StateEntered"))
                        .filter(event -> event.id() == failed.previousEventId()
                                || event.previousEventId() == failed.previousEventId())
                        .filter(event -> name(event)
                                .equals(failed.details()
                                        .orElseThrow()
                                        .get("state")
                                        .textValue()))
                        .reduce((first, second) -> second)
                        .orElseThrow(() -> new AssertionError("Expected an entry for " + failed));
                if (name(at).equals(name(exit))) {
                    return at;
                }
                continue;
            }
            at = history.get((int) at.previousEventId() - 1);
            if (at.type().name().endsWith("StateEntered") && name(at).equals(name(exit))) {
                return at;
            }
        }
    }

    private static String name(HistoryEvent event) {
        return event.details().orElseThrow().get("name").textValue();
    }

    private void theEndSaysWhatTheStatusSays() {
        var details = last().details().orElseThrow();
        var expected = switch (last().type()) {
            case ExecutionSucceeded -> ExecutionStatus.Status.SUCCEEDED;
            case ExecutionTimedOut -> ExecutionStatus.Status.TIMED_OUT;
            case ExecutionAborted -> ExecutionStatus.Status.ABORTED;
            default -> ExecutionStatus.Status.FAILED;
        };
        assertEquals(expected, status.status());
        assertEquals(status.output(), Optional.ofNullable(details.get("output")).map(node -> node.textValue()));
        if (expected == ExecutionStatus.Status.FAILED) {
            assertEquals(
                    status.error(), Optional.ofNullable(details.get("error")).map(node -> node.textValue()));
            assertEquals(
                    status.cause(), Optional.ofNullable(details.get("cause")).map(node -> node.textValue()));
        }
    }

    private long count(HistoryEventType type) {
        return history.stream().filter(event -> event.type() == type).count();
    }

    private void iterationsAddUp() {
        long length = history.stream()
                .filter(event -> event.type() == HistoryEventType.MapStateStarted)
                .mapToLong(event -> event.details().orElseThrow().get("length").longValue())
                .sum();
        long started = count(HistoryEventType.MapIterationStarted);
        long ended = count(HistoryEventType.MapIterationSucceeded)
                + count(HistoryEventType.MapIterationFailed)
                + count(HistoryEventType.MapIterationAborted);
        assertTrue(started <= length, "no iteration without an item");
        // A stop, a timeout or a full history ends everything without a word.
        boolean told = status.status() == ExecutionStatus.Status.SUCCEEDED;
        assertTrue(told ? started == ended : started >= ended, "every iteration that began has come to an end");
        if (told && count(HistoryEventType.MapStateFailed) == 0 && count(HistoryEventType.MapStateAborted) == 0) {
            var retried = count(HistoryEventType.MapIterationFailed) > 0;
            assertTrue(retried || started == length, "where no Map fails, every item has an iteration");
        }
    }

    private void whatAWorkerIsGivenEndsOnce() {
        long scheduled = count(HistoryEventType.ActivityScheduled);
        long ended = count(HistoryEventType.ActivitySucceeded)
                + count(HistoryEventType.ActivityFailed)
                + count(HistoryEventType.ActivityTimedOut);
        assertTrue(ended <= scheduled, "no answer without a task");
        assertTrue(count(HistoryEventType.ActivityStarted) <= scheduled, "a task starts once");
        boolean undisturbed =
                status.status() == ExecutionStatus.Status.SUCCEEDED && count(HistoryEventType.TaskStateAborted) == 0;
        assertFalse(undisturbed && ended != scheduled, "every task has come to an end");
    }
}
