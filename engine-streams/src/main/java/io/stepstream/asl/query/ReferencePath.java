package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A compiled path to exactly one node: {@code $.a.b}, {@code $['a']}, {@code $.a[0]}; it can be written to. */
public final class ReferencePath {

    private final Path path;
    private final Steps steps;

    private ReferencePath(Path path, Steps steps) {
        this.path = path;
        this.steps = steps;
    }

    /** Throws IllegalArgumentException with a sentence for text that is no reference path. */
    public static ReferencePath compile(String text) {
        var path = Path.compile(text);
        var steps = path.steps();
        if (steps == null) {
            throw new IllegalArgumentException(
                    "Expected a reference path to exactly one node, but it is '" + text + "'");
        }
        return new ReferencePath(path, steps);
    }

    /** What is there; fails with {@code Invalid path '<path>' : <reason>} where nothing is. */
    public JsonNode read(Env env) throws AslFailure {
        return path.read(env);
    }

    public Optional<JsonNode> find(Env env) throws AslFailure {
        return path.find(env);
    }

    /** The same place as a path that reads. */
    public Path path() {
        return path;
    }

    /** Whether it is plain {@code $}. */
    public boolean isWholeInput() {
        return path.isWholeInput();
    }

    /** A copy of {@code root} with {@code value} at this place, objects made on the way. {@code root} is not changed. */
    public JsonNode write(JsonNode root, JsonNode value) throws AslFailure {
        return write(root, 0, value, root);
    }

    /** Copies only the nodes on the way: their other children are shared with {@code root}. */
    private JsonNode write(@Nullable JsonNode node, int at, JsonNode value, JsonNode root) throws AslFailure {
        if (at == steps.steps().size()) {
            return value;
        }
        var step = steps.steps().get(at);
        if (step.name() == null) {
            if (node == null || !node.isArray() || step.index() < 0 || step.index() >= node.size()) {
                throw mismatch(step, root);
            }
            var copy = JsonNodeFactory.instance.arrayNode(node.size()).addAll((ArrayNode) node);
            copy.set(step.index(), write(node.get(step.index()), at + 1, value, root));
            return copy;
        }
        if (node != null && !node.isObject()) {
            throw mismatch(step, root);
        }
        var copy = JsonNodeFactory.instance.objectNode();
        if (node != null) {
            copy.setAll((ObjectNode) node);
        }
        copy.set(step.name(), write(copy.get(step.name()), at + 1, value, root));
        return copy;
    }

    private static AslFailure mismatch(Steps.Step step, JsonNode root) {
        var name = step.name() == null ? String.valueOf(step.index()) : step.name();
        return new AslFailure(
                "States.ResultPathMatchFailure", "Unable to apply step \"" + name + "\" to input " + root);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
