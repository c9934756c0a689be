package io.stepstream.asl.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.Expression;
import io.stepstream.asl.query.Path;
import io.stepstream.asl.query.ReferencePath;
import io.stepstream.asl.query.Template;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One state of a definition, with everything that is written in it compiled. */
public sealed interface State {

    StateFields fields();

    default String name() {
        return fields().name();
    }

    default StateType type() {
        return fields().type();
    }

    /** {@code result} is literal JSON; without it the result is the effective input. */
    record Pass(StateFields fields, Optional<JsonNode> result) implements State {}

    record Task(StateFields fields, Resource resource, Seconds timeout, Seconds heartbeat) implements State {}

    record Choice(StateFields fields, List<ChoiceRule> rules, Optional<String> defaultState) implements State {
        public Choice {
            rules = List.copyOf(rules);
        }
    }

    record Wait(StateFields fields, WaitTime time) implements State {}

    record Succeed(StateFields fields) implements State {}

    record Fail(StateFields fields, Optional<Text> error, Optional<Text> cause) implements State {}

    record Parallel(StateFields fields, List<Workflow> branches) implements State {
        public Parallel {
            branches = List.copyOf(branches);
        }
    }

    /** An inline Map. {@code itemsPath} gives the array; {@code maxConcurrency} 0 means no wish. */
    record MapState(
            StateFields fields,
            Workflow processor,
            ReferencePath itemsPath,
            Optional<Template> itemSelector,
            Count maxConcurrency)
            implements State {}

    /** A Task's resource. What kind of thing it names decides who does the work. */
    record Resource(String arn, Kind kind) {
        public enum Kind {
            ACTIVITY
        }
    }

    /** A length of time in whole seconds, literal or by path; both empty where the field is absent. */
    record Seconds(OptionalLong literal, Optional<Path> path) {
        public static final Seconds NONE = new Seconds(OptionalLong.empty(), Optional.empty());

        public boolean isPresent() {
            return literal.isPresent() || path.isPresent();
        }
    }

    /** A number, literal or by path. */
    record Count(OptionalInt literal, Optional<Path> path) {}

    /** A text, literal or by path or intrinsic function. */
    record Text(Optional<String> literal, Optional<Expression> path) {}

    /** Exactly one is present. */
    record WaitTime(
            OptionalLong seconds,
            Optional<Path> secondsPath,
            Optional<Instant> timestamp,
            Optional<Path> timestampPath) {}
}
