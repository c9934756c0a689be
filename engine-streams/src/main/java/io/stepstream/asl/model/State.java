package io.stepstream.asl.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.Expression;
import io.stepstream.asl.query.Path;
import io.stepstream.asl.query.ReferencePath;
import io.stepstream.asl.query.Template;
import io.stepstream.asl.query.jsonata.JsonataTemplate;
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

    record Task(
            StateFields fields,
            Resource resource,
            Seconds timeout,
            Seconds heartbeat,
            Optional<Credentials> credentials)
            implements State {}

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

    /**
     * An inline Map. {@code items} gives the array, and where it is not written {@code itemsPath} does; {@code maxConcurrency}
     * 0 means no wish. {@code itemSelector} is JSONPath's, {@code itemTemplate} is the same in JSONata.
     */
    record MapState(
            StateFields fields,
            Workflow processor,
            ReferencePath itemsPath,
            Optional<JsonataTemplate> items,
            Optional<Template> itemSelector,
            Optional<JsonataTemplate> itemTemplate,
            Count maxConcurrency)
            implements State {}

    /** A Task's resource. What kind of thing it names decides who does the work. */
    record Resource(String arn, Kind kind, Optional<Integration> integration) {

        public enum Kind {
            ACTIVITY,
            /** A Lambda function, by its own ARN. */
            FUNCTION,
            /** An action of a service; only this has an {@code integration}. */
            SERVICE
        }

        public Resource(String arn, Kind kind) {
            this(arn, kind, Optional.empty());
        }
    }

    /**
     * An action of a service, and what the Task waits for.
     *
     * @param service as the ARN has it: {@code sqs}, {@code aws-sdk:s3}
     * @param action as the ARN has it: {@code sendMessage}
     */
    record Integration(String service, String action, Pattern pattern) {

        public enum Pattern {
            REQUEST_RESPONSE(""),
            SYNC(".sync"),
            SYNC_2(".sync:2"),
            WAIT_FOR_TASK_TOKEN(".waitForTaskToken");

            private final String suffix;

            Pattern(String suffix) {
                this.suffix = suffix;
            }

            /** What the ARN has behind the action. */
            public String suffix() {
                return suffix;
            }

            /** Whether the service's answer is only the beginning. */
            public boolean awaitsMore() {
                return this != REQUEST_RESPONSE;
            }
        }

        /** As history events name the resource. */
        public String resource() {
            return action + pattern.suffix();
        }
    }

    /** Who the call is made as: an object with a RoleArn, in the state's language. */
    record Credentials(Optional<Template> template, Optional<JsonataTemplate> expression) {}

    /** A length of time in whole seconds, literal, by path or by JSONata; all empty where the field is absent. */
    record Seconds(OptionalLong literal, Optional<Path> path, Optional<JsonataTemplate> expression) {}

    /** A number, literal, by path or by JSONata. */
    record Count(OptionalInt literal, Optional<Path> path, Optional<JsonataTemplate> expression) {}

    /** A text, literal, by path or intrinsic function, or by JSONata. */
    record Text(Optional<String> literal, Optional<Expression> path, Optional<JsonataTemplate> expression) {}

    /** Exactly one is present. */
    record WaitTime(
            OptionalLong seconds,
            Optional<Path> secondsPath,
            Optional<JsonataTemplate> secondsExpression,
            Optional<Instant> timestamp,
            Optional<Path> timestampPath,
            Optional<JsonataTemplate> timestampExpression) {}
}
