package io.stepstream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.stepstream.asl.run.RunLimits;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Executions that ended badly, and go on. */
class RedriveStoriesTest {

    private static final String WORK = World.activityArn("work");

    private static final String PASS_THEN_WORK = """
            {"StartAt": "P", "States": {
              "P": {"Type": "Pass", "Result": {"n": 1}, "Assign": {"v": 7}, "Next": "T"},
              "T": {"Type": "Task", "Resource": "%s", "End": true,
                "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 1}]}}}
            """.formatted(WORK);

    private static final String MAP = """
            {"StartAt": "M", "States": {"M": {"Type": "Map", "MaxConcurrency": 2, "End": true,
              "ItemProcessor": {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "%s", "End": true}}}}}}
            """.formatted(WORK);

    private static World world(String definition) {
        return new World().activity("work").machine(definition);
    }

    @Test
    void theFailedStateIsScheduledAgainWithItsInputAndWhatWasDoneIsNot() {
        var world = world(PASS_THEN_WORK);
        world.start("{}");
        world.workerFails("work", "Broken");
        assertEquals(Status.FAILED, world.status().status());
        var closed = world.status();

        world.passes(Duration.ofDays(1));
        assertEquals(Optional.of(new Reply.Redriven(world.now())), world.redrive());
        assertEquals(
                List.of("8<7 ExecutionFailed", "9<8 ExecutionRedriven", "10<9 ActivityScheduled"),
                world.course().subList(7, 10));
        assertEquals("{\"redriveCount\":1}", world.details(9).toString());
        var running = world.status();
        assertEquals(Status.RUNNING, running.status());
        assertEquals(1, running.redriveCount());
        assertEquals(Optional.of(world.now()), running.redriveDate());
        assertEquals(closed.startDate(), running.startDate());
        assertEquals(Optional.empty(), running.stopDate());
        assertEquals(9, running.lastEventId());

        assertEquals("{\"n\":1}", world.offered().get(0).input());
        world.workerSucceeds("work", "\"done\"");
        assertEquals(Optional.of("\"done\""), world.output());
        assertEquals(1, world.status().redriveCount());
        assertEquals(0, world.rows(ExecutionDecider.EXECUTIONS));
        assertEquals(0, world.rows(ExecutionDecider.REDRIVABLE));
    }

    @Test
    void retriesAreCountedFromNothingAgain() {
        var world = world(PASS_THEN_WORK);
        world.start("{}");
        for (int redrives = 0; redrives < 2; redrives++) {
            world.workerFails("work", "Busy");
            world.passes(Duration.ofSeconds(1));
            assertEquals(Status.RUNNING, world.status().status());
            world.workerFails("work", "Busy");
            assertEquals(Status.FAILED, world.status().status());
            world.redrive();
        }
        assertEquals(2, world.status().redriveCount());
    }

    @Test
    void aFailStateFailsAgain() {
        var world = world("""
                {"StartAt": "F", "States": {"F": {"Type": "Fail", "ErrorPath": "$.error"}}}
                """);
        world.start("{\"error\": \"E\"}");
        world.redrive();
        assertEquals(Optional.of("E"), world.status().error());
        assertEquals(
                List.of("3<2 ExecutionFailed", "4<3 ExecutionRedriven", "5<4 ExecutionFailed"),
                world.course().subList(2, 5));
        assertInstanceOf(Reply.Redriven.class, world.redrive().orElseThrow());
        assertEquals(2, world.status().redriveCount());
    }

    @Test
    void aWaitThatWasAbortedWaitsItsFullTimeAgain() {
        var world = world("""
                {"StartAt": "W", "TimeoutSeconds": 100, "States": {"W": {"Type": "Wait", "Seconds": 60, "End": true}}}
                """);
        world.start("{}");
        world.passes(Duration.ofSeconds(50));
        world.stop();
        world.redrive();
        world.passes(Duration.ofSeconds(59));
        assertEquals(Status.RUNNING, world.status().status());
        world.passes(Duration.ofSeconds(1));
        assertEquals(Status.SUCCEEDED, world.status().status(), "the machine's time begins again too");
    }

