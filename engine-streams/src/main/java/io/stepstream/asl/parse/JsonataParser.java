package io.stepstream.asl.parse;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.jsonata.JsonataTemplate;
import java.util.Optional;

/** Reads the fields of one JSONata state in which expressions may stand. */
final class JsonataParser {

    private final PathParser paths;

    JsonataParser(PathParser paths) {
        this.paths = paths;
    }

    /** Any JSON with expressions in it. {@code place} is how failures name the field. */
    Optional<JsonataTemplate> template(Source source, String field, String place) {
        return template(source, field, place, false);
    }

    /** The same in a catcher, which has the error to look at. */
    Optional<JsonataTemplate> catcherTemplate(Source source, String field, String place) {
        return template(source, field, place, true);
    }

    private Optional<JsonataTemplate> template(Source source, String field, String place, boolean inCatcher) {
        var node = source.get(field);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        try {
            var template = JsonataTemplate.compile(node.get(), place);
            if (template.readsErrorOutput() && !inCatcher) {
                source.schema(field, "The variable '$states.errorOutput' can only be used in a Catch");
                return Optional.empty();
            }
            paths.note(template.variables());
            return Optional.of(template);
        } catch (IllegalArgumentException e) {
            source.schema(field, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** The field's expression, if it is one rather than a literal. */
    Optional<JsonataTemplate> expression(Source source, String field) {
        return isExpression(source, field) ? template(source, field, field) : Optional.empty();
    }

    static boolean isExpression(Source source, String field) {
        return source.get(field)
                .filter(JsonNode::isTextual)
                .filter(node -> JsonataTemplate.isExpression(node.textValue()))
                .isPresent();
    }
}
