package io.stepstream.engine;

import io.stepstream.asl.parse.AslParser;
import io.stepstream.asl.parse.Diagnostic;
import io.stepstream.asl.parse.KnownServices;
import io.stepstream.schemas.command.ExecutionCommand.ValidateDefinition;
import io.stepstream.schemas.command.Reply;
import java.util.ArrayList;
import java.util.Optional;

/** What ValidateStateMachineDefinition says of a definition: the parser's verdict, with nothing made of it. */
final class Validation {

    /** Stands between what is wrong with a text that is no JSON, and where. */
    private static final String PLACE = "\n at ";

    private Validation() {}

    static Reply.Validated of(ValidateDefinition command, KnownServices services) {
        var diagnostics = AslParser.parse(command.definition(), command.machineType(), services)
                .diagnostics();
        boolean valid = true;
        boolean truncated = false;
        var findings = new ArrayList<Reply.Finding>();
        for (var diagnostic : diagnostics) {
            boolean error = diagnostic.severity() == Diagnostic.Severity.ERROR;
            valid &= !error;
            if (error || command.warnings()) {
                if (findings.size() == command.maxResults()) {
                    truncated = true;
                } else {
                    findings.add(new Reply.Finding(
                            diagnostic.severity().name(),
                            diagnostic.code(),
                            diagnostic.message(),
                            diagnostic.location().or(() -> place(diagnostic.message()))));
                }
            }
        }
        return new Reply.Validated(valid, findings, truncated);
    }

    private static Optional<String> place(String message) {
        int at = message.lastIndexOf(PLACE);
        return at < 0 ? Optional.empty() : Optional.of(message.substring(at + PLACE.length()));
    }
}