    @Test
    void whatTimedOutGoesOnToo() {
        var world = world("""
                {"StartAt": "T", "TimeoutSeconds": 100, "States": {"T": {"Type": "Task", "Resource": "%s", "End": true}}}
                """.formatted(WORK));
        world.start("1");
        var task = world.workerStarts("work");
        world.passes(Duration.ofSeconds(100));
        assertEquals(Status.TIMED_OUT, world.status().status());
        world.redrive();
        assertInstanceOf(Reply.Rejected.class, world.succeed(task, "\"late\"").orElseThrow());
        world.workerSucceeds("work", "2");
        assertEquals(Optional.of("2"), world.output());
    }

    @Test
    void onlyIterationsThatHaveNotSucceededRunAgain() {
        var world = world(MAP);
        world.start("[\"a\", \"b\", \"c\"]");
        world.succeed(world.workerStarts("work"), "\"A\"");
        // The third has taken the first one's place.
        world.workerFails("work", "Broken");
        assertEquals(Status.FAILED, world.status().status());
        world.redrive();
        assertEquals(
                List.of("\"b\"", "\"c\""),
                world.offered().stream().map(World.Task::input).toList());
        world.workerSucceeds("work", "\"B\"");
        world.workerSucceeds("work", "\"C\"");
        assertEquals(Optional.of("[\"A\",\"B\",\"C\"]"), world.output());
    }

    @Test
    void iterationsThatHadNotBegunBeginAfterwards() {
        var world = world(MAP);
        world.start("[\"a\", \"b\", \"c\", \"d\"]");
        world.workerFails("work", "Broken");
        world.redrive();
        assertEquals(2, world.offered().size());
        for (var output : List.of("1", "2", "3", "4")) {
            world.workerSucceeds("work", output);
        }
        assertEquals(Optional.of("[1,2,3,4]"), world.output());
    }

    @Test
    void aBranchDeepInsideGoesOnWhereItWas() {
        var world = world("""
                {"StartAt": "Out", "States": {"Out": {"Type": "Parallel", "End": true, "Branches": [
                  {"StartAt": "Done", "States": {"Done": {"Type": "Pass", "Result": "done", "End": true}}},
                  {"StartAt": "In", "States": {"In": {"Type": "Parallel", "End": true, "Branches": [
                    {"StartAt": "V", "States": {
                      "V": {"Type": "Pass", "Assign": {"v": "kept"}, "Next": "T"},
                      "T": {"Type": "Task", "Resource": "%s", "Parameters": {
                          "v.$": "$v", "redrives.$": "$$.Execution.RedriveCount"}, "End": true}}},
                    {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 9, "End": true}}}]}}}]}}}
                """.formatted(WORK));
        world.start("{}");
        world.workerFails("work", "Broken");
        assertEquals(Status.FAILED, world.status().status());
        world.redrive();
        assertEquals("{\"v\":\"kept\",\"redrives\":1}", world.offered().get(0).input());
        world.workerSucceeds("work", "\"worked\"");
        world.passes(Duration.ofSeconds(9));
        assertEquals(Optional.of("[\"done\",[\"worked\",{}]]"), world.output());
    }

    @Test
    void aResultThatCouldNotBeMadeIsMadeAgainFromWhatTheBranchesBrought() {
        var world = world("""
                {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
                  "ResultSelector": {"date.$": "$$.Execution.RedriveTime", "all.$": "$"},
                  "ItemProcessor": {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "%s", "End": true}}}}}}
                """.formatted(WORK));
        world.start("[1]");
        world.workerSucceeds("work", "\"kept\"");
        assertEquals(Status.FAILED, world.status().status());
        world.redrive();
        assertEquals(Optional.of("{\"date\":\"2026-01-01T08:00:00.000Z\",\"all\":[\"kept\"]}"), world.output());
    }

