package io.stepstream.asl.parse;

import io.stepstream.asl.parse.Diagnostic.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathers what is wrong with a definition while it is read. */
final class Findings {

    /** More of them help nobody, and a hostile definition could make a million. */
    private static final int MAX = 1_000;

    private final List<Diagnostic> errors = new ArrayList<>();
    private final List<Diagnostic> unsupported = new ArrayList<>();
    private final List<Diagnostic> warnings = new ArrayList<>();

    void schema(String location, String message) {
        error("SCHEMA_VALIDATION_FAILED", message, Optional.of(location));
    }

    void error(String code, String message, Optional<String> location) {
        add(errors, new Diagnostic(Severity.ERROR, code, message, location));
    }

    /** Something of the language that is right, but that is not done here yet. Told once all else is right. */
    void notYet(String location, String what) {
        add(
                unsupported,
                new Diagnostic(
                        Severity.ERROR,
                        "SCHEMA_VALIDATION_FAILED",
                        what + " is not supported yet by this version of Stepstream",
                        Optional.of(location)));
    }

    void warning(String code, String message, String location) {
        add(warnings, new Diagnostic(Severity.WARNING, code, message, Optional.of(location)));
    }

    private static void add(List<Diagnostic> list, Diagnostic diagnostic) {
        if (list.size() < MAX) {
            list.add(diagnostic);
        }
    }

    boolean areErrorFree() {
        return errors.isEmpty();
    }

    boolean forbidRunning() {
        return !errors.isEmpty() || !unsupported.isEmpty();
    }

    List<Diagnostic> all() {
        var all = new ArrayList<>(errors.isEmpty() ? unsupported : errors);
        all.addAll(warnings);
        return all;
    }
}
