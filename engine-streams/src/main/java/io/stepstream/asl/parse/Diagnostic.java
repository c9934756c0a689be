package io.stepstream.asl.parse;

import java.util.Optional;

/**
 * One thing that is wrong with a definition, in AWS's words.
 *
 * @param location like a JSON pointer, {@code /States/<name>/<field>}; empty where none applies
 */
public record Diagnostic(Severity severity, String code, String message, Optional<String> location) {

    public enum Severity {
        ERROR,
        WARNING
    }
}
