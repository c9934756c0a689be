package io.stepstream.asl.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.model.Catcher;
import io.stepstream.asl.model.ChoiceRule;
import io.stepstream.asl.model.QueryLanguage;
import io.stepstream.asl.model.StateFields;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Payload;
import java.util.Optional;

/** How data moves through a state: from its raw input to its work, and from there to its output. One per query language. */
interface DataFlow {

    static DataFlow of(QueryLanguage language) {
        return switch (language) {
            case JSONPATH -> JsonPathFlow.INSTANCE;
            case JSONATA -> JsonataFlow.INSTANCE;
        };
    }

    /** The part of the raw input ({@code raw.input()}) that the state looks at. */
    Payload select(Env raw, StateFields fields) throws AslFailure;

    /** What the work gets, made of what was selected. */
    Payload arguments(Env selected, StateFields fields) throws AslFailure;

    /** What a state leaves, made of the raw input and the work's result. */
    Exit worked(Env raw, Payload result, StateFields fields) throws AslFailure;

    /** The same, and {@code inspection} sees what comes of each step on the way. */
    default Exit worked(Env raw, Payload result, StateFields fields, Inspection inspection) throws AslFailure {
        return worked(raw, result, fields);
    }

    /** What a state leaves that does no work. */
    Exit passed(Env raw, StateFields fields) throws AslFailure;

    /** What a Choice leaves; without a rule that holds it goes by its Default. */
    Exit chosen(Env raw, StateFields fields, Optional<ChoiceRule> rule) throws AslFailure;

    /** What a state leaves that failed and whose failure is caught. */
    Exit caught(Env raw, Failure failure, Catcher catcher) throws AslFailure;

    /** The error as a catcher sees it: both members are there, null where nothing was said. A timeout has an empty cause. */
    static JsonNode errorOutput(Failure failure) {
        var error = JsonNodeFactory.instance.objectNode();
        error.put("Error", orNull(failure.error()));
        var cause = failure.names().contains(Failure.TIMEOUT)
                ? Optional.of(failure.cause().orElse(""))
                : failure.cause();
        error.put("Cause", orNull(cause));
        return error;
    }

    @SuppressWarnings("NullAway") // Jackson's put takes null for JSON null.
    private static String orNull(Optional<String> text) {
        return text.orElse(null);
    }
}
