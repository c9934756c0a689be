package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.AslFailure;
import java.util.function.Supplier;

/** What an evaluation may give: JSON, all the way down, that is not too large to write. */
final class Results {

    private Results() {}

    /** {@code description} begins the messages. */
    static JsonNode checked(Evaluation run, JsonNode value, Supplier<String> description, String field)
            throws AslFailure {
        if (!Values.isDefined(value)) {
            throw AslFailure.evaluation(field, description.get() + " returned nothing (undefined).");
        }
        if (!isJson(run, value)) {
            throw AslFailure.evaluation(field, description.get() + " returned an unsupported result type.");
        }
        return value;
    }

    /** Counts every value that would be written: a small tree of shared parts can stand for gigabytes. */
    private static boolean isJson(Evaluation run, JsonNode value) {
        run.enter();
        boolean json = !value.isPojo();
        if (value.isTextual()) {
            run.spendCharacters(value.textValue().length());
        }
        if (value.isObject()) {
            for (var field : value.properties()) {
                run.spendCharacters(field.getKey().length());
                json = json && isJson(run, field.getValue());
            }
        } else if (value.isArray()) {
            for (var element : value) {
                json = json && isJson(run, element);
            }
        }
        run.leave();
        return json;
    }
}