    @Test
    void whatRunsOrHasSucceededIsNotRedriven() {
        var world = world(PASS_THEN_WORK);
        assertEquals(Optional.of(new Reply.NotOpen(2)), world.redrive());
        world.start("{}");
        var refused = assertInstanceOf(Reply.Rejected.class, world.redrive().orElseThrow());
        assertEquals("ExecutionNotRedrivable", refused.error());
        world.workerSucceeds("work", "1");
        assertInstanceOf(Reply.NotOpen.class, world.redrive().orElseThrow());
    }

    @Test
    void theSameTokenGetsTheSameAnswerForAQuarterOfAnHour() {
        var world = world(PASS_THEN_WORK);
        var token = Optional.of("token");
        world.start("{}");
        world.workerFails("work", "Broken");
        var first = world.redrive(token);
        world.passes(Duration.ofMinutes(14));
        assertEquals(first, world.redrive(token), "while it runs");
        world.workerSucceeds("work", "1");
        assertEquals(first, world.redrive(token), "after its end");
        world.passes(Duration.ofMinutes(2));
        assertInstanceOf(Reply.NotOpen.class, world.redrive(token).orElseThrow());
    }

    @Test
    void afterTwoWeeksItIsTooLateAndTheRowsGoWithTheNextFailure() {
        var world = world(PASS_THEN_WORK);
        world.start("old", "{}");
        world.workerFails("work", "Broken");
        int one = world.rows(ExecutionDecider.REDRIVABLE);
        world.passes(Duration.ofDays(14).plusSeconds(1));
        world.start("{}");
        world.workerFails("work", "Broken");
        assertEquals(one + 1, world.rows(ExecutionDecider.REDRIVABLE), "and a row that tells how far it got");
        world.passes(Duration.ofDays(14).plusSeconds(1));
        var refused = assertInstanceOf(Reply.Rejected.class, world.redrive().orElseThrow());
        assertEquals("ExecutionNotRedrivable", refused.error());
    }

    @Test
    void aDeletedMachineIsNotRedriven() {
        var world = world(PASS_THEN_WORK);
        world.start("{}");
        world.workerFails("work", "Broken");
        world.send(World.MACHINE, new ExecutionCommand.StateMachineDeleted(World.MACHINE, 1));
        var refused = assertInstanceOf(Reply.Rejected.class, world.redrive().orElseThrow());
        assertEquals(
                "Execution " + World.executionArn("run") + " is not redrivable: State machine is in DELETING status",
                refused.message());
    }

    @Test
    void aFullHistoryIsNotRedriven() {
        var world = World.with(RunLimits.DEFAULTS.withHistoryEvents(8))
                .activity("work")
                .machine(PASS_THEN_WORK);
        world.start("{}");
        world.workerFails("work", "Broken");
        assertInstanceOf(Reply.NotOpen.class, world.redrive().orElseThrow());
        assertEquals(0, world.rows(ExecutionDecider.REDRIVABLE));
    }

    @Test
    void expiryTakesTheRowsAlong() {
        var world = world(PASS_THEN_WORK);
        world.start("{}");
        world.workerFails("work", "Broken");
        var status = world.status();
        world.send(
                status.executionArn(),
                new ExecutionCommand.ExpireExecution(
                        status.executionArn(), status.lastEventId(), status.commandOffset()));
        assertEquals(0, world.rows(ExecutionDecider.REDRIVABLE));
    }

    @Test
    void aNameThatIsRedrivenIsTakenAsLongAsItRuns() {
        var world = world(PASS_THEN_WORK);
        world.start("{}");
        world.workerFails("work", "Broken");
        world.redrive();
        assertInstanceOf(Reply.Started.class, world.start("{}").orElseThrow());
        assertInstanceOf(Reply.Rejected.class, world.start("{\"other\": 1}").orElseThrow());
    }
}
