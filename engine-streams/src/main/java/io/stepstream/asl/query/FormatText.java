package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.stepstream.schemas.Json;
import java.util.ArrayList;
import java.util.List;

/** States.Format: each {@code {}} of a template becomes an argument, printed as Java prints maps and lists. */
final class FormatText {

    private FormatText() {}

    static JsonNode apply(Arguments arguments) throws AslFailure {
        var literal = arguments.pieces();
        var pieces = literal == null ? pieces(arguments.text(0)) : literal;
        if (pieces.size() != arguments.size()) {
            throw arguments.failure("Expected as many arguments as there are '{}', but there are "
                    + (arguments.size() - 1) + " and " + (pieces.size() - 1));
        }
        var text = new StringBuilder(pieces.get(0));
        for (int i = 1; i < pieces.size(); i++) {
            print(arguments.get(i), text);
            text.append(pieces.get(i));
            if (text.length() > Size.BUDGET) {
                throw Size.failure();
            }
        }
        return new TextNode(text.toString());
    }

    /** Of a template that came with the data: there a backslash only escapes a brace. */
    private static List<String> pieces(String template) {
        var pieces = new ArrayList<String>();
        var piece = new StringBuilder();
        for (int at = 0; at < template.length(); at++) {
            char c = template.charAt(at);
            char next = at + 1 < template.length() ? template.charAt(at + 1) : 0;
            if (c == '{' && next == '}') {
                pieces.add(piece.toString());
                piece.setLength(0);
                at++;
            } else if (c == '\\' && (next == '{' || next == '}')) {
                piece.append(next);
                at++;
            } else {
                piece.append(c);
            }
        }
        pieces.add(piece.toString());
        return pieces;
    }

    private static void print(JsonNode node, StringBuilder text) {
        if (node.isTextual()) {
            text.append(node.textValue());
        } else if (node.isObject()) {
            var separator = "";
            text.append('{');
            for (var field : node.properties()) {
                text.append(separator).append(field.getKey()).append('=');
                print(field.getValue(), text);
                separator = ", ";
            }
            text.append('}');
        } else if (node.isArray()) {
            var separator = "";
            text.append('[');
            for (var element : node) {
                text.append(separator);
                print(element, text);
                separator = ", ";
            }
            text.append(']');
        } else {
            text.append(Json.text(node));
        }
    }
}
