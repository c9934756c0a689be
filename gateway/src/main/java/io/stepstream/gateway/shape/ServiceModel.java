package io.stepstream.gateway.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All operations of the API, read from {@code model.json}: names, types and constraints of the service model 2016-11-23. */
public final class ServiceModel {

    private static final ServiceModel MODEL = load();

    private final Map<String, Operation> operations;

    private ServiceModel(Map<String, Operation> operations) {
        this.operations = operations;
    }

    public static ServiceModel get() {
        return MODEL;
    }

    public Optional<Operation> operation(String name) {
        return Optional.ofNullable(operations.get(name));
    }

    /** Names of all operations, sorted. */
    public Set<String> operations() {
        return operations.keySet();
    }

    private static ServiceModel load() {
        JsonNode model;
        try (var in = ServiceModel.class.getResourceAsStream("model.json")) {
            model = Json.shared()
                    .readTree(Objects.requireNonNull(in, "Expected model.json beside " + ServiceModel.class));
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to read the service model, but failed", e);
        }
        var shapes = new Shapes(model.get("shapes"));
        var operations = new LinkedHashMap<String, Operation>();
        for (var entry : model.get("operations").properties()) {
            var operation = entry.getValue();
            operations.put(
                    entry.getKey(),
                    new Operation(
                            entry.getKey(),
                            shapes.shape(operation.get("input").textValue()),
                            shapes.shape(operation.get("output").textValue()),
                            new LinkedHashSet<>(texts(operation.path("errors")))));
        }
        return new ServiceModel(operations);
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(item -> texts.add(item.textValue()));
        return texts;
    }

    /** Resolves references between shapes; the model has no cycles. */
    private static final class Shapes {

        private final JsonNode model;
        private final Map<String, Shape> resolved = new HashMap<>();

        Shapes(JsonNode model) {
            this.model = model;
        }

        Shape shape(String name) {
            var known = resolved.get(name);
            if (known != null) {
                return known;
            }
            var facts = model.get(name);
            var members = new LinkedHashMap<String, Shape>();
            for (var member : facts.path("members").properties()) {
                members.put(member.getKey(), shape(member.getValue().textValue()));
            }
            var element = facts.hasNonNull("member") ? facts.get("member") : facts.get("value");
            var shape = new Shape(
                    name,
                    Shape.Kind.valueOf(facts.get("type").textValue().toUpperCase(Locale.ROOT)),
                    number(facts.get("min")),
                    number(facts.get("max")),
                    Optional.ofNullable(facts.get("pattern")).map(pattern -> Pattern.compile(pattern.textValue())),
                    texts(facts.path("enum")),
                    facts.path("sensitive").asBoolean(),
                    members,
                    texts(facts.path("required")),
                    Optional.ofNullable(element).map(reference -> shape(reference.textValue())));
            resolved.put(name, shape);
            return shape;
        }

        private static OptionalLong number(@Nullable JsonNode node) {
            return node == null ? OptionalLong.empty() : OptionalLong.of(node.longValue());
        }
    }
}
