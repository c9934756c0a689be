package io.stepstream.asl.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.stepstream.schemas.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The eighteen intrinsic functions. Their only chance are the draws that they are given: a replay computes the same. */
enum Intrinsic {
    FORMAT("Format", 1, Integer.MAX_VALUE, FormatText::apply),
    STRING_TO_JSON("StringToJson", 1, 1, Intrinsic::stringToJson),
    JSON_TO_STRING("JsonToString", 1, 1, arguments -> new TextNode(Json.text(arguments.get(0)))),
    ARRAY("Array", 0, Integer.MAX_VALUE, Intrinsic::array),
    ARRAY_PARTITION("ArrayPartition", 2, 2, Intrinsic::arrayPartition),
    ARRAY_CONTAINS("ArrayContains", 2, 2, Intrinsic::arrayContains),
    ARRAY_RANGE("ArrayRange", 3, 3, Intrinsic::arrayRange),
    ARRAY_GET_ITEM("ArrayGetItem", 2, 2, Intrinsic::arrayGetItem),
    ARRAY_LENGTH(
            "ArrayLength", 1, 1, arguments -> IntNode.valueOf(arguments.array(0).size())),
    ARRAY_UNIQUE("ArrayUnique", 1, 1, Intrinsic::arrayUnique),
    BASE64_ENCODE("Base64Encode", 1, 1, Intrinsic::base64Encode),
    BASE64_DECODE("Base64Decode", 1, 1, Intrinsic::base64Decode),
    HASH("Hash", 2, 2, Intrinsic::hash),
    JSON_MERGE("JsonMerge", 3, 3, Intrinsic::jsonMerge),
    MATH_RANDOM("MathRandom", 2, 3, Intrinsic::mathRandom),
    MATH_ADD("MathAdd", 2, 2, Intrinsic::mathAdd),
    STRING_SPLIT("StringSplit", 2, 2, Intrinsic::stringSplit),
    UUID_V4("UUID", 0, 0, Intrinsic::uuid);

    /** What may be hashed or encoded. */
    static final int MAX_CHARACTERS = 10_000;

    /** How many items ArrayRange makes. */
    static final int MAX_RANGE = 1_000;

    private static final Set<String> DIGESTS = Set.of("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512");
    private static final Map<String, Intrinsic> BY_NAME = byName();

    private final String text;
    private final int minArguments;
    private final int maxArguments;

    /** A static method, which nothing can change. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Body body;

    Intrinsic(String text, int minArguments, int maxArguments, Body body) {
        this.text = text;
        this.minArguments = minArguments;
        this.maxArguments = maxArguments;
        this.body = body;
    }

    @FunctionalInterface
    private interface Body {
        JsonNode apply(Arguments arguments) throws AslFailure;
    }

    private static Map<String, Intrinsic> byName() {
        var all = new HashMap<String, Intrinsic>();
        for (var function : values()) {
            all.put(function.text, function);
        }
        return Map.copyOf(all);
    }

    /** By its name without {@code States.}; names are case-sensitive. */
    static Optional<Intrinsic> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    boolean takes(int arguments) {
        return arguments >= minArguments && arguments <= maxArguments;
    }

    JsonNode apply(Arguments arguments) throws AslFailure {
        return body.apply(arguments);
    }

    private static JsonNode stringToJson(Arguments arguments) throws AslFailure {
        var text = arguments.text(0);
        if (text.isBlank()) {
            return NullNode.getInstance();
        }
        try {
            return Payload.parse(text);
        } catch (JsonProcessingException e) {
            throw arguments.failure("Expected JSON, but " + e.getOriginalMessage());
        }
    }

    private static JsonNode array(Arguments arguments) {
        return JsonNodeFactory.instance.arrayNode(arguments.size()).addAll(arguments.values());
    }

    private static JsonNode arrayPartition(Arguments arguments) throws AslFailure {
        var array = arguments.array(0);
        int size = arguments.rounded(1);
        if (size <= 0) {
            throw arguments.wrong(1, "positive");
        }
        var chunks = JsonNodeFactory.instance.arrayNode();
        var chunk = JsonNodeFactory.instance.arrayNode();
        for (var element : array) {
            if (chunk.size() == size) {
                chunks.add(chunk);
                chunk = JsonNodeFactory.instance.arrayNode();
            }
            chunk.add(element);
        }
        if (!chunk.isEmpty()) {
            chunks.add(chunk);
        }
        return chunks;
    }

    private static JsonNode arrayContains(Arguments arguments) throws AslFailure {
        var wanted = Equality.normal(arguments.get(1));
        for (var element : arguments.array(0)) {
            if (Equality.normal(element).equals(wanted)) {
                return BooleanNode.TRUE;
            }
        }
        return BooleanNode.FALSE;
    }

