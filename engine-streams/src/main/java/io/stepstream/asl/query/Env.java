package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What an expression may look at.
 *
 * @param input what {@code $} means, and to JSONata {@code $states.input}
 * @param result JSONata's {@code $states.result}, where there is one
 * @param errorOutput JSONata's {@code $states.errorOutput}, in a catcher
 * @param context what {@code $$} means, and to JSONata {@code $states.context}; made only when asked for
 * @param variables what {@code $name} means
 * @param now the decision's time, for {@code $now()} and the like
 * @param draws chance, for {@code States.UUID} and the like
 */
public record Env(
        Payload input,
        Optional<Payload> result,
        Optional<JsonNode> errorOutput,
        Supplier<JsonNode> context,
        Variables variables,
        Instant now,
        Draws draws) {

    public Env(Payload input, Supplier<JsonNode> context, Variables variables, Instant now, Draws draws) {
        this(input, Optional.empty(), Optional.empty(), context, variables, now, draws);
    }

    /** The same with another {@code $}. */
    public Env with(Payload other) {
        return new Env(other, result, errorOutput, context, variables, now, draws);
    }

    /** The same with {@code $states.result}. */
    public Env withResult(Payload work) {
        return new Env(input, Optional.of(work), errorOutput, context, variables, now, draws);
    }

    /** The same with {@code $states.errorOutput}. */
    public Env withErrorOutput(JsonNode error) {
        return new Env(input, result, Optional.of(error), context, variables, now, draws);
    }

    /** Chance that a replay repeats. */
    public interface Draws {
        /** The next 64 random bits. */
        long next();
    }
}
