package io.stepstream.asl.parse;

import io.stepstream.asl.model.Catcher;
import io.stepstream.asl.model.QueryLanguage;
import io.stepstream.asl.model.Retrier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads Retry and Catch. */
final class ErrorHandlingParser {

    private static final String ALL = "States.ALL";
    private static final Set<String> RETRIER_FIELDS = Set.of(
            "ErrorEquals",
            "IntervalSeconds",
            "MaxAttempts",
            "BackoffRate",
            "MaxDelaySeconds",
            "JitterStrategy",
            "Comment");
    private static final Set<String> CATCHER_FIELDS =
            Set.of("ErrorEquals", "Next", "ResultPath", "Output", "Assign", "Comment");

    private final Source source;
    private final QueryLanguage language;
    private final PathParser paths;
    private final AssignParser assigns;

    ErrorHandlingParser(Source source, QueryLanguage language, PathParser paths, AssignParser assigns) {
        this.source = source;
        this.language = language;
        this.paths = paths;
        this.assigns = assigns;
    }

    List<Retrier> retriers() {
        var retriers = new ArrayList<Retrier>();
        var entries = source.has("Retry") ? entries("Retry") : List.<Source>of();
        for (int i = 0; i < entries.size(); i++) {
            var entry = entries.get(i);
            entry.allowOnly(RETRIER_FIELDS);
            var errors = errorEquals(entry, i == entries.size() - 1);
            long interval = entry.whole("IntervalSeconds", 1, Limits.SECONDS).orElse(1);
            var maxDelay = entry.whole("MaxDelaySeconds", 1, Limits.MAX_DELAY_SECONDS - 1);
            if (maxDelay.isPresent() && maxDelay.getAsLong() <= interval) {
                entry.schema("MaxDelaySeconds", "'MaxDelaySeconds' must be greater than 'IntervalSeconds'");
            }
            retriers.add(new Retrier(
                    errors,
                    interval,
                    entry.whole("MaxAttempts", 0, Limits.SECONDS).orElse(3),
                    backoffRate(entry),
                    maxDelay,
                    isJitterFull(entry)));
        }
        return retriers;
    }

    List<Catcher> catchers(List<WorkflowParser.Transition> transitions) {
        var catchers = new ArrayList<Catcher>();
        var entries = source.has("Catch") ? entries("Catch") : List.<Source>of();
        for (int i = 0; i < entries.size(); i++) {
            var entry = entries.get(i);
            entry.allowOnly(CATCHER_FIELDS);
            entry.require("Next");
            FieldTable.checkCatcher(entry, language);
            var errors = errorEquals(entry, i == entries.size() - 1);
            var next = entry.text("Next");
            next.ifPresent(target -> transitions.add(new WorkflowParser.Transition("Next", target, entry.at("Next"))));
            var place = "Catch[" + i + "]/";
            catchers.add(new Catcher(
                    errors,
                    next.orElse(""),
                    StateParser.resultPath(entry, paths),
                    assigns.parseCatcher(entry, place + AssignParser.FIELD),
                    language == QueryLanguage.JSONATA
                            ? new JsonataParser(paths).catcherTemplate(entry, "Output", place + "Output")
                            : Optional.empty()));
        }
        return catchers;
    }

    /** An empty Retry or Catch says nothing, and AWS lets it be. */
    private List<Source> entries(String field) {
        boolean isEmptyArray = source.get(field)
                .filter(node -> node.isArray() && node.isEmpty())
                .isPresent();
        return isEmptyArray ? List.of() : source.objects(field);
    }

    private static List<String> errorEquals(Source entry, boolean isLast) {
        entry.require("ErrorEquals");
        var errors = entry.texts("ErrorEquals");
        if (errors.contains(ALL)) {
            if (errors.size() > 1) {
                entry.schema("ErrorEquals", "'States.ALL' must appear alone");
            }
            if (!isLast) {
                entry.schema("ErrorEquals", "'States.ALL' must appear in the last entry only");
            }
        }
        return errors;
    }

    private static double backoffRate(Source entry) {
        var rate = entry.get("BackoffRate");
        if (rate.isEmpty()) {
            return 2.0;
        }
        double value = rate.get().isNumber() ? rate.get().doubleValue() : 0;
        if (!(value >= 1.0) || Double.isInfinite(value)) {
            entry.schema("BackoffRate", "The value must be a number of at least 1.0");
            return 2.0;
        }
        return value;
    }

    private static boolean isJitterFull(Source entry) {
        var strategy = entry.text("JitterStrategy").orElse("NONE");
        if (!strategy.equals("NONE") && !strategy.equals("FULL")) {
            entry.schema("JitterStrategy", "The field 'JitterStrategy' should have one of these values: [FULL, NONE]");
        }
        return strategy.equals("FULL");
    }
}
