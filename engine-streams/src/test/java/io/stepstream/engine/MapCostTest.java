package io.stepstream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stepstream.asl.run.RunLimits;
import io.stepstream.schemas.command.ActivityCommand;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An item of a large Map costs what an item of a small one costs. Counted in rows and bytes, not in time. */
class MapCostTest {

    private static final String MACHINE = """
            {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "T", "States": {
              "T": {"Type": "STATE", "Resource": "%s", "End": true}}}}}}
            """.formatted(World.activityArn("work"));

    /** Reads and writes of all decisions, and the bytes that were written. */
    private record Cost(long rows, long bytes, int mostRowsOfOneCommand) {}

    @Test
    void tenThousandActivityItemsCostAsMuchEachAsAHundred() {
        var small = cost(MACHINE.replace("STATE", "Task"), 100);
        var large = cost(MACHINE.replace("STATE", "Task"), 10_000);
        assertLinear(small, large);
    }

    @Test
    void tenThousandPassItemsCostAsMuchEachAsAHundred() {
        var pass = MACHINE.replace("STATE", "Pass").replaceAll("\"Resource\": \"[^\"]*\",", "");
        var small = cost(pass, 1_000);
        var large = cost(pass, 10_000);
        assertTrue(
                large.rows < small.rows * 12,
                () -> "rows grow with the items and no faster: " + small + " and " + large);
    }

    @Test
    void aLargeVariableAroundTheMapIsNotCopiedIntoItsIterations() {
        var machine = MACHINE.replace("STATE", "Task")
                .replace(
                        "{\"StartAt\": \"M\", \"States\": {",
                        "{\"StartAt\": \"V\", \"States\": {"
                                + "\"V\": {\"Type\": \"Pass\", \"Assign\": {\"large\": \"" + "x".repeat(100_000)
                                + "\"}, \"Next\": \"M\"},")
                .replace("\"End\": true}}}}}}", "\"Assign\": {\"own.$\": \"$\"}, \"End\": true}}}}}}");
        var without = cost(MACHINE.replace("STATE", "Task"), 100);
        var with = cost(machine, 100);
        assertTrue(
                with.bytes < without.bytes + 2 * 100_000 + 100 * 100,
                () -> "it is written once, besides the definition: " + without + " and " + with);
    }

    private static void assertLinear(Cost small, Cost large) {
        assertTrue(
                large.rows <= small.rows * 102,
                () -> "rows grow with the items and no faster: " + small + " and " + large);
        // Numbers have more digits in the larger one.
        assertTrue(
                large.bytes <= small.bytes * 140,
                () -> "bytes grow with the items and no faster: " + small + " and " + large);
    }

    private static Cost cost(String machine, int items) {
        var rows = new CountingRows();
        var decider = World.decider(
                new Limits(RunLimits.DEFAULTS.withHistoryEvents(1_000_000), Limits.DEFAULTS.rememberedOffsets()));
        var arn = World.executionArn("run");
        var input = IntStream.range(0, items).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
        var commands = new ArrayDeque<ExecutionCommand>();
        commands.add(new ExecutionCommand.DefinitionPublished(
                World.MACHINE, 1, machine, World.ROLE, "STANDARD", Optional.empty()));
        commands.add(new ExecutionCommand.ActivityRegistered(World.activityArn("work")));
        commands.add(World.startCommand("run", 1, input, Optional.empty(), Optional.empty(), new ReplyTo(0, "call")));
        Optional<Status> status = Optional.empty();
        int most = 0;
        for (long offset = 0; !commands.isEmpty(); offset++) {
            var entry = new World.Entry(arn, commands.removeFirst(), World.MORNING, offset);
            long before = rows.touched;
            var decision = decider.decide(arn, entry.command(), entry.moment(), rows);
            most = Math.max(most, (int) (rows.touched - before));
            for (var made : decision.statuses()) {
                status = Optional.of(made.status());
            }
            decision.effects().forEach(effect -> answer(arn, effect, commands));
        }
        assertEquals(Optional.of(Status.SUCCEEDED), status);
        return new Cost(rows.touched, rows.written, most);
    }

    private static void answer(String arn, Effect effect, Deque<ExecutionCommand> commands) {
        if (effect instanceof Effect.ToExecution own) {
            commands.addLast(own.command());
        } else if (effect instanceof Effect.ToActivity offer
                && offer.command() instanceof ActivityCommand.TaskOffered offered) {
            commands.addLast(new ExecutionCommand.ActivityStarted(arn, offered.task(), Optional.empty(), 1));
            commands.addLast(success(arn, offered.task()));
        }
    }

    private static ExecutionCommand success(String arn, TaskRef task) {
        return new ExecutionCommand.TaskSucceeded(arn, task, Optional.empty(), "1", Optional.empty(), Optional.empty());
    }

    /** Counts what is read and written. */
    private static final class CountingRows implements Decider.Rows<ExecutionCommand> {
        private final MemoryRows<ExecutionCommand> rows = new MemoryRows<>();
        private long touched;
        private long written;

        @Override
        public Table table(String name) {
            var table = rows.table(name);
            return new Table() {
                @Override
                public byte @org.jspecify.annotations.Nullable [] get(String key) {
                    touched++;
                    return table.get(key);
                }

                @Override
                public void put(String key, byte[] value) {
                    touched++;
                    written += value.length;
                    table.put(key, value);
                }

                @Override
                public void delete(String key) {
                    touched++;
                    table.delete(key);
                }

                @Override
                public void scan(String from, String to, Visitor visitor) {
                    table.scan(from, to, (key, value) -> {
                        touched++;
                        return visitor.visit(key, value);
                    });
                }
            };
        }

        @Override
        public Timers<ExecutionCommand> timers() {
            return rows.timers();
        }
    }
}
