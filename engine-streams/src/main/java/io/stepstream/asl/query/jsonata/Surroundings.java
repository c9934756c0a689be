package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.query.Env;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an expression may look at.
 *
 * @param member the members of {@code $states} by name, null for one that is not there; asked only for what is read
 * @param variables what {@code $name} means
 * @param now the decision's time, for {@code $now} and {@code $millis}
 * @param draws chance that a replay repeats
 */
public record Surroundings(
        Function<String, @Nullable JsonNode> member, Map<String, JsonNode> variables, Instant now, Env.Draws draws) {

    static final String STATES = "states";

    /** Every member of {@code $states}, in their order. */
    static final List<String> MEMBERS = List.of("input", "result", "errorOutput", "context");

    JsonNode states(Set<String> members) {
        var states = JsonNodeFactory.instance.objectNode();
        for (var name : MEMBERS) {
            var value = members.contains(name) ? member.apply(name) : null;
            if (value != null) {
                states.set(name, value);
            }
        }
        return states;
    }
}
