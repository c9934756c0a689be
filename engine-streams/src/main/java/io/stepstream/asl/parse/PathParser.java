package io.stepstream.asl.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.query.Expression;
import io.stepstream.asl.query.Path;
import io.stepstream.asl.query.ReferencePath;
import io.stepstream.asl.query.Template;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads the fields of one state that look into data, and notes the variables that they look into. */
final class PathParser {

    /** How paths and calls begin. A dollar and a digit is more often an amount of money. */
    private static final Pattern EXPRESSION =
            Pattern.compile("\\$\\$?[.\\[]|\\$\\$?$|\\$\\p{L}|States\\.[A-Za-z0-9]+\\(");

    private final NavigableSet<String> references = new TreeSet<>();

    /** The variables that anything read so far looks into. */
    NavigableSet<String> references() {
        return references;
    }

    Optional<Path> path(Source source, String field) {
        var path = source.compiled(field, "Value is not a valid JSONPath", Path::compile);
        path.ifPresent(this::note);
        return path;
    }

    Optional<ReferencePath> reference(Source source, String field) {
        var path = source.compiled(field, "Value is not a Reference Path", ReferencePath::compile);
        path.ifPresent(found -> note(found.path()));
        return path;
    }

    /** A reference path that is only read. */
    Optional<Path> single(Source source, String field) {
        return reference(source, field).map(ReferencePath::path);
    }

    /** A payload template. Each expression that is none is told at the object where it stands. */
    Optional<Template> template(Source source, String field) {
        var node = source.get(field);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (!isValid(node.get(), source, field)) {
            return Optional.empty();
        }
        var template = Template.compile(node.get());
        note(template.variables());
        return Optional.of(template);
    }

    private boolean isValid(JsonNode node, Source source, String place) {
        boolean valid = true;
        if (node instanceof ObjectNode object) {
            for (var field : object.properties()) {
                valid &= field.getKey().endsWith(Template.SUFFIX)
                        ? isExpression(field.getKey(), field.getValue(), source, place)
                        : isValid(field.getValue(), source, place + "/" + field.getKey());
                if (!field.getKey().endsWith(Template.SUFFIX) && looksLikeAnExpression(field.getValue())) {
                    source.findings()
                            .warning(
                                    "NO_DOLLAR",
                                    "The value of the field '" + field.getKey()
                                            + "' looks like a JSONPath or an intrinsic function call, but without '"
                                            + Template.SUFFIX + "' at the end of its name it is taken as it stands",
                                    source.at(place));
                }
            }
        } else {
            int index = 0;
            for (var element : node) {
                valid &= isValid(element, source, place + "[" + index++ + "]");
            }
        }
        return valid;
    }

    private static boolean isExpression(String field, JsonNode value, Source source, String place) {
        if (value.isTextual()) {
            try {
                Expression.compile(value.textValue(), field);
                return true;
            } catch (IllegalArgumentException e) {
                // AWS gives no reason either
            }
        }
        source.schema(
                place,
                "The value for the field '" + field + "' must be a valid JSONPath or a valid intrinsic function call");
        return false;
    }

    /** Something literal that was perhaps not meant to be: warns of it. */
    static void warnOfNoPath(Source source, String field) {
        if (source.get(field).filter(PathParser::looksLikeAnExpression).isPresent()) {
            source.findings()
                    .warning(
                            "NO_PATH",
                            "The value of the field '" + field + "' looks like a path, but the name of the field does"
                                    + " not end with 'Path': it is taken as it stands",
                            source.at(field));
        }
    }

    static boolean looksLikeAnExpression(JsonNode value) {
        return value.isTextual() && EXPRESSION.matcher(value.textValue()).lookingAt();
    }

    private void note(Path path) {
        path.variable().ifPresent(references::add);
    }

    /** Of something that the caller has compiled. */
    void note(Set<String> variables) {
        references.addAll(variables);
    }
}
