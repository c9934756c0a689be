package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;

/**
 * A regular expression. RE2 matches in time linear in the text, whatever the pattern, and without recursion; it has no
 * lookaround and no back references, which are refused when the expression is compiled.
 */
final class Regex implements Fn {

    private static final int MAX_LENGTH = 1_000;

    /** In instructions of RE2. */
    private static final int MAX_PROGRAM = 10_000;

    private final Pattern pattern;

    /** What reading a character costs: it may have to be tried against every instruction of the pattern. */
    private final int size;

    private Regex(Pattern pattern, int size) {
        this.pattern = pattern;
        this.size = size;
    }

    static Regex compile(String pattern, String flags) {
        if (pattern.length() > MAX_LENGTH) {
            throw new JsonataException(
                    "S0303", "Expected a regular expression of at most " + MAX_LENGTH + " characters");
        }
        int bits = flags.contains("i") ? Pattern.CASE_INSENSITIVE : 0;
        bits |= flags.contains("m") ? Pattern.MULTILINE : 0;
        try {
            var compiled = Pattern.compile(pattern, bits);
            if (compiled.programSize() > MAX_PROGRAM) {
                throw new JsonataException("S0303", "The regular expression /" + pattern + "/ is too complex");
            }
            return new Regex(compiled, 1 + compiled.programSize() / 16);
        } catch (PatternSyntaxException e) {
            throw new JsonataException(
                    "S0303", "The regular expression /" + pattern + "/ is not supported: " + e.getDescription());
        }
    }

    /** Every character that the matcher looks at is paid for. */
    Matcher matcher(Evaluation run, String text) {
        return pattern.matcher(new CountedText(run, text, size));
    }

    /** A text that counts how often it is read. */
    private record CountedText(Evaluation run, String text, int size) implements CharSequence {
        @Override
        public char charAt(int index) {
            run.spend(size);
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            run.allocate(end - start);
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Called as a function it gives the first match, with a function for the next one. */
    @Override
    public JsonNode call(Evaluation run, List<JsonNode> arguments, JsonNode context) {
        var text = arguments.isEmpty() ? context : arguments.get(0);
        return text.isTextual() ? first(run, text.textValue(), 0) : Values.UNDEFINED;
    }

    private JsonNode first(Evaluation run, String text, int from) {
        var matcher = matcher(run, text);
        if (from > text.length() || !matcher.find(from)) {
            return Values.UNDEFINED;
        }
        if (matcher.group().isEmpty()) {
            throw new JsonataException("D1004", "Regular expression matches zero length string");
        }
        var found = Values.object();
        found.put("match", matcher.group());
        found.put("start", matcher.start());
        found.put("end", matcher.end());
        found.set("groups", groups(matcher));
        int end = matcher.end();
        Fn next = new Fn() {
            @Override
            public JsonNode call(Evaluation again, List<JsonNode> arguments, JsonNode context) {
                return first(again, text, end);
            }

            @Override
            public int arity() {
                return 0;
            }
        };
        found.set("next", next.node());
        return found;
    }

    /** What the groups of the pattern have caught; null for one that took no part. */
    static JsonNode groups(Matcher matcher) {
        var groups = Values.array();
        for (int i = 1; i <= matcher.groupCount(); i++) {
            var group = matcher.group(i);
            if (group == null) {
                groups.addNull();
            } else {
                groups.add(new TextNode(group));
            }
        }
        return groups;
    }

    @Override
    public int arity() {
        return 1;
    }
}
