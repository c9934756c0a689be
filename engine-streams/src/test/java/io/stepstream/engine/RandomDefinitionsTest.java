package io.stepstream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stepstream.asl.model.QueryLanguage;
import io.stepstream.asl.model.State;
import io.stepstream.asl.model.StateType;
import io.stepstream.asl.model.Workflow;
import io.stepstream.asl.parse.AslParser;
import io.stepstream.asl.run.RunLimits;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.event.HistoryEventType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random courses of random definitions: {@link World} checks the invariants on the way, {@link HistoryLaws} the end. For a
 * longer search: {@code -Dseeds=10000}.
 */
class RandomDefinitionsTest {

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("seeds", 80));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theLawsHoldForAnyDefinition(long seed) {
        var world = course(seed, false);
        HistoryLaws.check(world);
        assertEquals(0, world.rows(ExecutionDecider.EXECUTIONS));
        assertEquals(List.of(), world.rows().setTimers());
        assertEquals(List.of(), world.offered());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aCommandDeliveredTwiceIsAsIfDeliveredOnce(long seed) {
        HistoryLaws.check(course(seed, true));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aCrashAnywhereIsNotSeenInTheHistory(long seed) {
        var world = course(seed, false);
        Courses.replay(world, new Random(seed).nextInt(world.log().size()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverEndedBadlyGoesOnUntilItSucceedsOrIsGivenUp(long seed) {
        var world = course(seed, false);
        var random = new Random(seed);
        for (int redrives = 1; redrives <= 3 && world.status().status() != Status.SUCCEEDED; redrives++) {
            long last = world.status().lastEventId();
            var reply = world.redrive().orElseThrow();
            if (reply instanceof Reply.NotOpen) {
                assertTrue(last >= 59, () -> "only a full history keeps it from being redriven: " + world.course());
                break;
            }
            assertEquals(new Reply.Redriven(world.now()), reply);
            assertEquals(
                    HistoryEventType.ExecutionRedriven,
                    world.history().get((int) last).type());
            assertEquals(redrives, world.status().redriveCount());
            Courses.run(world, random, false);
            assertEquals(0, world.rows(ExecutionDecider.EXECUTIONS));
            assertEquals(List.of(), world.rows().setTimers());
            assertEquals(List.of(), world.offered());
        }
        if (world.status().status() == Status.SUCCEEDED) {
            assertEquals(0, world.rows(ExecutionDecider.REDRIVABLE));
        }
        Courses.replay(world, random.nextInt(world.log().size()));
    }

    @Test
    void theSeedsReachEveryTypeOfStateAndEveryEnd() {
        var types = EnumSet.noneOf(StateType.class);
        var ends = new EnumMap<Status, Integer>(Status.class);
        var languages = EnumSet.noneOf(QueryLanguage.class);
        boolean evaluationFailed = false;
        int deepest = 0;
        for (long seed : seeds().toArray()) {
            var machine = AslParser.parse(RandomDefinition.of(new Random(seed)), "STANDARD")
                    .stateMachine()
                    .orElseThrow();
            machine.states().values().forEach(state -> types.add(state.type()));
            deepest = Math.max(deepest, depth(machine.workflow()));
            machine.states()
                    .values()
                    .forEach(state -> languages.add(state.fields().queryLanguage()));
            var world = course(seed, false);
            ends.merge(world.status().status(), 1, Integer::sum);
            evaluationFailed |=
                    world.history().stream().anyMatch(event -> event.type() == HistoryEventType.EvaluationFailed);
        }
        assertEquals(EnumSet.allOf(StateType.class), types);
        assertEquals(EnumSet.allOf(QueryLanguage.class), languages);
        assertTrue(evaluationFailed, "now and then an expression fails");
        assertTrue(deepest == 5, "some are nested as deep as may be");
        assertEquals(EnumSet.of(Status.SUCCEEDED, Status.FAILED, Status.ABORTED, Status.TIMED_OUT), ends.keySet());
        assertTrue(ends.getOrDefault(Status.SUCCEEDED, 0) > 30, () -> "many come through: " + ends);
    }

    private static int depth(Workflow workflow) {
        int deepest = 0;
        for (var state : workflow.states().values()) {
            if (state instanceof State.Parallel parallel) {
                for (var branch : parallel.branches()) {
                    deepest = Math.max(deepest, depth(branch));
                }
            } else if (state instanceof State.MapState map) {
                deepest = Math.max(deepest, depth(map.processor()));
            }
        }
        return deepest + 1;
    }

    private static World course(long seed, boolean twice) {
        var random = new Random(seed);
        var definition = RandomDefinition.of(random);
        var parsed = AslParser.parse(definition, "STANDARD");
        assertEquals("", parsed.errors(), definition);
        var world = World.with(RunLimits.DEFAULTS
                        .withHistoryEvents(random.nextInt(10) == 0 ? 60 : 2_000)
                        .withTransitions(1 + random.nextInt(4))
                        .withMapConcurrency(3)
                        .withPageEntries(2)
                        .withVariables(10_000, 40_000))
                .activity("work")
                .machine(definition)
                .yieldsByHand();
        var items = new ArrayList<Integer>();
        for (int i = random.nextInt(4); i > 0; i--) {
            items.add(random.nextInt(4));
        }
        world.start("{\"n\": " + random.nextInt(4) + ", \"items\": " + items + "}");
        Courses.run(world, random, twice);
        return world;
    }
}
