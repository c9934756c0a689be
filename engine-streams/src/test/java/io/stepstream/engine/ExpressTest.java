package io.stepstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.event.HistoryEventType;
import io.stepstream.schemas.event.LogLevel;
import io.stepstream.schemas.event.LogRecord;
import io.stepstream.schemas.event.Logging;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExpressTest {

    private static final String ARN = "arn:aws:states:us-east-1:000000000000:express:machine:run:u";
    private static final String PASS = "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}";
    private static final String FAIL =
            "{\"StartAt\":\"F\",\"States\":{\"F\":{\"Type\":\"Fail\",\"Error\":\"E\",\"Cause\":\"c\"}}}";

    private final World world = new World();

    private static String wait(int seconds, String more) {
        return "{\"StartAt\":\"W\"" + more + ",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":" + seconds
                + ",\"End\":true}}}";
    }

    private void machine(String definition, Logging logging) {
        world.send(
                World.MACHINE,
                new ExecutionCommand.DefinitionPublished(
                        World.MACHINE, 1, definition, World.ROLE, "EXPRESS", Optional.of(logging)));
    }

    private void start(String input, boolean awaitsResult) {
        world.send(
                ARN,
                new ExecutionCommand.StartExecution(
                        ARN,
                        World.MACHINE,
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        "run",
                        false,
                        input,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("request"),
                        awaitsResult,
                        Optional.empty(),
                        Optional.of(new ReplyTo(0, "caller"))));
    }

    private Reply.Finished finished() {
        return (Reply.Finished) world.told("caller").orElseThrow();
    }

    private List<LogRecord> logs() {
        var logs = new ArrayList<LogRecord>();
        world.decisions().forEach(decision -> logs.addAll(decision.logs()));
        return logs;
    }

    private void nothingIsLeft() {
        assertThat(world.histories()).isEmpty();
        assertThat(world.decisions()).allSatisfy(decision -> {
            assertThat(decision.events()).isEmpty();
            assertThat(decision.statuses()).isEmpty();
        });
        assertThat(world.rows(ExecutionDecider.EXECUTIONS)).isZero();
        assertThat(world.rows(ExecutionDecider.NAMES)).isZero();
        assertThat(world.rows().setTimers()).isEmpty();
    }

    @Test
    void aSynchronousExecutionAnswersWithItsOutput() {
        machine(PASS, Logging.OFF);

        start("{\"a\":1}", true);

        assertThat(finished())
                .isEqualTo(new Reply.Finished(
                        ARN,
                        World.MORNING,
                        World.MORNING,
                        Status.SUCCEEDED,
                        Optional.of("{\"a\":1}"),
                        Optional.empty(),
                        Optional.empty()));
        assertThat(logs()).isEmpty();
        nothingIsLeft();
    }

    @Test
    void anAsynchronousExecutionIsAnsweredWhenItStarts() {
        machine(wait(10, ""), Logging.OFF);

        start("{}", false);

        assertThat(world.told("caller")).contains(new Reply.Started(ARN, World.MORNING));
        assertThat(world.rows(ExecutionDecider.EXECUTIONS)).isPositive();
        world.passes(Duration.ofSeconds(10));
        assertThat(world.told("caller")).as("nobody waits for the end").contains(new Reply.Started(ARN, World.MORNING));
        nothingIsLeft();
    }

    @Test
    void aFailureIsAResult() {
        machine(FAIL, Logging.OFF);

        start("{}", true);

        assertThat(finished().status()).isEqualTo(Status.FAILED);
        assertThat(finished().error()).contains("E");
        assertThat(finished().cause()).contains("c");
    }

    @Test
    void aResultComesWhenTheWaitIsOver() {
        machine(wait(10, ""), Logging.OFF);

        start("{}", true);
        assertThat(world.told("caller")).isEmpty();
        world.passes(Duration.ofSeconds(10));

        assertThat(finished().stopDate()).isEqualTo(World.MORNING.plusSeconds(10));
        nothingIsLeft();
    }

    @Test
    void nothingRunsLongerThanFiveMinutes() {
        machine(wait(1_000, ",\"TimeoutSeconds\":600"), Logging.OFF);

        start("{}", true);
        world.passes(Duration.ofMinutes(20));

        assertThat(finished().status()).isEqualTo(Status.TIMED_OUT);
        assertThat(finished().stopDate()).isEqualTo(World.MORNING.plusSeconds(300));
        nothingIsLeft();
    }

    @Test
    void aShorterTimeoutOfTheMachineHolds() {
        machine(wait(1_000, ",\"TimeoutSeconds\":60"), Logging.OFF);

        start("{}", true);
        world.passes(Duration.ofMinutes(20));

        assertThat(finished().stopDate()).isEqualTo(World.MORNING.plusSeconds(60));
    }

    @Test
    void aHistoryThatNobodyKeepsHasNoEnd() {
        var map = "{\"StartAt\":\"M\",\"States\":{\"M\":{\"Type\":\"Map\",\"ItemsPath\":\"$.n\",\"End\":true,"
                + "\"ItemProcessor\":" + PASS + "}}}";
        machine(map, Logging.OFF);
        var items = new StringBuilder("{\"n\":[0");
        for (int i = 1; i < 10_000; i++) {
            items.append(",1");
        }

        start(items.append("]}").toString(), true);

        assertThat(finished().status()).isEqualTo(Status.SUCCEEDED);
        nothingIsLeft();
    }

    @Test
    void theDeletionOfTheMachineLetsItEnd() {
        machine(wait(10, ""), Logging.OFF);
        start("{}", true);

        world.send(World.MACHINE, new ExecutionCommand.StateMachineDeleted(World.MACHINE, 1));
        world.passes(Duration.ofSeconds(10));

        assertThat(finished().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void aBugIsAResultToo() {
        machine(wait(10, ""), Logging.OFF);
        start("{}", true);
        var command = world.log().get(1);

        var decision = World.decider(world.limits())
                .failed(ARN, command.command(), command.moment(), world.rows(), new IllegalStateException("bug"));

        var reply = (Effect.SendReply) decision.effects().get(0);
        assertThat(((Reply.Finished) reply.reply()).error()).contains("States.Runtime");
        assertThat(decision.events()).isEmpty();
        assertThat(decision.statuses()).isEmpty();
    }

    @Test
    void whatIsLoggedIsForTheLevelToSay() {
        machine(FAIL, new Logging(LogLevel.ERROR, true));

        start("{\"a\":1}", true);

        assertThat(logs())
                .extracting(log -> log.event().type())
                .containsExactly(HistoryEventType.FailStateEntered, HistoryEventType.ExecutionFailed);
        assertThat(logs())
                .allSatisfy(log -> assertThat(log.includeExecutionData()).isTrue());
    }

    @Test
    void aStandardExecutionIsLoggedAndRecorded() {
        world.send(
                World.MACHINE,
                new ExecutionCommand.DefinitionPublished(
                        World.MACHINE, 1, PASS, World.ROLE, "STANDARD", Optional.of(new Logging(LogLevel.ALL, false))));

        world.start("{}");

        assertThat(logs()).extracting(LogRecord::event).isEqualTo(world.history());
        assertThat(world.status().status()).isEqualTo(Status.SUCCEEDED);
    }
}
