package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.stepstream.asl.query.Env;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation of one expression, and what it may still spend.
 *
 * <p>Users write expressions and users send the data; neither may hold up the partition that evaluates them. Everything that
 * grows with either is counted here before it is done: a unit for each node evaluated, each item put into a sequence and each
 * value looked at, and one for every few characters. Counts alone decide, so that a replay fails where the first run failed.
 */
final class Evaluation {

    /** Units for one evaluation: more than any workflow's payload needs, less than a second of work. */
    static final int UNITS = 2_000_000;

    /** How deep evaluations and data may nest. A stack of 768 KiB carries it; threads have 1 MiB. */
    static final int DEPTH = 500;

    /** The longest text that may come about, in characters. */
    static final int TEXT = 1024 * 1024;

    private static final int CHARACTERS_PER_UNIT = 16;
    private static final int OBJECT = 8;

    private final Env env;
    private final Set<String> members;
    private long left = UNITS;
    private int depth;
    private @Nullable JsonNode states;

    /** {@code members} are those of {@code $states} that the expression reads. */
    Evaluation(Env env, Set<String> members) {
        this.env = env;
        this.members = members;
    }

    /** The value of {@code expr}: no sequence of one item, and no empty one. */
    JsonNode evaluate(Expr expr, JsonNode context, Scope scope) {
        enter();
        var value = Sequence.collapse(expr.evaluate(this, context, scope));
        leave();
        return value;
    }

    /** One level deeper. Whoever throws need not come back: the evaluation is over. */
    void enter() {
        enter(1);
    }

    /** As many levels deeper as the Java methods that do it need of the stack. */
    void enter(int levels) {
        spend(1);
        depth += levels;
        if (depth > DEPTH) {
            throw JsonataException.tooMuch("the depth of " + DEPTH + " nested evaluations");
        }
    }

    void leave() {
        leave(1);
    }

    void leave(int levels) {
        depth -= levels;
    }

    /** Pays for the memory of an object with so many members, which is that of many numbers. */
    void spendObject(int members) {
        spend(OBJECT + 2L * members);
    }

    void spend(long units) {
        left -= units;
        if (left < 0) {
            throw JsonataException.tooMuch("the " + UNITS + " steps that one evaluation may take");
        }
    }

    /** Pays for reading or writing that many characters. */
    void spendCharacters(long characters) {
        spend(1 + characters / CHARACTERS_PER_UNIT);
    }

    /** Pays for a text of that length before it is made. */
    void allocate(long characters) {
        if (characters > TEXT) {
            throw JsonataException.tooMuch("the " + TEXT + " characters that a string may have");
        }
        spendCharacters(characters);
    }

    JsonNode global(String name) {
        if (name.equals(States.NAME)) {
            var known = states;
            if (known == null) {
                known = States.of(env, members);
                states = known;
            }
            return known;
        }
        var function = Library.find(name);
        return env.variables().get(name).orElseGet(() -> function == null ? MissingNode.getInstance() : function);
    }

    Instant now() {
        return env.now();
    }

    long draw() {
        return env.draws().next();
    }
}
