package io.stepstream.asl.parse;

import io.stepstream.asl.model.StateMachine;
import java.util.List;
import java.util.Optional;

/**
 * What became of a definition's text.
 *
 * @param stateMachine the machine if there is no error among the diagnostics
 * @param mockable the machine also where the only errors are that this version cannot do something: enough for a test whose
 *     work is mocked
 */
public record ParsedDefinition(
        Optional<StateMachine> stateMachine, Optional<StateMachine> mockable, List<Diagnostic> diagnostics) {

    /** The code of what is no JSON at all. */
    static final String INVALID_JSON = "INVALID_JSON_DESCRIPTION";

    public ParsedDefinition {
        diagnostics = List.copyOf(diagnostics);
    }

    /** The errors as InvalidDefinition quotes them: {@code CODE: message at location}, joined by commas. */
    public String errors() {
        var text = new StringBuilder();
        for (var diagnostic : diagnostics) {
            if (diagnostic.severity() == Diagnostic.Severity.ERROR) {
                text.append(text.length() == 0 ? "" : ", ")
                        .append(diagnostic.code())
                        .append(": ")
                        .append(diagnostic.message());
                // the JSON reader's text ends with the place already
                if (!diagnostic.code().equals(INVALID_JSON)) {
                    text.append(" at ").append(diagnostic.location().orElse("null"));
                }
            }
        }
        return text.toString();
    }
}
