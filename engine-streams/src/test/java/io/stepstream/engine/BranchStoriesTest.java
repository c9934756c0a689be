package io.stepstream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stepstream.asl.run.RunLimits;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parallel and Map, as they go. */
class BranchStoriesTest {

    private static final String WORK = World.activityArn("work");

    private static final String PASS_EACH = """
            {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
              "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}}
            """;

    @Test
    void iterationsFollowFromTheOneThatFreedTheirSlot() {
        var world = new World().machine("""
                        {"StartAt": "M", "States": {"M": {"Type": "Map", "MaxConcurrency": 1, "End": true,
                          "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}}
                        """);
        world.start("[1, \"two\"]");
        assertEquals(
                List.of(
                        "1<0 ExecutionStarted",
                        "2<0 MapStateEntered",
                        "3<2 MapStateStarted",
                        "4<3 MapIterationStarted",
                        "5<4 PassStateEntered",
                        "6<5 PassStateExited",
                        "7<6 MapIterationSucceeded",
                        "8<6 MapIterationStarted",
                        "9<8 PassStateEntered",
                        "10<9 PassStateExited",
                        "11<10 MapIterationSucceeded",
                        "12<11 MapStateSucceeded",
                        "13<11 MapStateExited",
                        "14<13 ExecutionSucceeded"),
                world.course());
        assertEquals(Optional.of("[1,\"two\"]"), world.output());
        assertEquals("{\"name\":\"M\",\"index\":1}", world.details(8).toString());
        assertEquals("{\"length\":2}", world.details(3).toString());
    }

    @Test
    void anEmptyMapSucceedsAtOnce() {
        var world = new World().machine(map("\"MaxConcurrency\": 3,"));
        world.start("[]");
        assertEquals(
                List.of(
                        "1<0 ExecutionStarted",
                        "2<0 MapStateEntered",
                        "3<2 MapStateStarted",
                        "4<3 MapStateSucceeded",
                        "5<3 MapStateExited",
                        "6<5 ExecutionSucceeded"),
                world.course());
        assertEquals(Optional.of("[]"), world.output());
    }

    @Test
    void resultsStandInTheOrderOfTheItemsWhateverTheOrderOfTheAnswers() {
        var world = World.with(pagesOf(2)).activity("work").machine(map(""));
        world.start("[0,1,2,3,4]");
        var tasks =
                IntStream.range(0, 5).mapToObj(i -> world.workerStarts("work")).toList();
        for (int i : List.of(3, 0, 4, 1, 2)) {
            world.succeed(tasks.get(i), "\"done " + tasks.get(i).input() + "\"");
        }
        assertEquals(Optional.of("[\"done 0\",\"done 1\",\"done 2\",\"done 3\",\"done 4\"]"), world.output());
    }

    @Test
    void noMoreIterationsRunThanMay() {
        var world = new World().activity("work").machine(map("\"MaxConcurrency\": 2,"));
        world.start("[0,1,2]");
        assertEquals(2, world.offered().size());
        world.workerSucceeds("work", "null");
        assertEquals(2, world.offered().size());
        world.workerSucceeds("work", "null");
        world.workerSucceeds("work", "null");
        assertEquals(Status.SUCCEEDED, world.status().status());
    }

    @Test
    void fortyIterationsRunAtOnceWhenNoNumberIsWished() {
        var world = new World().activity("work").machine(map(""));
        world.start(IntStream.range(0, 50).boxed().toList().toString());
        assertEquals(40, world.offered().size());
    }

    @Test
    void aFailedIterationEndsItsSiblingsAndTellsSo() {
        var world = new World().activity("work").machine("""
                        {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
                          "ItemProcessor": {"StartAt": "C", "States": {
                            "C": {"Type": "Choice", "Default": "T",
                              "Choices": [{"Variable": "$", "NumericEquals": 0, "Next": "W"}]},
                            "W": {"Type": "Wait", "Seconds": 60, "End": true},
                            "T": {"Type": "Task", "Resource": "%s", "TimeoutSeconds": 90, "End": true}}}}}}
                        """.formatted(WORK));
        world.start("[0,1,2]");
        int before = world.history().size();
        world.workerFails("work", "Broken");
        int failed = before + 2;
        assertEquals(
                List.of(
                        "ActivityStarted",
                        "ActivityFailed",
                        "MapIterationFailed",
                        "TaskStateAborted",
                        "WaitStateAborted",
                        "MapIterationAborted",
                        "TaskStateAborted",
                        "MapIterationAborted",
                        "MapStateFailed",
                        "ExecutionFailed"),
                world.history().stream()
                        .skip(before)
                        .map(event -> event.type().name())
                        .toList());
        world.history().stream()
                .skip(failed)
                .limit(7)
                .forEach(event -> assertEquals(failed, event.previousEventId(), event::toString));
        assertEquals(Optional.of("Broken"), world.status().error());
        assertEquals(List.of(), world.offered());
        assertEquals(List.of(), world.rows().setTimers());
        assertEquals(0, world.rows(ExecutionDecider.EXECUTIONS));
    }

