package io.stepstream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stepstream.asl.run.RunLimits;
import java.util.ArrayList;
import java.util.List;
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
        Courses.replay(world, new Random(seed).nextInt(world.log().size()));
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
        Courses.run(world, random, twice);
        return world;
    }
}