    private static JsonNode arrayRange(Arguments arguments) throws AslFailure {
        int first = arguments.rounded(0);
        int last = arguments.rounded(1);
        int step = arguments.rounded(2);
        if (step == 0) {
            throw arguments.wrong(2, "other than 0");
        }
        var range = JsonNodeFactory.instance.arrayNode();
        for (long value = first; step > 0 ? value <= last : value >= last; value += step) {
            if (range.size() == MAX_RANGE) {
                throw arguments.failure("Expected at most " + MAX_RANGE + " items, but there are more");
            }
            range.add((int) value);
        }
        return range;
    }

    private static JsonNode arrayGetItem(Arguments arguments) throws AslFailure {
        var array = arguments.array(0);
        int index = arguments.rounded(1);
        if (index < 0 || index >= array.size()) {
            throw arguments.failure("Expected an index below " + array.size() + ", but it is " + index);
        }
        return array.get(index);
    }

    private static JsonNode arrayUnique(Arguments arguments) throws AslFailure {
        var seen = new HashSet<JsonNode>();
        var unique = JsonNodeFactory.instance.arrayNode();
        for (var element : arguments.array(0)) {
            if (seen.add(Equality.normal(element))) {
                unique.add(element);
            }
        }
        return unique;
    }

    private static JsonNode base64Encode(Arguments arguments) throws AslFailure {
        var bytes = arguments.shortText(0).getBytes(StandardCharsets.UTF_8);
        return new TextNode(Base64.getEncoder().encodeToString(bytes));
    }

    private static JsonNode base64Decode(Arguments arguments) throws AslFailure {
        try {
            var bytes = Base64.getDecoder().decode(arguments.shortText(0));
            return new TextNode(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw arguments.failure("Expected Base64, but " + e.getMessage());
        }
    }

    private static JsonNode hash(Arguments arguments) throws AslFailure {
        var data = arguments.get(0);
        var text = arguments.checked(data.isTextual() ? data.textValue() : Json.text(data));
        var algorithm = arguments.text(1);
        if (!DIGESTS.contains(algorithm)) {
            throw arguments.wrong(1, "one of MD5, SHA-1, SHA-256, SHA-384, SHA-512");
        }
        try {
            var digest = MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
            return new TextNode(HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected the JDK to know " + algorithm, e);
        }
    }

    private static JsonNode jsonMerge(Arguments arguments) throws AslFailure {
        if (!arguments.get(2).isBoolean() || arguments.get(2).booleanValue()) {
            throw arguments.wrong(2, "false: only shallow merging is supported");
        }
        var merged = JsonNodeFactory.instance.objectNode();
        merged.setAll(arguments.object(0));
        merged.setAll(arguments.object(1));
        return merged;
    }

    private static JsonNode mathRandom(Arguments arguments) throws AslFailure {
        long start = arguments.rounded(0);
        long end = arguments.rounded(1);
        if (start >= end) {
            throw arguments.failure("Expected the start to be below the end");
        }
        long bits = arguments.size() == 3
                ? scrambled(arguments.rounded(2))
                : arguments.draws().next();
        return IntNode.valueOf((int) (start + Long.remainderUnsigned(bits, end - start)));
    }

    /** SplitMix64's finalizer: neighbouring seeds give numbers that have nothing in common. */
    private static long scrambled(long seed) {
        long z = seed + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Each argument is rounded before they are added: 1.5 and 1.51 make 4. */
    private static JsonNode mathAdd(Arguments arguments) throws AslFailure {
        long sum = (long) arguments.rounded(0) + arguments.rounded(1);
        if (sum != (int) sum) {
            throw arguments.failure("Expected a sum within 32 bits, but it is " + sum);
        }
        return IntNode.valueOf((int) sum);
    }

    /** The second argument is a set of characters, each of which separates; empty parts are dropped. */
    private static JsonNode stringSplit(Arguments arguments) throws AslFailure {
        var text = arguments.text(0);
        var separators = arguments.text(1);
        var parts = JsonNodeFactory.instance.arrayNode();
        var part = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (separators.indexOf(c) < 0) {
                part.appendCodePoint(c);
            } else if (part.length() > 0) {
                parts.add(part.toString());
                part.setLength(0);
            }
            at += Character.charCount(c);
        }
        if (part.length() > 0) {
            parts.add(part.toString());
        }
        return parts;
    }

    private static JsonNode uuid(Arguments arguments) {
        long high = (arguments.draws().next() & ~0xF000L) | 0x4000L;
        long low = (arguments.draws().next() & ~(0b11L << 62)) | (0b10L << 62);
        return new TextNode(new UUID(high, low).toString());
    }
}