    @Test
    void aRetriedMapStartsAgainWithoutBeingEnteredAgain() {
        var world = new World()
                .activity("work")
                .machine(map("\"Retry\": [{\"ErrorEquals\": [\"Broken\"], \"MaxAttempts\": 1}],"));
        world.start("[1]");
        world.workerFails("work", "Broken");
        world.passes(Duration.ofSeconds(1));
        world.workerSucceeds("work", "\"good\"");
        assertEquals(
                List.of(
                        "1<0 ExecutionStarted",
                        "2<0 MapStateEntered",
                        "3<2 MapStateStarted",
                        "4<3 MapIterationStarted",
                        "5<4 TaskStateEntered",
                        "6<5 ActivityScheduled",
                        "7<6 ActivityStarted",
                        "8<7 ActivityFailed",
                        "9<8 MapIterationFailed",
                        "10<8 TaskStateAborted",
                        "11<8 MapStateStarted",
                        "12<11 MapIterationStarted",
                        "13<12 TaskStateEntered",
                        "14<13 ActivityScheduled",
                        "15<14 ActivityStarted",
                        "16<15 ActivitySucceeded",
                        "17<16 TaskStateExited",
                        "18<17 MapIterationSucceeded",
                        "19<18 MapStateSucceeded",
                        "20<18 MapStateExited",
                        "21<20 ExecutionSucceeded"),
                world.course());
    }

    @Test
    void aParallelGivesItsBranchesResultsInTheirOrder() {
        var world = new World().activity("work").machine(parallel(""));
        world.start("{\"in\": 1}");
        assertEquals("{\"in\": 1}", world.offered().get(0).input());
        world.workerSucceeds("work", "\"second\"");
        assertEquals(Optional.of("[{\"in\": 1},\"second\"]"), world.output());
        assertEquals(
                List.of("11<10 ParallelStateSucceeded", "12<10 ParallelStateExited", "13<12 SucceedStateEntered"),
                world.course().subList(10, 13));
    }

    @Test
    void aCaughtParallelFailureLeavesThroughItsCatcher() {
        var world = new World()
                .activity("work")
                .machine(parallel("\"Catch\": [{\"ErrorEquals\": [\"States.BranchFailed\"], \"Next\": \"Z\"}],"));
        world.start("{}");
        world.workerFails("work", "Broken");
        var course = world.course();
        assertEquals(
                List.of(
                        "9<8 ActivityFailed",
                        "10<9 TaskStateAborted",
                        "11<9 ParallelStateFailed",
                        "12<11 ParallelStateExited",
                        "13<12 SucceedStateEntered",
                        "14<13 SucceedStateExited",
                        "15<14 ExecutionSucceeded"),
                course.subList(8, course.size()));
    }

    @Test
    void whatIsNestedEndsFromTheInsideOut() {
        var world = new World().activity("work").machine("""
                        {"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [
                          {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "%s", "End": true}}},
                          {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemsPath": "$.items",
                            "ItemProcessor": {"StartAt": "W", "States": {
                              "W": {"Type": "Wait", "Seconds": 9, "End": true}}}}}}]}}}
                        """.formatted(WORK));
        world.start("{\"items\": [1, 2]}");
        world.workerFails("work", "Broken");
        assertEquals(
                List.of(
                        "TaskStateAborted",
                        "WaitStateAborted",
                        "MapIterationAborted",
                        "WaitStateAborted",
                        "MapIterationAborted",
                        "MapStateAborted",
                        "ParallelStateFailed",
                        "ExecutionFailed"),
                world.history().stream()
                        .map(event -> event.type().name())
                        .dropWhile(type -> !type.equals("TaskStateAborted"))
                        .toList());
    }

