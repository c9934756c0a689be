package io.stepstream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What holds after every command, read from the rows as they are stored. */
final class Invariants {

    private Invariants() {}

    static void check(World world) {
        eventIdsHaveNoGaps(world);
        var rows = rows(world);
        var executions = new HashSet<String>();
        rows.keySet().forEach(key -> executions.add(key.substring(0, key.indexOf('|'))));
        var awaitedTimers = new HashSet<String>();
        for (var arn : executions) {
            eachScopeAwaitsOneThing(arn, rows, awaitedTimers);
            fanOutsAddUp(arn, rows);
            variablesAreCounted(arn, rows);
            nothingIsLeftOver(arn, rows);
        }
        onlyWhatIsAwaitedHasATimer(world, awaitedTimers);
    }

    private static void eventIdsHaveNoGaps(World world) {
        world.histories().forEach((arn, events) -> {
            for (int i = 0; i < events.size(); i++) {
                var event = events.get(i);
                assertEquals(i + 1, event.id(), () -> "event ids have no gaps: " + events);
                assertTrue(
                        event.previousEventId() < event.id(), () -> "an event follows from an earlier one: " + event);
                assertTrue(
                        i == 0 || !event.timestamp().isBefore(events.get(i - 1).timestamp()),
                        () -> "time does not go back: " + event);
            }
        });
    }

    private static void eachScopeAwaitsOneThing(String arn, Map<String, JsonNode> rows, Set<String> timers) {
        var progress = row(rows, arn + "|P");
        var ready = new HashSet<Long>();
        progress.get("ready").forEach(id -> ready.add(id.asLong()));
        // The other way round need not hold: what was ready may have been aborted since.
        assertTrue(
                ready.isEmpty() || progress.get("continueStamp").asLong() != 0,
                () -> "what is ready waits for a Continue: " + progress);
        if (progress.hasNonNull("timeout")) {
            timers.add("EXECUTION_TIMEOUT 0 " + progress.get("timeoutStamp").asLong());
        }
        rows.forEach((key, row) -> {
            if (key.startsWith(arn + "|S|")) {
                long id = row.get("id").asLong();
                var awaiting = row.get("awaiting");
                boolean awaits = awaiting != null && !awaiting.isNull();
                assertTrue(awaits != ready.contains(id), () -> "a scope awaits one thing: " + row);
                if (awaits) {
                    addTimers(id, awaiting, timers);
                    if (awaiting.has("fanOut")) {
                        assertTrue(
                                rows.containsKey(arn + "|F|"
                                        + Key.number(awaiting.get("fanOut").asLong())),
                                () -> "what is awaited is there: " + row);
                    }
                }
            }
        });
    }

    private static void addTimers(long scope, JsonNode awaiting, Set<String> timers) {
        var suffix = " " + scope + " " + awaiting.path("stamp").asLong();
        switch (awaiting.get("for").asText()) {
            case "time" -> timers.add("WAIT" + suffix);
            case "attempt" -> timers.add("RETRY" + suffix);
            case "worker", "service" -> {
                if (awaiting.hasNonNull("timeout")) {
                    timers.add("TASK_TIMEOUT" + suffix);
                }
                if (awaiting.hasNonNull("heartbeat")) {
                    timers.add("HEARTBEAT" + suffix);
                }
            }
            case "children" -> {}
            default -> throw new AssertionError("Expected to know what is awaited: " + awaiting);
        }
    }

    private static void fanOutsAddUp(String arn, Map<String, JsonNode> rows) {
        rows.forEach((key, row) -> {
            if (key.startsWith(arn + "|F|")) {
                var running = row.get("running");
                assertEquals(
                        row.get("next").asInt(),
                        row.get("done").asInt() + running.size(),
                        () -> "the counts of a fan-out add up: " + row);
                assertTrue(row.get("next").asInt() <= row.get("total").asInt(), () -> "no child too many: " + row);
                assertTrue(
                        row.get("done").asInt() < row.get("total").asInt(),
                        () -> "a fan-out that is through is joined: " + row);
                running.forEach(child -> assertEquals(
                        row.get("id").asLong(),
                        row(rows, arn + "|S|" + Key.number(child.get(1).asLong()))
                                .get("fanOut")
                                .asLong(),
                        "a child knows where it belongs"));
            }
        });
    }

