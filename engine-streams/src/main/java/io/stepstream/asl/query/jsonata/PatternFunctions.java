package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.List;

/** {@code $contains, $match, $replace, $split}: with a string, a regular expression or a function that finds matches. */
final class PatternFunctions {

    private PatternFunctions() {}

    static void define() {
        Library.define(
                "contains",
                "<s-(sf):b>",
                (run, a) -> BooleanNode.valueOf(
                        Matches.of(run, a.get(1), a.get(0).textValue()).next()));
        Library.define("match", "<s-fn?:a<o>>", PatternFunctions::match);
        Library.define("replace", "<s-(sf)(sf)n?:s>", PatternFunctions::replace);
        Library.define("split", "<s-(sf)n?:a<s>>", PatternFunctions::split);
    }

    private static double limit(JsonNode limit, String code, String message) {
        if (!Values.isDefined(limit)) {
            return Double.POSITIVE_INFINITY;
        }
        if (Numbers.value(limit) < 0) {
            throw new JsonataException(code, message);
        }
        return Numbers.value(limit);
    }

    private static JsonNode match(Evaluation run, List<JsonNode> a) {
        double limit = limit(a.get(2), "D3040", "Third argument of match function must evaluate to a positive number");
        var matches = Matches.of(run, a.get(1), a.get(0).textValue());
        var found = new Sequence();
        while (found.size() < limit && matches.next()) {
            var match = Values.object();
            match.put("match", matches.text());
            match.put("index", matches.start());
            match.set("groups", matches.groups());
            run.spendObject(3);
            found.add(match);
        }
        return found;
    }

    private static JsonNode split(Evaluation run, List<JsonNode> a) {
        double limit = limit(a.get(2), "D3020", "Third argument of split function must evaluate to a positive number");
        var text = a.get(0).textValue();
        ArrayNode parts = Values.array();
        if (a.get(1).isTextual() && a.get(1).textValue().isEmpty()) {
            for (int i = 0; i < text.length() && parts.size() < limit; i++) {
                run.spend(2);
                parts.add(String.valueOf(text.charAt(i)));
            }
            return parts;
        }
        var matches = Matches.of(run, a.get(1), text);
        int from = 0;
        while (parts.size() < limit && matches.next()) {
            parts.add(TextFunctions.made(run, text.substring(from, matches.start())));
            from = matches.end();
        }
        if (parts.size() < limit) {
            parts.add(TextFunctions.made(run, text.substring(from)));
        }
        return parts;
    }

    private static JsonNode replace(Evaluation run, List<JsonNode> a) {
        double limit =
                limit(a.get(3), "D3011", "Fourth argument of replace function must evaluate to a positive number");
        var text = a.get(0).textValue();
        var pattern = a.get(1);
        if (pattern.isTextual() && pattern.textValue().isEmpty()) {
            throw new JsonataException("D3010", "Second argument of replace function cannot be an empty string");
        }
        var matches = Matches.of(run, pattern, text);
        var result = new StringBuilder();
        int from = 0;
        for (int count = 0; count < limit && matches.next(); count++) {
            result.append(text, from, matches.start());
            result.append(substitute(run, a.get(2), pattern, matches));
            from = matches.end();
            run.allocate(result.length() - Math.min(result.length(), Evaluation.TEXT) > 0 ? result.length() : 0);
        }
        return TextFunctions.made(run, result.append(text.substring(from)).toString());
    }

    private static String substitute(Evaluation run, JsonNode replacement, JsonNode pattern, Matches matches) {
        var function = Fn.of(replacement);
        if (function != null) {
            var made = Calls.apply(run, function, matches.asValue());
            if (!made.isTextual()) {
                throw new JsonataException("D3012", "Attempted to replace a matched string with a non-string value");
            }
            return made.textValue();
        }
        var text = replacement.asText();
        run.spendCharacters(text.length());
        return pattern.isTextual() || text.indexOf('$') < 0 ? text : inserted(run, text, matches);
    }

    /** {@code $0} is the match, {@code $1} a group as far as there are so many, {@code $$} a dollar sign. */
    private static String inserted(Evaluation run, String template, Matches matches) {
        var result = new StringBuilder();
        var groups = matches.groups();
        int most = groups.isEmpty() ? 1 : String.valueOf(groups.size()).length();
        int at = 0;
        while (at < template.length()) {
            char c = template.charAt(at++);
            char next = at < template.length() ? template.charAt(at) : ' ';
            if (c != '$') {
                result.append(c);
            } else if (next == '$') {
                result.append('$');
                at++;
            } else if (next == '0') {
                result.append(matches.text());
                at++;
            } else if (next < '1' || next > '9') {
                result.append('$');
            } else {
                int end = at;
                while (end < template.length() && end < at + most && Character.isDigit(template.charAt(end))) {
                    end++;
                }
                int group = Integer.parseInt(template.substring(at, end));
                if (group > groups.size() && end > at + 1) {
                    group = Integer.parseInt(template.substring(at, --end));
                }
                result.append(group <= groups.size() ? groups.get(group - 1).asText("") : "");
                at = end;
            }
            run.allocate(result.length() > Evaluation.TEXT ? result.length() : 0);
        }
        return result.toString();
    }
}
