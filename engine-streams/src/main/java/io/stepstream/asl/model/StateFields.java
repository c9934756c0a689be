package io.stepstream.asl.model;

import io.stepstream.asl.query.Assign;
import io.stepstream.asl.query.Path;
import io.stepstream.asl.query.ReferencePath;
import io.stepstream.asl.query.Template;
import io.stepstream.asl.query.jsonata.JsonataTemplate;
import java.util.List;
import java.util.Optional;

/**
 * What states of all types may have.
 *
 * @param next the state that follows; empty for End and for types that end by themselves
 * @param inputPath {@link PathField#WHOLE} unless written
 * @param arguments what the work gets, in JSONata; {@code parameters} is the same in JSONPath
 * @param output what the state leaves, in JSONata
 * @param resultPath where the result goes in the raw input; {@link ResultPath#REPLACE} unless written
 */
public record StateFields(
        String name,
        StateType type,
        QueryLanguage queryLanguage,
        Optional<String> next,
        PathField inputPath,
        Optional<Template> parameters,
        Optional<Template> resultSelector,
        ResultPath resultPath,
        PathField outputPath,
        Optional<JsonataTemplate> arguments,
        Optional<JsonataTemplate> output,
        Optional<Assign> assign,
        List<Retrier> retry,
        List<Catcher> catchers) {

    public StateFields {
        retry = List.copyOf(retry);
        catchers = List.copyOf(catchers);
    }

    /** InputPath and OutputPath: a path, or JSON null for an empty object. An empty {@code path} means null was written. */
    public record PathField(boolean isWhole, Optional<Path> path) {
        /** The default, {@code $}: what comes is passed on untouched. */
        public static final PathField WHOLE = new PathField(true, Optional.empty());
        /** Written as null: {@code {}}. */
        public static final PathField NOTHING = new PathField(false, Optional.empty());
    }

    /** ResultPath: a place in the raw input, all of it, or nowhere. */
    public record ResultPath(boolean isReplace, Optional<ReferencePath> path) {
        /** The default, {@code $}: the result replaces the input. */
        public static final ResultPath REPLACE = new ResultPath(true, Optional.empty());
        /** Written as null: the result is dropped and the raw input passes. */
        public static final ResultPath DISCARD = new ResultPath(false, Optional.empty());
    }
}