    @Test
    void anIterationKnowsItsItem() {
        var world = new World().machine("""
                        {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemsPath": "$.items",
                          "ItemSelector": {"index.$": "$$.Map.Item.Index", "of.$": "$.owner"},
                          "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true,
                            "Parameters": {"in.$": "$", "value.$": "$$.Map.Item.Value"}}}}}}}
                        """);
        world.start("{\"owner\": \"me\", \"items\": [\"a\", \"b\"]}");
        assertEquals(
                Optional.of("[{\"in\":{\"index\":0,\"of\":\"me\"},\"value\":\"a\"},"
                        + "{\"in\":{\"index\":1,\"of\":\"me\"},\"value\":\"b\"}]"),
                world.output());
    }

    @Test
    void aMapOverNoArrayFailsForGood() {
        var world = new World().machine(map("\"Retry\": [{\"ErrorEquals\": [\"States.ALL\"]}],"));
        world.start("{}");
        assertEquals(List.of("3<2 ExecutionFailed"), world.course().subList(2, 3));
        assertEquals(
                "An error occurred while executing the state 'M' (entered at the event id #2). "
                        + "Reference path \"$\" must point to array.",
                world.status().cause().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "'\"2\"', 2", "0, 3", "100000000000, 3"})
    void aPathSaysHowManyIterationsRunAtOnce(String max, int atOnce) {
        var world =
                new World().activity("work").machine(map("\"ItemsPath\": \"$.v\", \"MaxConcurrencyPath\": \"$.max\","));
        world.start("{\"v\": [1,2,3], \"max\": " + max + "}");
        assertEquals(atOnce, world.offered().size());
    }

    @Test
    void resultsThatAreTogetherTooLargeFailTheMap() {
        var world = World.with(RunLimits.DEFAULTS.withPayloadBytes(60))
                .activity("work")
                .machine(map(""));
        world.start("[1,2,3]");
        for (int i = 0; i < 3; i++) {
            world.workerSucceeds("work", "\"" + "x".repeat(18) + "\"");
        }
        assertEquals(Optional.of("States.DataLimitExceeded"), world.status().error());
        assertTrue(world.course().stream().anyMatch(event -> event.endsWith(" MapStateFailed")));
    }

    @Test
    void aFullHistoryEndsWithTheFailure() {
        var world = World.with(RunLimits.DEFAULTS.withHistoryEvents(20)).machine(PASS_EACH);
        world.start("[1,2,3,4,5,6]");
        assertEquals(20, world.history().size());
        assertEquals("20<19 ExecutionFailed", world.course().get(19));
        assertEquals(
                Optional.of("The execution reached the maximum number of history events (20)."),
                world.status().cause());
    }

    @Test
    void muchWorkIsDoneInTurns() {
        var world = World.with(RunLimits.DEFAULTS.withTransitions(7))
                .machine(PASS_EACH)
                .yieldsByHand();
        var items = IntStream.range(0, 100).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
        world.start(items);
        int turns = 0;
        while (world.goesOn()) {
            turns++;
        }
        // Seven states a turn, and the first turn spends one on the Map itself.
        assertEquals(14, turns);
        assertEquals(Optional.of(items), world.output());
    }

    private static RunLimits pagesOf(int entries) {
        return RunLimits.DEFAULTS.withPageEntries(entries);
    }

    /** A Map M over its input, with an activity task T for each item. */
    private static String map(String more) {
        return """
                {"StartAt": "M", "States": {"M": {"Type": "Map", %s "End": true,
                  "ItemProcessor": {"StartAt": "T", "States": {
                    "T": {"Type": "Task", "Resource": "%s", "End": true}}}}}}
                """.formatted(more, WORK);
    }

    /** A Parallel of a Pass and an activity task, and a Succeed Z behind it. */
    private static String parallel(String more) {
        return """
                {"StartAt": "P", "States": {"P": {"Type": "Parallel", %s "Branches": [
                  {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}},
                  {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "%s", "End": true}}}], "Next": "Z"},
                  "Z": {"Type": "Succeed"}}}
                """.formatted(more, WORK);
    }
}
