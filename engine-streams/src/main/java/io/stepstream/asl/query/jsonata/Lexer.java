package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Set;
import java.util.regex.Pattern;

/** Cuts an expression into tokens. */
final class Lexer {

    private static final Set<String> PAIRS = Set.of("..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??");
    private static final String SINGLES = ".[]{}(),@#;:?+-*/%|=<>^&!~";
    private static final String BLANKS = " \t\n\r\u000b";
    private static final String ESCAPED = "\"\\/bfnrt";
    private static final String ESCAPES = "\"\\/\b\f\n\r\t";
    private static final Pattern NUMBER = Pattern.compile("(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[Ee][-+]?[0-9]++)?");
    private static final Pattern FOUR_HEX = Pattern.compile("[0-9a-fA-F]{4}");

    private final String text;
    private int at;

    Lexer(String text) {
        this.text = text;
    }

    enum Kind {
        NAME,
        VARIABLE,
        /** A string, number, boolean, null or regular expression. */
        LITERAL,
        OPERATOR,
        END
    }

    /** {@code text} is the name, the operator, or the literal as messages show it. */
    record Token(Kind kind, String text, JsonNode value, int position) {
        boolean is(String operator) {
            return kind == Kind.OPERATOR && text.equals(operator);
        }
    }

    /** A slash begins a regular expression where {@code operand} is expected, and divides elsewhere. */
    Token next(boolean operand) {
        skipBlanks();
        if (at >= text.length()) {
            return new Token(Kind.END, "(end)", Values.UNDEFINED, text.length());
        }
        int start = at;
        char c = text.charAt(at);
        if (c == '/' && operand) {
            return regex();
        }
        if (at + 1 < text.length() && PAIRS.contains(text.substring(at, at + 2))) {
            at += 2;
            return new Token(Kind.OPERATOR, text.substring(start, at), Values.UNDEFINED, start);
        }
        if (SINGLES.indexOf(c) >= 0) {
            at++;
            return new Token(Kind.OPERATOR, String.valueOf(c), Values.UNDEFINED, start);
        }
        if (c == '"' || c == '\'') {
            return string(c);
        }
        var number = NUMBER.matcher(text).region(at, text.length());
        if (number.lookingAt()) {
            at = number.end();
            double value = Double.parseDouble(number.group());
            if (Double.isInfinite(value)) {
                throw error("S0102", "Number out of range: " + number.group());
            }
            return new Token(Kind.LITERAL, number.group(), Numbers.of(value), start);
        }
        if (c == '`') {
            int end = text.indexOf('`', at + 1);
            if (end < 0) {
                throw error("S0105", "Quoted property name must be terminated with a backquote (`)");
            }
            at = end + 1;
            return new Token(Kind.NAME, text.substring(start + 1, end), Values.UNDEFINED, start);
        }
        return name();
    }

    /** The token after this one, which is still to be read. */
    Token peek() {
        int start = at;
        var token = next(true);
        at = start;
        return token;
    }

    private Token name() {
        int start = at;
        while (at < text.length() && BLANKS.indexOf(text.charAt(at)) < 0 && SINGLES.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        var name = text.substring(start, at);
        if (name.startsWith("$")) {
            return new Token(Kind.VARIABLE, name.substring(1), Values.UNDEFINED, start);
        }
        return switch (name) {
            case "and", "or", "in" -> new Token(Kind.OPERATOR, name, Values.UNDEFINED, start);
            case "true" -> new Token(Kind.LITERAL, name, BooleanNode.TRUE, start);
            case "false" -> new Token(Kind.LITERAL, name, BooleanNode.FALSE, start);
            case "null" -> new Token(Kind.LITERAL, name, NullNode.getInstance(), start);
            default -> new Token(Kind.NAME, name, Values.UNDEFINED, start);
        };
    }

    /** Blanks and comments. */
    private void skipBlanks() {
        while (at < text.length()) {
            if (BLANKS.indexOf(text.charAt(at)) >= 0) {
                at++;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                if (end < 0) {
                    throw error("S0106", "Comment has no closing tag");
                }
                at = end + 2;
            } else {
                return;
            }
        }
    }

    private Token string(char quote) {
        int start = at;
        var value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == quote) {
                at++;
                return new Token(Kind.LITERAL, value.toString(), new TextNode(value.toString()), start);
            }
            if (c == '\\') {
                at++;
                c = at < text.length() ? escaped(text.charAt(at)) : c;
            }
            value.append(c);
        }
        throw error("S0101", "String literal must be terminated by a matching quote");
    }

    private char escaped(char c) {
        if (c == 'u') {
            var hex = text.substring(at + 1, Math.min(at + 5, text.length()));
            if (!FOUR_HEX.matcher(hex).matches()) {
                throw error("S0104", "The escape sequence \\u must be followed by 4 hex digits");
            }
            at += 4;
            return (char) Integer.parseInt(hex, 16);
        }
        int index = ESCAPED.indexOf(c);
        if (index < 0) {
            throw error("S0103", "Unsupported escape sequence: \\" + c);
        }
        return ESCAPES.charAt(index);
    }

    /** Up to the slash that is neither escaped nor in brackets. */
    private Token regex() {
        int start = at++;
        int open = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\') {
                at += 2;
                continue;
            }
            if (c == '/' && open == 0) {
                var pattern = text.substring(start + 1, at++);
                int flags = at;
                while (at < text.length() && (text.charAt(at) == 'i' || text.charAt(at) == 'm')) {
                    at++;
                }
                if (pattern.isEmpty()) {
                    throw error("S0301", "Empty regular expressions are not allowed");
                }
                return new Token(
                        Kind.LITERAL,
                        text.substring(start, at),
                        Regex.compile(pattern, text.substring(flags, at)).node(),
                        start);
            }
            if (c == '(' || c == '[' || c == '{') {
                open++;
            } else if (c == ')' || c == ']' || c == '}') {
                open--;
            }
            at++;
        }
        throw error("S0302", "No terminating / in regular expression");
    }

    private static JsonataException error(String code, String message) {
        return new JsonataException(code, message);
    }
}
