package io.stepstream.asl.parse;

import io.stepstream.asl.model.QueryLanguage;
import io.stepstream.asl.query.Assign;
import io.stepstream.asl.query.Template;
import io.stepstream.asl.query.jsonata.JsonataAssign;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the Assign of a state, of a Choice rule or of a catcher. */
final class AssignParser {

    static final String FIELD = "Assign";

    private static final Pattern NAME = Pattern.compile("\\p{L}[\\p{L}\\p{M}\\p{Nd}_]*+");
    private static final String RESERVED = "states";

    private final QueryLanguage language;
    private final PathParser paths;
    private final VariableScopes scopes;

    AssignParser(QueryLanguage language, PathParser paths, VariableScopes scopes) {
        this.language = language;
        this.paths = paths;
        this.scopes = scopes;
    }

    /** {@code place} is how failures name where it stands: the field itself, or within a rule. */
    Optional<Assign> parse(Source source, String place) {
        return parse(source, place, false);
    }

    Optional<Assign> parseCatcher(Source source, String place) {
        return parse(source, place, true);
    }

    private Optional<Assign> parse(Source source, String place, boolean inCatcher) {
        var object = source.object(FIELD);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        var names = new LinkedHashSet<String>();
        object.get().json().fieldNames().forEachRemaining(field -> {
            var name = language == QueryLanguage.JSONPATH && field.endsWith(Template.SUFFIX)
                    ? field.substring(0, field.length() - Template.SUFFIX.length())
                    : field;
            if (isName(name, object.get()) && !names.add(name)) {
                object.get().schema("The variable '" + name + "' is assigned twice");
            }
        });
        names.forEach(name -> scopes.assigned(name, object.get().location()));
        if (language == QueryLanguage.JSONATA) {
            var expressions = new JsonataParser(paths);
            var compiled = inCatcher
                    ? expressions.catcherTemplate(source, FIELD, place)
                    : expressions.template(source, FIELD, place);
            return compiled.map(template -> new JsonataAssign(names, template));
        }
        return paths.template(source, FIELD).map(template -> new Assign.OfTemplate(names, template));
    }

    private static boolean isName(String name, Source place) {
        if (name.equals(RESERVED)) {
            place.schema("The variable name '" + RESERVED + "' is reserved");
            return false;
        }
        if (name.codePointCount(0, name.length()) > Limits.VARIABLE_NAME
                || !NAME.matcher(name).matches()) {
            place.schema(
                    "The variable name '" + name + "' is not valid: it must start with a letter, have only letters,"
                            + " digits and underscores, and at most " + Limits.VARIABLE_NAME + " characters");
            return false;
        }
        return true;
    }
}
