package io.stepstream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stepstream.schemas.command.ExecutionCommand;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/** Random courses of one execution: workers that answer, fail, beat, are silent, timers, and a stop now and then. */
final class Courses {

    private Courses() {}

    /** From a started execution to its end. With {@code twice}, each command comes once more. */
    static void run(World world, Random random, boolean twice) {
        for (int step = 0; !world.status().status().isClosed(); step++) {
            assertTrue(step < 20_000, () -> "the course comes to an end: " + world.course());
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
    }

    /** Decides the whole log again, by another decider from {@code crash} on, and expects the same. */
    static void replay(World world, int crash) {
        var log = world.log();
        var rows = new MemoryRows<ExecutionCommand>();
        var decider = World.decider(world.limits());
        for (int i = 0; i < log.size(); i++) {
            if (i == crash) {
                // What was committed up to here is all that the next one has.
                rows = rows.copy();
                decider = World.decider(world.limits());
            }
            var entry = log.get(i);
            var decision = decider.decide(entry.key(), entry.command(), entry.moment(), rows);
            assertEquals(world.decisions().get(i), decision, "decision " + i);
        }
        assertEquals(world.rows().contents(), rows.contents());
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
        } else if (random.nextInt(6) == 0) {
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
