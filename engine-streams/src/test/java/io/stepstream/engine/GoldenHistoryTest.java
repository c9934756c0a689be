package io.stepstream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ExecutionCommand;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole histories. A case is a folder of {@code golden/}: {@code definition.json}, {@code script.json} (the input, the
 * activities and what happens, in order) and {@code history.json} (the events that must come of it, one a line). Resources
 * say {@code ACTIVITY:<name>} for an activity's ARN. A new case needs no Java.
 */
class GoldenHistoryTest {

    static Stream<Path> cases() throws IOException, URISyntaxException {
        var root = GoldenHistoryTest.class.getResource("/golden");
        if (root == null) {
            throw new AssertionError("Expected a folder golden/");
        }
        try (var folders = Files.list(Path.of(root.toURI()))) {
            return folders.sorted().toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theHistoryIsAsWritten(Path folder) throws IOException {
        var script = Json.tree(read(folder, "script.json"));
        var world = new World();
        script.path("activities").forEach(name -> world.activity(name.asText()));
        world.machine(read(folder, "definition.json"));
        world.start(script.get("input").asText());
        script.path("steps").forEach(step -> play(world, step));

        var expected = read(folder, "history.json")
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        assertEquals(String.join("\n", expected), String.join("\n", history(world)));
    }

    private static String read(Path folder, String name) throws IOException {
        return Files.readString(folder.resolve(name)).replaceAll("ACTIVITY:(\\w+)", World.activityArn("$1"));
    }

    private static void play(World world, JsonNode step) {
        var activity = step.path("activity").asText();
        switch (step.get("do").asText()) {
            case "pass" -> world.passes(Duration.parse(step.get("time").asText()));
            case "succeed" -> world.workerSucceeds(activity, step.get("output").asText());
            case "fail" -> world.fail(world.workerStarts(activity), text(step, "error"), text(step, "cause"));
            case "take" -> world.workerStarts(activity);
            case "stop" -> world.stop();
            case "delete" ->
                world.send(
                        World.activityArn(activity), new ExecutionCommand.ActivityDeleted(World.activityArn(activity)));
            default -> throw new AssertionError("Expected to know what to do: " + step);
        }
    }

    private static Optional<String> text(JsonNode step, String field) {
        return Optional.ofNullable(step.get(field)).map(JsonNode::asText);
    }

    /** One line an event: id, previous, type and what its details say. */
    private static List<String> history(World world) {
        var lines = new ArrayList<String>();
        for (var event : world.history()) {
            var line = JsonNodeFactory.instance.objectNode();
            line.put("id", event.id());
            line.put("previousEventId", event.previousEventId());
            line.put("type", event.type().name());
            event.details().ifPresent(details -> line.set(event.type().detailsMember(), details));
            lines.add(Json.text(line));
        }
        return lines;
    }
}
