package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way to exactly one node: fields and array indexes. Nearly every path is such, and walking it costs nothing. */
record Steps(List<Step> steps) implements Query {

    Steps {
        steps = List.copyOf(steps);
    }

    /** A field by name, or where {@code name} is null an array element; a negative index counts from the end. */
    record Step(@Nullable String name, int index) {
        static Step field(String name) {
            return new Step(name, 0);
        }

        static Step element(int index) {
            return new Step(null, index);
        }

        @Override
        public String toString() {
            return name == null ? "[" + index + "]" : "['" + name + "']";
        }
    }

    @Override
    public boolean isWhole() {
        return steps.isEmpty();
    }

    /** The words of the reasons are those of the JSONPath library that AWS quotes. */
    @Override
    public Found run(JsonNode document) {
        var node = document;
        for (int i = 0; i < steps.size(); i++) {
            var step = steps.get(i);
            JsonNode next;
            if (step.name() == null) {
                if (!node.isArray()) {
                    return Found.nothing("Expected to find an array for " + step + " in path " + upTo(i));
                }
                int index = step.index() < 0 ? node.size() + step.index() : step.index();
                next = node.get(index);
                if (next == null) {
                    return i == steps.size() - 1
                            ? Found.pastTheEnd()
                            : Found.nothing("Missing property in path " + upTo(i + 1));
                }
            } else {
                if (!node.isObject()) {
                    return Found.nothing("Expected to find an object with property " + step + " in path " + upTo(i));
                }
                next = node.get(step.name());
                if (next == null) {
                    return Found.nothing(
                            i == steps.size() - 1
                                    ? "No results for path: " + upTo(i + 1)
                                    : "Missing property in path " + upTo(i + 1));
                }
            }
            node = next;
        }
        return Found.of(node);
    }

    /** The first {@code count} steps as text, every name in brackets. */
    String upTo(int count) {
        var text = new StringBuilder("$");
        for (var step : steps.subList(0, count)) {
            text.append(step);
        }
        return text.toString();
    }

    /** Null for text that is not of this simple kind, whether or not it is a path. */
    static @Nullable Steps parse(String text) {
        var steps = new ArrayList<Step>();
        int at = 1;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '.') {
                int end = at + 1;
                while (end < text.length() && isPlain(text.charAt(end))) {
                    end++;
                }
                if (end == at + 1) {
                    return null;
                }
                steps.add(Step.field(text.substring(at + 1, end)));
                at = end;
            } else if (c == '[') {
                at = bracket(text, at + 1, steps);
                if (at < 0) {
                    return null;
                }
            } else {
                return null;
            }
        }
        return new Steps(steps);
    }

    private static boolean isPlain(char c) {
        return ".[]()*?@,:'\"&|!<>=~".indexOf(c) < 0 && !Character.isWhitespace(c);
    }

    /** Where it goes on after the bracket, negative if what stands in it is not one name or one index. */
    private static int bracket(String text, int start, List<Step> steps) {
        int at = skipBlanks(text, start);
        if (at >= text.length()) {
            return -1;
        }
        char quote = text.charAt(at);
        if (quote == '\'' || quote == '"') {
            var name = new StringBuilder();
            at++;
            while (at < text.length() && text.charAt(at) != quote) {
                char c = text.charAt(at);
                // only what would end the name or looks like the escape is escaped; any other backslash is itself
                if (c == '\\'
                        && at + 1 < text.length()
                        && (text.charAt(at + 1) == quote || text.charAt(at + 1) == '\\')) {
                    at++;
                    c = text.charAt(at);
                }
                name.append(c);
                at++;
            }
            steps.add(Step.field(name.toString()));
            at++;
        } else {
            int end = at;
            while (end < text.length()
                    && (Character.isDigit(text.charAt(end)) || (end == at && text.charAt(end) == '-'))) {
                end++;
            }
            try {
                steps.add(Step.element(Integer.parseInt(text.substring(at, end))));
            } catch (NumberFormatException e) {
                return -1;
            }
            at = end;
        }
        at = skipBlanks(text, at);
        return at < text.length() && text.charAt(at) == ']' ? at + 1 : -1;
    }

    private static int skipBlanks(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at;
    }
}
