package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.TreeMap;

/** Values as the text that {@code $string} and {@code &} give: JSON, and a string as it is. */
final class JsonText {

    private final Evaluation run;
    private final boolean pretty;
    private final boolean sorted;
    private final StringBuilder text = new StringBuilder();

    private JsonText(Evaluation run, boolean pretty, boolean sorted) {
        this.run = run;
        this.pretty = pretty;
        this.sorted = sorted;
    }

    /** Strings are not quoted; a function has no text. */
    static String of(Evaluation run, JsonNode value) {
        return of(run, value, false);
    }

    static String of(Evaluation run, JsonNode value, boolean pretty) {
        if (value.isTextual()) {
            return value.textValue();
        }
        if (value.isNumber()) {
            return Numbers.text(value);
        }
        if (value.isPojo() || value.isMissingNode()) {
            return "";
        }
        var writer = new JsonText(run, pretty, false);
        writer.write(value, "\n");
        return writer.text.toString();
    }

    /** With the members of objects in order, so that the same values give the same text. */
    static String sorted(Evaluation run, JsonNode value) {
        var writer = new JsonText(run, false, true);
        writer.write(value, "\n");
        return writer.text.toString();
    }

    static String quote(String string) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(string)) + '"';
    }

    private void write(JsonNode value, String indent) {
        run.enter(2);
        int before = text.length();
        if (value.isObject()) {
            writeObject(value, indent);
        } else if (value.isArray()) {
            writeArray(value, indent);
        } else if (value.isTextual()) {
            // An escape takes six characters at most.
            run.allocate(6L * value.textValue().length());
            text.append(quote(value.textValue()));
        } else if (value.isNumber()) {
            text.append(sorted ? Numbers.shortest(Numbers.value(value)).toString() : Numbers.text(value));
        } else if (value.isPojo()) {
            text.append(sorted ? "function" : "\"\"");
        } else {
            text.append(value.asText());
        }
        if (!value.isContainerNode()) {
            run.spendCharacters(text.length() - before);
        }
        if (text.length() > Evaluation.TEXT) {
            run.allocate(text.length());
        }
        run.leave(2);
    }

    private void writeObject(JsonNode value, String indent) {
        var inner = indent + "  ";
        var fields = new ArrayList<>(value.properties());
        run.spend(fields.size());
        if (sorted) {
            var byName = new TreeMap<String, JsonNode>();
            fields.forEach(field -> byName.put(field.getKey(), field.getValue()));
            fields = new ArrayList<>(byName.entrySet());
        }
        text.append('{');
        for (int i = 0; i < fields.size(); i++) {
            text.append(i == 0 ? "" : ",").append(pretty ? inner : "");
            run.allocate(6L * fields.get(i).getKey().length());
            text.append(quote(fields.get(i).getKey())).append(pretty ? ": " : ":");
            write(fields.get(i).getValue(), pretty ? inner : indent);
        }
        text.append(pretty && !fields.isEmpty() ? indent : "").append('}');
    }

    private void writeArray(JsonNode value, String indent) {
        var inner = indent + "  ";
        text.append('[');
        for (int i = 0; i < value.size(); i++) {
            text.append(i == 0 ? "" : ",").append(pretty ? inner : "");
            write(value.get(i), pretty ? inner : indent);
        }
        text.append(pretty && !value.isEmpty() ? indent : "").append(']');
    }
}
