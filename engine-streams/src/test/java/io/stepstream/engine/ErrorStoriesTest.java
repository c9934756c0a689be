package io.stepstream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stepstream.asl.run.RunLimits;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Retry and Catch match, how often and how long they wait. */
class ErrorStoriesTest {

    /** {@code error} is what a worker says; nothing for a failure without a name. */
    @ParameterizedTest
    @CsvSource({
        "States.ALL, Custom, true",
        "States.ALL, , true",
        "States.ALL, States.TaskFailed, true",
        "States.ALL, States.Permissions, true",
        "States.ALL, States.Timeout, true",
        "States.ALL, States.DataLimitExceeded, true",
        "States.ALL, States.Runtime, false",
        "States.Runtime, States.Runtime, false",
        "States.TaskFailed, Custom, true",
        "States.TaskFailed, , true",
        "States.TaskFailed, States.Timeout, false",
        "States.TaskFailed, States.Runtime, false",
        "Custom, Custom, true",
        "Custom, custom, false",
        "Custom, , false",
        "Custom, CustomToo, false",
        "States.Timeout, States.Timeout, true",
        "States.Timeout, Custom, false",
        "States.BranchFailed, Custom, false",
        "States.HeartbeatTimeout, States.Timeout, false",
    })
    void anEntryMatchesByName(String errorEquals, String error, boolean matches) {
        var world = new World().activity("work").machine(task("""
                "Catch": [{"ErrorEquals": ["%s"], "Next": "Caught"}],""".formatted(errorEquals)));
        world.start("{}");
        world.fail(world.workerStarts("work"), Optional.ofNullable(error), Optional.of("because"));
        assertEquals(matches ? Status.SUCCEEDED : Status.FAILED, world.status().status());
        if (!matches) {
            assertEquals(Optional.ofNullable(error), world.status().error());
        }
        var retried = new World().activity("work").machine(task("""
                "Retry": [{"ErrorEquals": ["%s"]}],""".formatted(errorEquals)));
        retried.start("{}");
        retried.fail(retried.workerStarts("work"), Optional.ofNullable(error), Optional.of("because"));
        assertEquals(matches ? Status.RUNNING : Status.FAILED, retried.status().status());
    }

    @ParameterizedTest
    @CsvSource({"States.Timeout, true", "States.HeartbeatTimeout, true", "States.ALL, true", "States.TaskFailed, false"
    })
    void silenceIsATimeoutWithANameOfItsOwn(String errorEquals, boolean matches) {
        var world = new World().activity("work").machine(task("""
                "HeartbeatSeconds": 5, "Catch": [{"ErrorEquals": ["%s"], "Next": "Caught"}],""".formatted(errorEquals)));
        world.start("{}");
        world.workerStarts("work");
        world.passes(Duration.ofSeconds(5));
        assertEquals(matches ? Status.SUCCEEDED : Status.FAILED, world.status().status());
    }

    @ParameterizedTest
    @CsvSource({"States.HeartbeatTimeout, false", "States.Timeout, true"})
    void aTaskThatTakesTooLongHasNotFallenSilent(String errorEquals, boolean matches) {
        var world = new World().activity("work").machine(task("""
                "TimeoutSeconds": 5, "Catch": [{"ErrorEquals": ["%s"], "Next": "Caught"}],""".formatted(errorEquals)));
        world.start("{}");
        world.passes(Duration.ofSeconds(5));
        assertEquals(matches ? Status.SUCCEEDED : Status.FAILED, world.status().status());
    }

    @ParameterizedTest
    @CsvSource({
        "States.BranchFailed, true",
        "Custom, true",
        "States.TaskFailed, true",
        "States.ALL, true",
        "Other, false"
    })
    void aParallelFailsWithItsBranchesErrorAndByAName(String errorEquals, boolean matches) {
        var world = new World().machine("""
                {"StartAt": "P", "States": {
                  "P": {"Type": "Parallel", "Next": "Caught",
                    "Catch": [{"ErrorEquals": ["%s"], "Next": "Caught"}],
                    "Branches": [{"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Custom"}}}]},
                  "Caught": {"Type": "Succeed"}}}
                """.formatted(errorEquals));
        world.start("{}");
        assertEquals(matches ? Status.SUCCEEDED : Status.FAILED, world.status().status());
    }

    @Test
    void aRuntimeErrorInABranchCannotBeCaughtAroundItEither() {
        var world = new World().machine("""
                {"StartAt": "P", "States": {
                  "P": {"Type": "Parallel", "Next": "Caught",
                    "Retry": [{"ErrorEquals": ["States.ALL"]}],
                    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
                    "Branches": [{"StartAt": "F", "States": {"F": {"Type": "Pass", "InputPath": "$.no", "End": true}}}]},
                  "Caught": {"Type": "Succeed"}}}
                """);
        world.start("{}");
        assertEquals(Status.FAILED, world.status().status());
        assertEquals(Optional.of("States.Runtime"), world.status().error());
    }

    @Test
    void eachRetrierCountsItsOwnAttemptsAndASpentOneLeavesItToTheCatchers() {
        var world = new World().activity("work").machine(task("""
                "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 1, "IntervalSeconds": 1},
                          {"ErrorEquals": ["B"], "MaxAttempts": 2, "IntervalSeconds": 1, "BackoffRate": 1},
                          {"ErrorEquals": ["States.ALL"], "MaxAttempts": 5, "IntervalSeconds": 1}],
                "Catch": [{"ErrorEquals": ["A"], "Next": "Caught"}],"""));
        world.start("{}");
        for (var error : List.of("B", "A", "B")) {
            world.workerFails("work", error);
            assertTrue(world.offered().isEmpty());
            world.passes(Duration.ofSeconds(1));
        }
        world.workerFails("work", "A");
        assertEquals(Status.SUCCEEDED, world.status().status());
        assertEquals(Optional.of("{\"Error\":\"A\",\"Cause\":\"because\"}"), world.output());
    }

