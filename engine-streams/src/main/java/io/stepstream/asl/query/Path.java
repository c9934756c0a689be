package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A compiled path that reads: {@code $...}, {@code $$...} or {@code $variable...}; may give several values as an array. */
public final class Path {

    private final String text;
    private final Root root;
    private final @Nullable String variable;
    private final Query query;

    private Path(String text, Root root, @Nullable String variable, Query query) {
        this.text = text;
        this.root = root;
        this.variable = variable;
        this.query = query;
    }

    /** Throws IllegalArgumentException with a sentence for text that is no path. */
    public static Path compile(String text) {
        if (!text.startsWith("$")) {
            throw new IllegalArgumentException("Expected a path to start with '$', but it is '" + text + "'");
        }
        if (text.startsWith("$$")) {
            return new Path(text, Root.CONTEXT, null, Query.compile("$" + text.substring(2)));
        }
        int end = 1;
        while (end < text.length() && isPartOfName(text.charAt(end))) {
            end++;
        }
        if (end > 1) {
            return new Path(text, Root.VARIABLE, text.substring(1, end), Query.compile("$" + text.substring(end)));
        }
        return new Path(text, Root.INPUT, null, Query.compile(text));
    }

    private static boolean isPartOfName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || Character.isSurrogate(c);
    }

    /** What is there; a path that finds nothing fails with {@code Invalid path '<path>' : <reason>}. */
    public JsonNode read(Env env) throws AslFailure {
        var found = look(env);
        if (found.node() != null) {
            return found.node();
        }
        throw AslFailure.runtime("Invalid path '" + text + "' : " + found.reason());
    }

    /** What is there, empty where nothing is: for fields that have a text of their own for that. */
    public Optional<JsonNode> find(Env env) throws AslFailure {
        return Optional.ofNullable(look(env).node());
    }

    /** Whether something is there, be it null; an index past the end of its array is not. */
    public boolean isPresent(Env env) throws AslFailure {
        return look(env).isPresent();
    }

    private Query.Found look(Env env) throws AslFailure {
        var target = target(env);
        return target == null ? Query.Found.nothing("No results for path: $" + variable) : query.run(target);
    }

    /** The document that the path looks into; null for a variable that nobody assigned. */
    @Nullable
    JsonNode target(Env env) {
        return switch (root) {
            case INPUT -> env.input().tree();
            case CONTEXT -> env.context().get();
            case VARIABLE -> env.variables().get(String.valueOf(variable)).orElse(null);
        };
    }

    /** Whether it is plain {@code $}: the whole input, untouched. */
    public boolean isWholeInput() {
        return root == Root.INPUT && query.isWhole();
    }

    /** Whether it looks into the context object. */
    public boolean readsContext() {
        return root == Root.CONTEXT;
    }

    /** The variable that it looks into, if it does. */
    public Optional<String> variable() {
        return Optional.ofNullable(variable);
    }

    /** Its steps if it leads to exactly one node, else null. */
    @Nullable
    Steps steps() {
        return query instanceof Steps steps ? steps : null;
    }

    @Override
    public String toString() {
        return text;
    }

    private enum Root {
        INPUT,
        CONTEXT,
        VARIABLE
    }
}
