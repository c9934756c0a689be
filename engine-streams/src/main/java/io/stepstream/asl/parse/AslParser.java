package io.stepstream.asl.parse;

import java.util.List;
import java.util.Optional;

/** Reads a definition into its model, or says everything that is wrong with it. Never throws for any text. */
public final class AslParser {

    private AslParser() {}

    /** {@code machineType} is STANDARD or EXPRESS: some things are not for Express. */
    public static ParsedDefinition parse(String definition, String machineType) {
        return new ParsedDefinition(
                Optional.empty(),
                List.of(new Diagnostic(Diagnostic.Severity.ERROR, machineType, definition, Optional.empty())));
    }
}