    private static void variablesAreCounted(String arn, Map<String, JsonNode> rows) {
        var byScope = new TreeMap<String, Long>();
        rows.forEach((key, row) -> {
            if (key.startsWith(arn + "|N|")) {
                var scope = key.substring(arn.length() + 3).split("\\|", -1)[0];
                byScope.merge(scope, (long) row.textValue().getBytes(StandardCharsets.UTF_8).length, Long::sum);
            }
        });
        long sum = 0;
        for (var counted : byScope.entrySet()) {
            var scope = row(rows, arn + "|S|" + counted.getKey());
            assertEquals(
                    counted.getValue(),
                    scope.get("variableBytes").asLong(),
                    () -> "a scope knows how much its variables take: " + scope);
            sum += counted.getValue();
        }
        assertEquals(
                sum, row(rows, arn + "|P").get("variableBytes").asLong(), "an execution knows what all of them take");
    }

    /** Every row is one that a living scope or fan-out refers to. */
    private static void nothingIsLeftOver(String arn, Map<String, JsonNode> rows) {
        rows.forEach((key, row) -> {
            if (key.startsWith(arn + "|")) {
                var parts = key.substring(arn.length() + 1).split("\\|", -1);
                boolean wanted = switch (parts[0]) {
                    case "H", "P" -> true;
                    case "S" -> row.get("fanOut").asLong() == 0 || runs(row, rows, arn);
                    case "E" -> !row(rows, arn + "|H").has("shortInput");
                    case "V" ->
                        row(rows, arn + "|S|" + parts[1]).get("inputRow").asBoolean();
                    case "N" ->
                        row(rows, arn + "|S|" + parts[1]).get("variableBytes").asLong() > 0;
                    case "F" ->
                        row(rows, arn + "|S|" + Key.number(row.get("parent").asLong()))
                                .at("/awaiting/fanOut")
                                .equals(row.get("id"));
                    case "I", "R" -> rows.containsKey(arn + "|F|" + parts[1]);
                    default -> false;
                };
                assertTrue(wanted, () -> "nothing is left over: " + key + " " + row);
            }
        });
    }

    private static boolean runs(JsonNode child, Map<String, JsonNode> rows, String arn) {
        var fanOut = row(rows, arn + "|F|" + Key.number(child.get("fanOut").asLong()));
        for (var pair : fanOut.get("running")) {
            if (pair.get(0).asInt() == child.get("index").asInt()
                    && pair.get(1).asLong() == child.get("id").asLong()) {
                return true;
            }
        }
        return false;
    }

    private static void onlyWhatIsAwaitedHasATimer(World world, Set<String> awaited) {
        var set = new HashSet<String>();
        for (var timer : world.rows().setTimers()) {
            var words = timer.id().split(" ", -1);
            set.add(words[0] + " " + words[2] + " " + words[3]);
        }
        assertEquals(awaited, set, "only what is awaited has a timer, and all of it");
    }

    private static JsonNode row(Map<String, JsonNode> rows, String key) {
        var row = rows.get(key);
        if (row == null) {
            throw new AssertionError("Expected a row " + key + ", but there is none");
        }
        return row;
    }

    private static Map<String, JsonNode> rows(World world) {
        var rows = new HashMap<String, JsonNode>();
        world.rows().contents().forEach((key, value) -> {
            if (key.startsWith(ExecutionDecider.EXECUTIONS + " ")) {
                try {
                    rows.put(key.substring(key.indexOf(' ') + 1), Json.tree(value));
                } catch (JsonProcessingException e) {
                    throw new AssertionError(e);
                }
            }
        });
        return rows;
    }
}
