package io.stepstream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stepstream.asl.run.RunLimits;
import io.stepstream.schemas.command.ExecutionCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random courses of a machine that has everything in it: workers that answer, fail, beat, are silent or say it twice, timers,
 * a stop now and then, and turns so short that the execution yields all the time. {@link World} checks the invariants after
 * each command.
 */
class SimulationTest {

    private static final String MACHINE = """
            {"StartAt": "Shape", "TimeoutSeconds": 5000, "States": {
              "Shape": {"Type": "Pass", "Parameters": {"items.$": "$.items", "id.$": "States.UUID()"},
                "ResultPath": "$.shaped",
                "Assign": {"shape.$": "$", "failures": 0}, "Next": "Both"},
              "Both": {"Type": "Parallel", "ResultPath": "$.both", "Next": "End",
                "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 1, "JitterStrategy": "FULL"}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "End",
                  "Assign": {"failures.$": "States.MathAdd($failures, 1)", "lastError.$": "$.Error"}}],
                "Branches": [
                  {"StartAt": "Pause", "States": {
                    "Pause": {"Type": "Wait", "Seconds": 20, "Assign": {"paused": true}, "Next": "One"},
                    "One": {"Type": "Task", "Resource": "WORK", "TimeoutSeconds": 300, "End": true,
                      "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Late"}]},
                    "Late": {"Type": "Pass", "End": true}}},
                  {"StartAt": "Each", "States": {
                    "Each": {"Type": "Map", "ItemsPath": "$.shaped.items", "MaxConcurrency": 3, "End": true,
                      "ItemSelector": {"value.$": "$$.Map.Item.Value", "id.$": "$shape.id"},
                      "ItemProcessor": {"StartAt": "Which", "States": {
                        "Which": {"Type": "Choice", "Default": "Do",
                          "Choices": [{"Variable": "$.value", "NumericLessThan": 2, "Next": "Rest"}]},
                        "Rest": {"Type": "Wait", "Seconds": 7, "Next": "Do"},
                        "Do": {"Type": "Task", "Resource": "WORK", "HeartbeatSeconds": 60, "End": true,
                          "Assign": {"done.$": "States.Array($shape.items, $)"},
                          "Retry": [
                            {"ErrorEquals": ["Busy"], "IntervalSeconds": 3, "MaxAttempts": 2},
                            {"ErrorEquals": ["States.Timeout"], "MaxAttempts": 1}]}}}}}}]},
              "End": {"Type": "Succeed"}}}
            """.replace("WORK", World.activityArn("work"));

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theInvariantsHoldOnAnyCourse(long seed) {
        var world = course(seed, false);
        assertTrue(world.status().status().isClosed());
        assertEquals(0, world.rows(ExecutionDecider.EXECUTIONS));
        assertEquals(List.of(), world.rows().setTimers());
        assertEquals(List.of(), world.offered());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aCommandDeliveredTwiceIsAsIfDeliveredOnce(long seed) {
        course(seed, true);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aLogIsDecidedTheSameAgainFromAnyPlaceInIt(long seed) {
        var world = course(seed, false);
        var log = world.log();
        int crash = new Random(seed).nextInt(log.size());
        var rows = new MemoryRows<ExecutionCommand>();
        var decider = new ExecutionDecider(world.limits());
        for (int i = 0; i < log.size(); i++) {
            if (i == crash) {
                // What was committed up to here is all that the next one has.
                rows = rows.copy();
                decider = new ExecutionDecider(world.limits());
            }
            var entry = log.get(i);
            var decision = decider.decide(entry.key(), entry.command(), entry.moment(), rows);
            assertEquals(world.decisions().get(i), decision, "decision " + i);
        }
        assertEquals(world.rows().contents(), rows.contents());
    }

    private static World course(long seed, boolean twice) {
        var random = new Random(seed);
        var limits = RunLimits.DEFAULTS;
        var world = World.with(limits.withHistoryEvents(random.nextInt(10) == 0 ? 60 : limits.historyEvents())
                        .withTransitions(1 + random.nextInt(3))
                        .withMapConcurrency(4)
                        .withPageEntries(2))
                .activity("work")
                .machine(MACHINE)
                .yieldsByHand();
        var items = new ArrayList<Integer>();
        for (int i = random.nextInt(9); i > 0; i--) {
            items.add(random.nextInt(4));
        }
        world.start("{\"items\": " + items + "}");
        for (int step = 0; !world.status().status().isClosed(); step++) {
            assertTrue(step < 5_000, () -> "the course comes to an end: " + world.course());
            step(world, random);
            if (twice) {
                repeatTheLast(world);
            }
        }
        // What is still under way finds nobody.
        while (world.goesOn()) {}
        for (var task : world.withWorkers()) {
            world.succeed(task, "\"late\"");
        }
        world.passes(Duration.ofDays(1));
        return world;
    }

    private static void step(World world, Random random) {
        int what = random.nextInt(100);
        var busy = world.withWorkers();
        if (what < 40) {
            world.goesOn();
        } else if (what < 60) {
            if (!world.offered().isEmpty()) {
                if (random.nextInt(4) == 0) {
                    world.take("work");
                } else {
                    world.workerStarts("work");
                }
            }
        } else if (what < 85) {
            if (!busy.isEmpty()) {
                var task = busy.get(random.nextInt(busy.size()));
                switch (random.nextInt(12)) {
                    case 0 -> world.fail(task, Optional.of("Broken"), Optional.empty());
                    case 1, 2 -> world.fail(task, Optional.of("Busy"), Optional.empty());
                    case 3, 4 -> world.heartbeat(task);
                    default -> world.succeed(task, Integer.toString(random.nextInt()));
                }
            }
        } else if (what < 99) {
            world.passes(Duration.ofMillis(random.nextInt(15_000)));
        } else if (random.nextInt(20) == 0) {
            world.stop();
        }
    }

    /** The same command once more, at its own offset, as after a lost acknowledgement. */
    private static void repeatTheLast(World world) {
        var log = world.log();
        var last = log.get(log.size() - 1);
        var history = world.history().size();
        var rows = world.rows().contents();
        if (last.command() instanceof ExecutionCommand.TaskHeartbeat) {
            // A second beat is a beat: it may only put the silence's end off.
            return;
        }
        world.repeat(last);
        assertEquals(history, world.history().size(), () -> "a duplicate changes nothing: " + last);
        assertEquals(rows, world.rows().contents(), () -> "a duplicate changes nothing: " + last);
    }
}