    @Test
    void theCountsAreForgottenWhenTheStateIsLeft() {
        var world = new World().activity("work").machine("""
                {"StartAt": "T", "States": {
                  "T": {"Type": "Task", "Resource": "%s", "Next": "C", "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 1}]},
                  "C": {"Type": "Choice", "Default": "T", "Choices": [
                    {"Variable": "$", "NumericEquals": 2, "Next": "E"}]},
                  "E": {"Type": "Succeed"}}}
                """.formatted(World.activityArn("work")));
        world.start("{}");
        for (int round = 1; round <= 2; round++) {
            world.workerFails("work", "A");
            world.passes(Duration.ofSeconds(1));
            world.workerSucceeds("work", Integer.toString(round));
        }
        assertEquals(Status.SUCCEEDED, world.status().status());
    }

    @Test
    void delaysGrowByTheRateUpToTheLongest() {
        var world = new World().activity("work").machine(task("""
                "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 3, "BackoffRate": 1.5, "MaxAttempts": 4,
                           "MaxDelaySeconds": 10}],"""));
        world.start("{}");
        // 3, 4.5, 6.75, then 10.125 would be too long.
        for (long millis : new long[] {3_000, 4_500, 6_750, 10_000}) {
            world.workerFails("work", "A");
            world.passes(Duration.ofMillis(millis - 1));
            assertTrue(world.offered().isEmpty(), () -> "not before " + millis + " ms");
            world.passes(Duration.ofMillis(1));
            assertFalse(world.offered().isEmpty(), () -> "after " + millis + " ms");
        }
        world.workerFails("work", "A");
        assertEquals(Status.FAILED, world.status().status());
    }

    @Test
    void jitterDrawsEachDelayBetweenNothingAndAllOfIt() {
        var delays = new HashSet<Duration>();
        var world = new World().activity("work").machine(task("""
                "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "BackoffRate": 1, "MaxAttempts": 50,
                           "JitterStrategy": "FULL"}],"""));
        world.start("{}");
        for (int attempt = 0; attempt < 50; attempt++) {
            world.workerFails("work", "A");
            var from = world.now();
            while (world.offered().isEmpty()) {
                world.passes(Duration.ofMillis(50));
            }
            var delay = Duration.between(from, world.now());
            assertTrue(delay.compareTo(Duration.ofMillis(10_050)) <= 0, () -> "at most the delay: " + delay);
            delays.add(delay);
        }
        assertTrue(delays.size() > 25, () -> "they differ: " + delays);
        assertTrue(delays.stream().anyMatch(delay -> delay.compareTo(Duration.ofSeconds(3)) < 0));
        assertTrue(delays.stream().anyMatch(delay -> delay.compareTo(Duration.ofSeconds(7)) > 0));
    }

    @Test
    void noAttemptsMeansNoRetry() {
        var world = new World().activity("work").machine(task("""
                "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 0}],"""));
        world.start("{}");
        world.workerFails("work", "A");
        assertEquals(Status.FAILED, world.status().status());
    }

    @Test
    void theRetryCountIsInTheContext() {
        var world = new World().activity("work").machine(task("""
                "Parameters": {"n.$": "$$.State.RetryCount"}, "Retry": [{"ErrorEquals": ["States.ALL"]}],"""));
        world.start("{}");
        assertEquals("{\"n\":0}", world.offered().get(0).input());
        world.workerFails("work", "A");
        world.passes(Duration.ofSeconds(1));
        assertEquals("{\"n\":1}", world.offered().get(0).input());
    }

    @Test
    void aCatchersResultPathPutsTheErrorIntoTheRawInput() {
        var world = new World().activity("work").machine(task("""
                "InputPath": "$.a", "OutputPath": "$.nowhere",
                "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "Caught"}],"""));
        world.start("{\"a\":1}");
        world.fail(world.workerStarts("work"), Optional.empty(), Optional.empty());
        assertEquals(Optional.of("{\"a\":1,\"e\":{\"Error\":null,\"Cause\":null}}"), world.output());
    }

    /** A result that is too large is the task's failure, but a state's own output that is too large is nobody's to catch. */
    @Test
    void onlyTheResultOfATaskIsCaughtForItsSize() {
        var limits = RunLimits.DEFAULTS.withPayloadBytes(1_000);
        var caught = World.with(limits).activity("work").machine(task("""
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],"""));
        caught.start("{}");
        caught.workerSucceeds("work", "\"" + "x".repeat(1_000) + "\"");
        assertEquals(Status.SUCCEEDED, caught.status().status());
        assertTrue(caught.output().orElseThrow().contains("States.DataLimitExceeded"));

        var fatal = World.with(limits).activity("work").machine(task("""
                "ResultPath": "$.r", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],"""));
        fatal.start("{\"a\":\"" + "x".repeat(900) + "\"}");
        fatal.workerSucceeds("work", "\"" + "x".repeat(900) + "\"");
        assertEquals(Status.FAILED, fatal.status().status());
        assertEquals(Optional.of("States.DataLimitExceeded"), fatal.status().error());
    }

    /** A task T that goes on to Caught, which ends the machine. */
    private static String task(String fields) {
        return """
                {"StartAt": "T", "States": {
                  "T": {"Type": "Task", "Resource": "%s", %s "Next": "Caught"},
                  "Caught": {"Type": "Pass", "End": true}}}
                """.formatted(World.activityArn("work"), fields);
    }
}
