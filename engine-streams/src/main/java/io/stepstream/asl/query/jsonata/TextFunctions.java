package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Strings, without those functions that take a pattern. Positions and lengths count code points. */
final class TextFunctions {

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";
    private static final String URL = UNRESERVED + ";/?:@&=+$,#";

    private TextFunctions() {}

    static void define() {
        Library.define("string", "<x-b?:s>", (run, a) -> {
            if (a.get(0).isNumber()) {
                Numbers.value(a.get(0));
            }
            return new TextNode(JsonText.of(run, a.get(0), a.get(1).asBoolean(false)));
        });
        Library.define("length", "<s-:n>", (run, a) -> Numbers.of(points(run, text(a, 0))));
        Library.define("substring", "<s-nn?:s>", TextFunctions::substring);
        Library.define("substringBefore", "<s-s:s>", (run, a) -> {
            int at = find(run, text(a, 0), a.get(1));
            return at < 0 ? a.get(0) : new TextNode(text(a, 0).substring(0, at));
        });
        Library.define("substringAfter", "<s-s:s>", (run, a) -> {
            int at = find(run, text(a, 0), a.get(1));
            return at < 0
                    ? a.get(0)
                    : new TextNode(text(a, 0).substring(at + text(a, 1).length()));
        });
        Library.define("lowercase", "<s-:s>", (run, a) -> made(run, text(a, 0).toLowerCase(Locale.ROOT)));
        Library.define("uppercase", "<s-:s>", (run, a) -> made(run, text(a, 0).toUpperCase(Locale.ROOT)));
        Library.define("trim", "<s-:s>", (run, a) -> made(run, trimmed(text(a, 0))));
        Library.define("pad", "<s-ns?:s>", TextFunctions::pad);
        Library.define("join", "<a<s>s?:s>", TextFunctions::join);
        Library.define(
                "base64encode",
                "<s-:s>",
                (run, a) ->
                        made(run, Base64.getEncoder().encodeToString(text(a, 0).getBytes(StandardCharsets.UTF_8))));
        Library.define("base64decode", "<s-:s>", (run, a) -> made(run, decoded(text(a, 0))));
        Library.define("encodeUrlComponent", "<s-:s>", (run, a) -> encode(run, a, "encodeUrlComponent", UNRESERVED));
        Library.define("encodeUrl", "<s-:s>", (run, a) -> encode(run, a, "encodeUrl", URL));
        Library.define("decodeUrlComponent", "<s-:s>", (run, a) -> decode(run, a, "decodeUrlComponent"));
        Library.define("decodeUrl", "<s-:s>", (run, a) -> decode(run, a, "decodeUrl"));
    }

    static String text(List<JsonNode> arguments, int index) {
        return arguments.get(index).asText();
    }

    /** A new text, paid for. */
    static TextNode made(Evaluation run, String text) {
        run.allocate(text.length());
        return new TextNode(text);
    }

    private static int points(Evaluation run, String text) {
        run.spendCharacters(text.length());
        return text.codePointCount(0, text.length());
    }

    private static int find(Evaluation run, String text, JsonNode part) {
        run.spendCharacters(text.length());
        return Values.isDefined(part) ? text.indexOf(part.textValue()) : -1;
    }

    private static JsonNode substring(Evaluation run, List<JsonNode> a) {
        var text = text(a, 0);
        int length = points(run, text);
        long start = Values.isDefined(a.get(1)) ? (long) Numbers.value(a.get(1)) : 0;
        start = start < 0 ? Math.max(0, length + start) : Math.min(start, length);
        long end = length;
        if (Values.isDefined(a.get(2))) {
            end = Math.min(length, start + Math.max(0, (long) Math.min(length, Numbers.value(a.get(2)))));
        }
        int from = text.offsetByCodePoints(0, (int) start);
        return made(run, text.substring(from, text.offsetByCodePoints(from, (int) (end - start))));
    }

    private static String trimmed(String text) {
        var trimmed = new StringBuilder(text.length());
        boolean blank = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                blank = true;
            } else {
                trimmed.append(blank && trimmed.length() > 0 ? " " : "").append(c);
                blank = false;
            }
        }
        return trimmed.toString();
    }

    private static JsonNode pad(Evaluation run, List<JsonNode> a) {
        var text = text(a, 0);
        double width = Values.isDefined(a.get(1)) ? Numbers.value(a.get(1)) : 0;
        var with = Values.isDefined(a.get(2)) && !text(a, 2).isEmpty() ? text(a, 2) : " ";
        int missing = (int) Math.min(Math.abs(width), Integer.MAX_VALUE) - points(run, text);
        if (missing <= 0) {
            return a.get(0);
        }
        run.allocate(text.length() + 2L * missing);
        var points = with.codePoints().toArray();
        var padding = new StringBuilder(missing);
        for (int i = 0; i < missing; i++) {
            padding.appendCodePoint(points[i % points.length]);
        }
        return new TextNode(width < 0 ? padding + text : text + padding);
    }

    private static JsonNode join(Evaluation run, List<JsonNode> a) {
        var separator = Values.isDefined(a.get(1)) ? text(a, 1) : "";
        var joined = new StringBuilder();
        var parts = a.get(0);
        for (int i = 0; i < parts.size(); i++) {
            var part = parts.get(i).textValue();
            run.spendCharacters(part.length() + separator.length());
            joined.append(i == 0 ? "" : separator).append(part);
            if (joined.length() > Evaluation.TEXT) {
                run.allocate(joined.length());
            }
        }
        return new TextNode(joined.toString());
    }

    private static String decoded(String text) {
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new JsonataException("D3137", "The string passed to $base64decode() is not Base64");
        }
    }

    /** Percent signs and hexadecimal digits for every byte of what is not in {@code plain}. */
    private static JsonNode encode(Evaluation run, List<JsonNode> a, String function, String plain) {
        run.allocate(3L * text(a, 0).length());
        var encoded = new StringBuilder();
        ByteBuffer bytes;
        try {
            bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text(a, 0)));
        } catch (CharacterCodingException e) {
            throw malformed(run, a, function);
        }
        while (bytes.hasRemaining()) {
            int b = bytes.get() & 0xff;
            if (b < 0x80 && plain.indexOf(b) >= 0) {
                encoded.append((char) b);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(b >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 0xf, 16)));
            }
        }
        return made(run, encoded.toString());
    }

    private static JsonNode decode(Evaluation run, List<JsonNode> a, String function) {
        run.allocate(text(a, 0).length());
        try {
            return new TextNode(URLDecoder.decode(text(a, 0).replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw malformed(run, a, function);
        }
    }

    private static JsonataException malformed(Evaluation run, List<JsonNode> a, String function) {
        return new JsonataException(
                "D3140", "Malformed URL passed to $" + function + "(): " + Values.quoted(run, a.get(0)));
    }
}
