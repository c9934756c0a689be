package io.stepstream.asl.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads an intrinsic function call: {@code States.Format('{} of {}', $.index, States.ArrayLength($.items))}. Its
 * arguments are paths, strings in single quotes, numbers, {@code true}, {@code false}, {@code null} and other calls.
 */
final class CallParser {

    /** How deep calls may stand in one another. */
    static final int MAX_NESTING = 10;

    private static final Pattern NAME = Pattern.compile("States\\.([A-Za-z0-9]++)\\(");
    private static final Pattern LITERAL =
            Pattern.compile("true|false|null|-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?");

    private final String text;
    private final String field;
    private int at;

    private CallParser(String text, String field) {
        this.text = text;
        this.field = field;
    }

    /** Throws IllegalArgumentException with a sentence for text that is no call. */
    static Expression parse(String text, String field) {
        var parser = new CallParser(text, field);
        var call = parser.call(1);
        if (parser.at < text.length()) {
            throw parser.error("Expected nothing after the call");
        }
        return call;
    }

    private Expression call(int depth) {
        int start = at;
        var name = NAME.matcher(text).region(at, text.length());
        if (!name.lookingAt()) {
            throw error("Expected a path or a call of an intrinsic function");
        }
        if (depth > MAX_NESTING) {
            throw error("Expected at most " + MAX_NESTING + " nested calls");
        }
        var function = Intrinsic.named(name.group(1));
        if (function.isEmpty()) {
            throw error("Expected the name of an intrinsic function, but 'States." + name.group(1) + "' is none");
        }
        at = name.end();
        var arguments = arguments(depth);
        if (!function.get().takes(arguments.size())) {
            throw error(
                    "Expected another number of arguments for 'States." + name.group(1) + "' than " + arguments.size());
        }
        return new Call(function.get(), arguments, text.substring(start, at));
    }

    private List<Expression> arguments(int depth) {
        var arguments = new ArrayList<Expression>();
        skipBlanks();
        if (peek() == ')') {
            at++;
            return arguments;
        }
        while (true) {
            skipBlanks();
            arguments.add(argument(depth));
            skipBlanks();
            char c = peek();
            at++;
            if (c == ')') {
                return arguments;
            }
            if (c != ',') {
                at--;
                throw error("Expected ',' or ')'");
            }
        }
    }

    private Expression argument(int depth) {
        char c = peek();
        if (c == '\'') {
            return string();
        }
        if (c == '$') {
            return path();
        }
        var literal = LITERAL.matcher(text).region(at, text.length());
        if (literal.lookingAt()) {
            at = literal.end();
            try {
                var node = Payload.parse(literal.group());
                return env -> node;
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException("Expected a number, but it is '" + literal.group() + "'", e);
            }
        }
        return call(depth + 1);
    }

    /** Up to the comma or parenthesis that belongs to the call and not to the path's own brackets. */
    private Expression path() {
        int start = at;
        int open = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (open > 0 && (c == '\'' || c == '"')) {
                skipQuoted(c);
                continue;
            }
            if (open == 0 && (c == ',' || c == ')')) {
                break;
            }
            if (c == '[' || c == '(') {
                open++;
            } else if (c == ']' || c == ')') {
                open--;
            }
            at++;
        }
        return PathExpression.compile(text.substring(start, at).strip(), field);
    }

    private void skipQuoted(char quote) {
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }

    private Expression string() {
        var value = new StringBuilder();
        var pattern = new ArrayList<String>();
        var piece = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\'') {
                at++;
                pattern.add(piece.toString());
                return new Quoted(new TextNode(value.toString()), List.copyOf(pattern));
            }
            if (c == '{' && at + 1 < text.length() && text.charAt(at + 1) == '}') {
                at++;
                value.append("{}");
                pattern.add(piece.toString());
                piece.setLength(0);
                continue;
            }
            if (c == '\\') {
                at++;
                c = peek();
                if ("'{}\\".indexOf(c) < 0) {
                    throw error("Expected one of ' { } \\ after a backslash");
                }
            }
            value.append(c);
            piece.append(c);
        }
        throw error("Expected a closing quote");
    }

    /** A string in quotes; {@code pieces} is what stands around each unescaped {@code {}} in it, for States.Format. */
    record Quoted(TextNode value, List<String> pieces) implements Expression {
        @Override
        public TextNode evaluate(Env env) {
            return value;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw error("Expected more");
        }
        return text.charAt(at);
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException error(String expectation) {
        return new IllegalArgumentException(expectation + ", but see position " + at + " of '" + text + "'");
    }
}
