package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Supplier;

/**
 * What an expression may look at.
 *
 * @param input what {@code $} means
 * @param context what {@code $$} means; made only when asked for
 * @param variables what {@code $name} means
 * @param draws chance, for {@code States.UUID} and the like
 */
public record Env(Payload input, Supplier<JsonNode> context, Variables variables, Draws draws) {

    /** The same with another {@code $}. */
    public Env with(Payload other) {
        return new Env(other, context, variables, draws);
    }

    /** Chance that a replay repeats. */
    public interface Draws {
        /** The next 64 random bits. */
        long next();
    }
}
