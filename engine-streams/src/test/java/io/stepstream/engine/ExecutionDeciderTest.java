package io.stepstream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stepstream.asl.run.RunLimits;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.command.TimerRef;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is around a running execution: names, callers, definitions, repeated and late commands. */
class ExecutionDeciderTest {

    private static final String PASS = "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": true}}}";
    private static final String WAIT =
            "{\"StartAt\": \"W\", \"States\": {\"W\": {\"Type\": \"Wait\", \"Seconds\": 60, \"Next\": \"A\"},"
                    + " \"A\": {\"Type\": \"Pass\", \"End\": true}}}";
    private static final String TASK = """
            {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "%s", "End": true}}}
            """.formatted(World.activityArn("work"));
    private static final Reply TIMED_OUT =
            new Reply.Rejected("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
    private static final Reply EXISTS = new Reply.Rejected(
            "ExecutionAlreadyExists", "Execution Already Exists: '" + World.executionArn("run") + "'");

    @Test
    void aRunningNameWithTheSameInputIsTheSameExecution() {
        var world = new World().machine(WAIT);
        var first = world.start("{}");
        world.passes(Duration.ofSeconds(5));
        assertEquals(first, world.start("{}"));
        assertEquals(Optional.of(EXISTS), world.start("{ }"));
        assertEquals(2, world.history().size());
    }

    @Test
    void aClosedNameIsTakenWhateverTheInput() {
        var world = new World().machine(PASS);
        world.start("{}");
        assertEquals(Optional.of(EXISTS), world.start("{}"));
    }

    @Test
    void theSdksRetryOfAStartHearsTheFirstAnswerAfterTheEnd() {
        var world = new World().machine(PASS);
        var first = world.start("run", "{}", Optional.empty(), Optional.of("call"));
        world.passes(Duration.ofSeconds(1));
        assertEquals(first, world.start("run", "{}", Optional.empty(), Optional.of("call")));
        assertEquals(Optional.of(EXISTS), world.start("run", "{}", Optional.empty(), Optional.of("other")));
    }

    @Test
    void aRefusedStartByTopicIsToldWithWhatItAskedFor() throws IOException {
        var world = new World().machine(PASS);
        world.startByTopic("taken", "{}");
        assertEquals(List.of(), world.refusals());
        world.send(World.MACHINE, new ExecutionCommand.StateMachineDeleted(World.MACHINE, 1));
        world.startByTopic("late", "{\"a\": 1}");
        var request = "{\"stateMachineArn\": \"" + World.MACHINE
                + "\", \"input\": \"{\\\"a\\\": 1}\", \"traceHeader\": \"trace\"}";
        assertEquals(
                List.of(new Decision.Refusal(
                        "start-requests-0-7",
                        Json.tree(request),
                        "StateMachineDoesNotExist",
                        "State Machine Does Not Exist: '" + World.MACHINE + "'")),
                world.refusals());
    }

    @Test
    void aNameThatOnlyTheViewsRememberIsTaken() {
        var world = new World().machine(PASS);
        var known = Optional.of(new ExecutionCommand.KnownClosed(true, 0));
        assertEquals(Optional.of(EXISTS), world.start("run", "{}", known, Optional.empty()));
    }

    @Test
    void aViewThatHasNotSeenWhatWasForgottenIsAskedAgain() {
        var world = new World(new Limits(RunLimits.DEFAULTS, 3)).machine(PASS);
        for (int i = 0; i < 8; i++) {
            world.start("run-" + i, "{}", Optional.of(new ExecutionCommand.KnownClosed(false, 100)), Optional.empty());
        }
        assertEquals(
                3 * 2 + 2 + 1, world.rows(ExecutionDecider.NAMES), "the names of the window, and what was forgotten");
        var stale = world.start("run", "{}", Optional.of(new ExecutionCommand.KnownClosed(false, 0)), Optional.empty());
        assertEquals("StaleView", ((Reply.Rejected) stale.orElseThrow()).error());
        var fresh =
                world.start("run", "{}", Optional.of(new ExecutionCommand.KnownClosed(false, 100)), Optional.empty());
        assertTrue(fresh.orElseThrow() instanceof Reply.Started);
    }

    @Test
    void aStartThatOvertakesItsDefinitionWaitsForIt() {
        var world = new World();
        assertEquals(Optional.empty(), world.start("{}"));
        assertEquals(List.of(), world.history());
        world.machine(PASS);
        assertEquals(Status.SUCCEEDED, world.status().status());
    }

    @Test
    void aNewRevisionDoesNotTouchWhatRuns() {
        var world = new World().machine(WAIT);
        world.start("{}");
        world.publish(2, PASS);
        world.passes(Duration.ofSeconds(60));
        assertEquals("3<2 WaitStateExited", world.course().get(2));
    }

    @Test
    void stoppingEndsItAndItsTimers() {
        var world = new World().machine(WAIT);
        world.start("{}");
        assertEquals(Optional.of(new Reply.Stopped(World.MORNING)), world.stop());
        assertEquals("3<0 ExecutionAborted", world.course().get(2));
        assertEquals(
                "{\"error\":\"Stopped\",\"cause\":\"By hand\"}",
                world.details(3).toString());
        assertEquals(Status.ABORTED, world.status().status());
        assertEquals(List.of(), world.rows().setTimers());
        assertTrue(world.stop().orElseThrow() instanceof Reply.NotOpen);
    }

    @Test
    void anAnswerIsAcceptedOnceUnlessItIsTheSameCallAgain() {
        var world = new World().activity("work").machine(TASK);
        world.start("{}");
        var task = world.workerStarts("work");
        var accepted = Optional.<Reply>of(new Reply.Accepted());
        assertEquals(accepted, world.succeed(task, "1", Optional.of("call")));
        assertEquals(accepted, world.succeed(task, "1", Optional.of("call")));
        assertEquals(Optional.of(TIMED_OUT), world.succeed(task, "1", Optional.of("other")));
        assertEquals(Optional.of(TIMED_OUT), world.succeed(task, "1"));
        assertEquals(7, world.history().size());
    }

    @Test
    void anAnswerToAnEarlierExecutionOfTheNameChangesNothing() {
        var world = new World().activity("work").machine(TASK);
        world.start("{}");
        var old = world.workerStarts("work");
        world.stop();
        var arn = World.executionArn("run");
        world.send(
                arn, new ExecutionCommand.ExpireExecution(arn, 5, world.status().commandOffset()));
        world.start("{}");
        world.workerStarts("work");
        assertEquals(Optional.of(TIMED_OUT), world.succeed(old, "1"));
        assertEquals(4, world.history().size());
    }

    @Test
    void anExpirySaidTwiceDoesNotMeanTheNextExecutionOfTheName() {
        var world = new World().machine(PASS);
        world.start("{}");
        var arn = World.executionArn("run");
        var expiry = new ExecutionCommand.ExpireExecution(arn, 4, world.status().commandOffset());
        world.send(arn, expiry);
        world.start("{}");
        world.send(arn, expiry);
        var decisions = world.decisions();
        assertEquals(Decision.NOTHING, decisions.get(decisions.size() - 1));
    }

    @Test
    void expiryGivesTheNameFree() {
        var world = new World().machine(PASS);
        world.start("{}");
        var arn = World.executionArn("run");
        world.send(
                arn, new ExecutionCommand.ExpireExecution(arn, 4, world.status().commandOffset()));
        var decisions = world.decisions();
        assertEquals(
                List.of(new Decision.Expired(arn, 4)),
                decisions.get(decisions.size() - 1).expired());
        assertEquals(1, world.rows(ExecutionDecider.NAMES), "only the place in the order of closing is left");
    }

    @Test
    void aTimerThatComesTooEarlyIsSetAgain() {
        var world = new World().machine(WAIT);
        world.start("{}");
        var timer = world.rows().setTimers().get(0);
        world.send(timer.key(), timer.command());
        assertEquals(2, world.history().size());
        assertEquals(List.of(timer), world.rows().setTimers());
    }

    @Test
    void aLateTimerChangesNothing() {
        var world = new World().machine(WAIT);
        world.start("{}");
        var timer = world.rows().setTimers().get(0);
        world.passes(Duration.ofSeconds(60));
        int events = world.history().size();
        world.send(timer.key(), timer.command());
        assertEquals(events, world.history().size());
    }

    @Test
    void aTimerOfAnotherWaitChangesNothing() {
        var world = new World().machine(WAIT);
        world.start("{}");
        var due = (ExecutionCommand.TimerDue) world.rows().setTimers().get(0).command();
        var ref = due.timer();
        for (var other : List.of(
                new TimerRef(ref.startOffset() + 1, ref.scope(), ref.stamp(), ref.kind()),
                new TimerRef(ref.startOffset(), ref.scope() + 1, ref.stamp(), ref.kind()),
                new TimerRef(ref.startOffset(), ref.scope(), ref.stamp() + 1, ref.kind()),
                new TimerRef(ref.startOffset(), ref.scope(), ref.stamp(), TimerRef.Kind.RETRY))) {
            world.send(
                    World.executionArn("run"),
                    new ExecutionCommand.TimerDue(World.executionArn("run"), other, World.MORNING));
            assertEquals(2, world.history().size(), other::toString);
        }
    }

    @Test
    void aDeletedActivityFailsWhoeverEntersIt() {
        var world = new World().activity("work").machine(TASK);
        world.send("x", new ExecutionCommand.ActivityDeleted(World.activityArn("work")));
        world.start("{}");
        assertEquals("3<2 ExecutionFailed", world.course().get(2));
        assertEquals(
                Optional.of(
                        "An error occurred while executing the state 'T' (entered at the event id #2). The activity "
                                + World.activityArn("work") + " does not exist."),
                world.status().cause());
    }

    @Test
    void executionsOfADeletedMachineEndAtTheirNextTransition() {
        var world = new World().machine(WAIT);
        world.start("{}");
        world.send(World.MACHINE, new ExecutionCommand.StateMachineDeleted(World.MACHINE, 1));
        assertEquals(Status.RUNNING, world.status().status());
        world.passes(Duration.ofSeconds(60));
        assertEquals(
                List.of("3<2 WaitStateExited", "4<0 ExecutionAborted"),
                world.course().subList(2, 4));
        var refused = world.start("other", "{}").orElseThrow();
        assertEquals("StateMachineDoesNotExist", ((Reply.Rejected) refused).error());
    }

    @Test
    void aLongInputIsNotWrittenAgainAtEachHeartbeat() {
        var world = new World().activity("work").machine("""
                        {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "%s",
                          "HeartbeatSeconds": 10, "End": true}}}
                        """.formatted(World.activityArn("work")));
        world.start("\"" + "x".repeat(10_000) + "\"");
        var task = world.workerStarts("work");
        var before = world.rows().contents();
        world.passes(Duration.ofSeconds(1));
        world.heartbeat(task);
        int written = 0;
        for (var row : world.rows().contents().entrySet()) {
            if (row.getKey().startsWith("executions ") && !row.getValue().equals(before.get(row.getKey()))) {
                written += row.getValue().length();
            }
        }
        assertTrue(written > 0 && written < 1_000, "one small row, but it was " + written);
    }

    @Test
    void anExecutionThatOurBugStopsFailsAloneAndItsCallerHears() {
        var world = new World().machine(WAIT);
        world.start("{}");
        var arn = World.executionArn("run");
        var to = new ReplyTo(0, "call");
        var stop = new ExecutionCommand.StopExecution(arn, Optional.empty(), Optional.empty(), Optional.of(to));
        var moment = new World.Entry(arn, stop, World.MORNING, 99).moment();
        var decision = World.decider(Limits.DEFAULTS)
                .failed(arn, stop, moment, world.rows(), new IllegalStateException("Expected otherwise"));
        assertEquals(1, decision.events().size());
        var event = decision.events().get(0).event();
        assertEquals(3, event.id());
        assertEquals(
                "States.Runtime", event.details().orElseThrow().get("error").asText());
        assertEquals(Status.FAILED, decision.statuses().get(0).status());
        assertEquals("InternalFailure", rejected(decision));
        assertEquals(0, world.rows(ExecutionDecider.EXECUTIONS));
    }

    private static String rejected(Decision decision) {
        var reply = (Effect.SendReply) decision.effects().get(0);
        return ((Reply.Rejected) reply.reply()).error();
    }
}
