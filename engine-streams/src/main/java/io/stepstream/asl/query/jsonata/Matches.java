package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.re2j.Matcher;
import org.jspecify.annotations.Nullable;

/** The places where a pattern matches, one after the other. Only after {@link #next} has said yes can they be asked about. */
abstract class Matches {

    /** {@code pattern} is a string, a regular expression or another function. */
    static Matches of(Evaluation run, JsonNode pattern, String text) {
        var function = Fn.of(pattern);
        if (function == null) {
            return new OfString(run, pattern.asText(), text);
        }
        return function instanceof Regex regex
                ? new OfRegex(regex.matcher(run, text))
                : new OfFunction(run, function, text);
    }

    abstract boolean next();

    abstract int start();

    abstract int end();

    abstract String text();

    abstract JsonNode groups();

    /** As a replacing function gets it. */
    JsonNode asValue() {
        var value = Values.object();
        value.put("match", text());
        value.put("start", start());
        value.put("end", end());
        value.set("groups", groups());
        return value;
    }

    private static final class OfString extends Matches {
        private final Evaluation run;
        private final String wanted;
        private final String text;
        private int at = -1;

        OfString(Evaluation run, String wanted, String text) {
            this.run = run;
            this.wanted = wanted;
            this.text = text;
        }

        @Override
        boolean next() {
            int from = at < 0 ? 0 : end();
            at = text.indexOf(wanted, from);
            run.spendCharacters((at < 0 ? text.length() : end()) - from);
            return at >= 0;
        }

        @Override
        int start() {
            return at;
        }

        @Override
        int end() {
            return at + wanted.length();
        }

        @Override
        String text() {
            return wanted;
        }

        @Override
        JsonNode groups() {
            return Values.array();
        }
    }

    private static final class OfRegex extends Matches {
        private final Matcher matcher;

        OfRegex(Matcher matcher) {
            this.matcher = matcher;
        }

        @Override
        boolean next() {
            boolean found = matcher.find();
            if (found && matcher.start() == matcher.end()) {
                throw new JsonataException("D1004", "Regular expression matches zero length string");
            }
            return found;
        }

        @Override
        int start() {
            return matcher.start();
        }

        @Override
        int end() {
            return matcher.end();
        }

        @Override
        String text() {
            return matcher.group();
        }

        @Override
        JsonNode groups() {
            return Regex.groups(matcher);
        }
    }

    /** A function gives an object with {@code match, start, end, groups} and {@code next}, a function for the next match. */
    private static final class OfFunction extends Matches {
        private final Evaluation run;
        private @Nullable Fn function;
        private final String text;
        private JsonNode found = Values.UNDEFINED;
        private boolean first = true;

        OfFunction(Evaluation run, Fn function, String text) {
            this.run = run;
            this.function = function;
            this.text = text;
        }

        @Override
        boolean next() {
            var ask = function;
            if (ask == null) {
                return false;
            }
            int before = first ? 0 : end();
            found = first ? Calls.apply(run, ask, new TextNode(text)) : Calls.apply(run, ask);
            first = false;
            if (!Values.isDefined(found)) {
                return false;
            }
            if (!found.path("start").isNumber()
                    || !found.path("end").isNumber()
                    || !found.path("groups").isArray()
                    || start() < before
                    || end() <= start()
                    || end() > text.length()) {
                throw new JsonataException(
                        "T1010", "The matcher function argument does not return the correct object structure");
            }
            function = Fn.of(found.path("next"));
            return true;
        }

        @Override
        int start() {
            return Numbers.index(found.path("start").doubleValue());
        }

        @Override
        int end() {
            return Numbers.index(found.path("end").doubleValue());
        }

        @Override
        String text() {
            return found.path("match").asText();
        }

        @Override
        JsonNode groups() {
            return found.path("groups");
        }
    }
}
