package io.stepstream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Executions without branches, as they go. */
class LinearStoriesTest {

    private static final String THREE_PASSES = """
            {"StartAt": "A", "States": {
              "A": {"Type": "Pass", "Next": "B"},
              "B": {"Type": "Pass", "Result": {"b": 1}, "ResultPath": "$.b", "Next": "C"},
              "C": {"Type": "Pass", "OutputPath": "$.b", "End": true}}}
            """;

    @Test
    void threePassStatesAreOneDecisionAndLeaveOnlyTheName() {
        var world = new World().machine(THREE_PASSES);
        var reply = world.start("{\"a\": 0}");
        assertEquals(Optional.of(new Reply.Started(World.executionArn("run"), World.MORNING)), reply);
        assertEquals(
                List.of(
                        "1<0 ExecutionStarted",
                        "2<0 PassStateEntered",
                        "3<2 PassStateExited",
                        "4<3 PassStateEntered",
                        "5<4 PassStateExited",
                        "6<5 PassStateEntered",
                        "7<6 PassStateExited",
                        "8<7 ExecutionSucceeded"),
                world.course());
        assertEquals(Optional.of("{\"b\":1}"), world.output());
        assertEquals(0, world.rows(ExecutionDecider.EXECUTIONS));
        assertEquals(2, world.rows(ExecutionDecider.NAMES));
    }

    @Test
    void whatNoStateTouchesKeepsItsWhiteSpace() {
        var world =
                new World().machine("{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": true}}}");
        world.start("{ \"a\" :  0 }");
        assertEquals(Optional.of("{ \"a\" :  0 }"), world.output());
    }

    @Test
    void anActivityTaskGoesThroughItsFourEvents() {
        var world = new World().activity("charge").machine(task(""));
        world.start("{}");
        assertEquals(Status.RUNNING, world.status().status());
        assertEquals(Optional.of(new Reply.Accepted()), world.workerSucceeds("charge", "{\"ok\":true}"));
        assertEquals(
                List.of(
                        "1<0 ExecutionStarted",
                        "2<0 TaskStateEntered",
                        "3<2 ActivityScheduled",
                        "4<3 ActivityStarted",
                        "5<4 ActivitySucceeded",
                        "6<5 TaskStateExited",
                        "7<6 ExecutionSucceeded"),
                world.course());
        assertEquals(Optional.of("{\"ok\":true}"), world.output());
    }

    @Test
    void anAnswerThatOvertakesTheStartIsTakenWithIt() {
        var world = new World().activity("charge").machine(task(""));
        world.start("{}");
        world.succeed(world.take("charge"), "1");
        assertEquals("{\"workerName\":\"worker\"}", world.details(4).toString());
        assertEquals(Status.SUCCEEDED, world.status().status());
    }

    @Test
    void aTimeoutCountsFromTheOffer() {
        var world = new World().activity("charge").machine(task("\"TimeoutSeconds\": 10,"));
        world.start("{}");
        world.passes(Duration.ofSeconds(9));
        world.workerStarts("charge");
        assertEquals(4, world.history().size());
        world.passes(Duration.ofSeconds(1));
        assertEquals(
                List.of("5<4 ActivityTimedOut", "6<5 ExecutionFailed"),
                world.course().subList(4, 6));
        assertEquals("{\"error\":\"States.Timeout\"}", world.details(6).toString());
    }

    @Test
    void aHeartbeatCountsFromTheStartAndFromEachBeat() {
        var world = new World().activity("charge").machine(task("\"HeartbeatSeconds\": 10,"));
        world.start("{}");
        world.passes(Duration.ofHours(1));
        var task = world.workerStarts("charge");
        world.passes(Duration.ofSeconds(9));
        assertEquals(Optional.of(new Reply.Accepted()), world.heartbeat(task));
        world.passes(Duration.ofSeconds(9));
        assertEquals(Optional.of(new Reply.Accepted()), world.heartbeat(task));
        world.passes(Duration.ofSeconds(9));
        assertEquals(Status.RUNNING, world.status().status());
        world.passes(Duration.ofSeconds(1));
        assertEquals(Status.FAILED, world.status().status());
        assertEquals(Optional.of("States.Timeout"), world.status().error());
        assertTrue(world.heartbeat(task).orElseThrow() instanceof Reply.Rejected);
    }

    @Test
    void retriesBackOffAndThenTheCatcherHasItsSay() {
        var world = new World().activity("charge").machine("""
                        {"StartAt": "T", "States": {
                          "T": {"Type": "Task", "Resource": "%s", "Next": "Good",
                            "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 2}],
                            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Bad"}]},
                          "Good": {"Type": "Succeed"},
                          "Bad": {"Type": "Succeed"}}}
                        """.formatted(World.activityArn("charge")));
        world.start("{\"a\":1}");
        world.workerFails("charge", "Busy");
        world.passes(Duration.ofMillis(1_999));
        assertEquals(List.of(), world.offered());
        world.passes(Duration.ofMillis(1));
        world.workerFails("charge", "Busy");
        world.passes(Duration.ofMillis(3_999));
        assertEquals(List.of(), world.offered());
        world.passes(Duration.ofMillis(1));
        world.workerFails("charge", "Busy");
        assertEquals(Status.SUCCEEDED, world.status().status());
        assertEquals(Optional.of("{\"a\":1,\"error\":{\"Error\":\"Busy\",\"Cause\":\"because\"}}"), world.output());
        assertEquals(
                List.of("5<4 ActivityFailed", "6<5 ActivityScheduled"),
                world.course().subList(4, 6));
        assertEquals("12<11 TaskStateExited", world.course().get(11));
    }

    @Test
    void aWaitEndsWhenItsTimeHasCome() {
        var world = new World()
                .machine(
                        "{\"StartAt\": \"W\", \"States\": {\"W\": {\"Type\": \"Wait\", \"Seconds\": 60, \"End\": true}}}");
        world.start("{}");
        world.passes(Duration.ofSeconds(59));
        assertEquals(2, world.history().size());
        world.passes(Duration.ofSeconds(1));
        assertEquals(
                List.of("3<2 WaitStateExited", "4<3 ExecutionSucceeded"),
                world.course().subList(2, 4));
    }

    @Test
    void theMachinesTimeoutEndsItExactlyThen() {
        var world = new World()
                .machine(
                        "{\"StartAt\": \"W\", \"TimeoutSeconds\": 5, \"States\": {\"W\": {\"Type\": \"Wait\", \"Seconds\": 60, \"End\": true}}}");
        world.start("{}");
        world.passes(Duration.ofSeconds(30));
        assertEquals(Status.TIMED_OUT, world.status().status());
        assertEquals(Optional.of(World.MORNING.plusSeconds(5)), world.status().stopDate());
        assertEquals(Optional.empty(), world.status().error());
        assertEquals("3<2 ExecutionTimedOut", world.course().get(2));
    }

    private static String task(String more) {
        return """
                {"StartAt": "T", "States": {"T": {"Type": "Task", %s "Resource": "%s", "End": true}}}
                """.formatted(more, World.activityArn("charge"));
    }
}
