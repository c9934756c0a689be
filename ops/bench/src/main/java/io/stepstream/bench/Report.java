package io.stepstream.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.stepstream.schemas.Json;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/** The rows of one run, as a table for people and as JSON for programs. */
final class Report {

    private final PrintStream progress;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /** @param progress is told each row as it comes, for whoever waits, and so that a run that breaks off leaves something */
    Report(PrintStream progress) {
        this.progress = progress;
    }

    void add(Row row) {
        rows.add(row);
        progress.printf(Locale.ROOT, "  %s: %s %s %s%n", row.measure(), number(row.value()), row.unit(), row.verdict());
    }

    /** Notes that calls or executions failed under that load; any failure fails the run. */
    void check(String workload, Load.Result result) {
        if (result.failed() > 0) {
            failed(workload, result.failed() + " failed, the first: " + result.failure());
        }
    }

    void failed(String workload, String reason) {
        failures.add(workload + ": " + reason);
        progress.println("  FAILED " + reason);
    }

    /** Whether anything failed, or a row does not reach what it must. */
    boolean missed() {
        return !failures.isEmpty()
                || rows.stream().anyMatch(row -> row.verdict().equals("MISSED"));
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    void printTable(PrintStream out) {
        int measure = "measure".length();
        for (var row : rows) {
            measure = Math.max(measure, row.measure().length());
        }
        var line = "%-12s %-" + measure + "s %12s %10s %10s  %-6s  %s%n";
        out.printf(Locale.ROOT, line, "workload", "measure", "measured", "must", "goal", "", "how");
        for (var row : rows) {
            out.printf(
                    Locale.ROOT,
                    line,
                    row.workload(),
                    row.measure(),
                    number(row.value()) + " " + row.unit(),
                    row.must().isPresent() ? number(row.must().getAsDouble()) : "",
                    row.goal().isPresent() ? number(row.goal().getAsDouble()) : "",
                    row.verdict(),
                    row.detail());
        }
        for (var failure : failures) {
            out.println("FAILED " + failure);
        }
    }

    void printJson(PrintStream out) throws JsonProcessingException {
        var report = new LinkedHashMap<String, Object>();
        report.put("processors", Runtime.getRuntime().availableProcessors());
        report.put("java", Runtime.version().toString());
        report.put("rows", rows);
        report.put("failures", failures);
        out.println(Json.shared().writerWithDefaultPrettyPrinter().writeValueAsString(report));
    }

    /** Three significant digits, whole numbers from 100 on. */
    static String number(double value) {
        double size = Math.abs(value);
        var form = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, form, value);
    }
}
