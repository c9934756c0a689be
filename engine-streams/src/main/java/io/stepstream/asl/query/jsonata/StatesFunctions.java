package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.stepstream.asl.query.Payload;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What Step Functions adds to JSONata. Chance comes from the decision, so that a replay draws the same. */
final class StatesFunctions {

    private static final Set<String> ALGORITHMS = Set.of("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512");

    /** What a draw costs: an HMAC. */
    private static final int DRAW = 20;

    private StatesFunctions() {}

    static void define() {
        Library.define("partition", "<an:a>", StatesFunctions::partition);
        Library.define("range", "<nnn:a>", StatesFunctions::range);
        Library.define("hash", "<ss:s>", StatesFunctions::hash);
        Library.defineAlways("random", "<n?:n>", StatesFunctions::random);
        Library.defineAlways("uuid", "<:s>", (run, a) -> uuid(run));
        Library.define("parse", "<s:x>", StatesFunctions::parse);
    }

    private static JsonNode partition(Evaluation run, List<JsonNode> a) {
        if (!Values.isDefined(a.get(1))) {
            throw Signature.mismatch(2, "partition");
        }
        double wanted = Math.floor(Numbers.value(a.get(1)));
        if (wanted < 1) {
            throw new JsonataException(
                    "D3137", "Expected the size of a partition to be positive, but it is " + Numbers.text(a.get(1)));
        }
        int size = (int) Math.min(wanted, Integer.MAX_VALUE);
        var chunks = Values.array();
        run.spend(2L * a.get(0).size());
        for (int i = 0; i < a.get(0).size(); i++) {
            var chunk = i % size == 0 ? chunks.addArray() : (ArrayNode) chunks.get(chunks.size() - 1);
            chunk.add(a.get(0).get(i));
        }
        return chunks;
    }

    private static JsonNode range(Evaluation run, List<JsonNode> a) {
        if (!Values.isDefined(a.get(1)) || !Values.isDefined(a.get(2))) {
            throw Signature.mismatch(Values.isDefined(a.get(1)) ? 3 : 2, "range");
        }
        double first = Numbers.value(a.get(0));
        double last = Numbers.value(a.get(1));
        double step = Numbers.value(a.get(2));
        if (step == 0) {
            throw new JsonataException("D3137", "Expected the step of a range not to be zero");
        }
        double count = Math.floor((last - first) / step) + 1;
        var range = Values.array();
        if (count > 0) {
            run.spend((long) count);
        }
        for (double i = 0; i < count; i++) {
            range.add(Numbers.of(first + i * step));
        }
        return range;
    }

    private static JsonNode hash(Evaluation run, List<JsonNode> a) {
        var algorithm = a.get(1).asText();
        if (!ALGORITHMS.contains(algorithm)) {
            throw new JsonataException(
                    "D3137",
                    "Expected the algorithm of a hash to be one of MD5, SHA-1, SHA-256, SHA-384 and SHA-512, but it is "
                            + Values.quoted(run, a.get(1)));
        }
        var data = a.get(0).textValue().getBytes(StandardCharsets.UTF_8);
        run.spend(DRAW + data.length / 8L);
        try {
            return new TextNode(HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm).digest(data)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected the JDK to know " + algorithm, e);
        }
    }

    /** From 0 (included) to 1 (excluded). The same seed gives the same number. */
    private static JsonNode random(Evaluation run, List<JsonNode> a) {
        run.spend(DRAW);
        long bits = Values.isDefined(a.get(0)) ? mixed(Double.doubleToLongBits(Numbers.value(a.get(0)))) : run.draw();
        return Numbers.of((bits >>> 11) * 0x1.0p-53);
    }

    /** Bits in which none of the seed's pattern is left: the finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
    private static long mixed(long seed) {
        long z = seed + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Version 4, variant 2. */
    private static JsonNode uuid(Evaluation run) {
        run.spend(2 * DRAW);
        long high = (run.draw() & ~0xF000L) | 0x4000L;
        long low = (run.draw() & ~(0b11L << 62)) | (0b10L << 62);
        return new TextNode(new UUID(high, low).toString());
    }

    private static JsonNode parse(Evaluation run, List<JsonNode> a) {
        var text = a.get(0).textValue();
        run.spend(1 + text.length() / 2L);
        try {
            return Payload.parse(text);
        } catch (JsonProcessingException e) {
            throw new JsonataException(
                    "D3137",
                    "Expected the string passed to $parse() to be JSON, but it is " + Values.quoted(run, a.get(0)));
        }
    }
}
