package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Arrays and objects, without those functions that take a function. */
final class CollectionFunctions {

    private CollectionFunctions() {}

    static void define() {
        Library.defineAlways("count", "<a:n>", (run, a) -> Numbers.of(a.get(0).size()));
        Library.defineAlways("append", "<xx:a>", (run, a) -> Values.append(run, a.get(0), a.get(1)));
        Library.defineAlways("exists", "<x:b>", (run, a) -> BooleanNode.valueOf(Values.isDefined(a.get(0))));
        Library.define("type", "<x:s>", (run, a) -> new TextNode(Values.typeName(a.get(0))));
        Library.define("reverse", "<a:a>", (run, a) -> reverse(run, a.get(0)));
        Library.define("distinct", "<x:x>", (run, a) -> distinct(run, a.get(0)));
        Library.define("shuffle", "<a:a>", (run, a) -> shuffle(run, a.get(0)));
        Library.defineAlways("zip", "<a+>", CollectionFunctions::zip);
        Library.defineAlways("keys", "<x-:a<s>>", (run, a) -> {
            var names = new LinkedHashSet<String>();
            keys(run, a.get(0), names);
            var keys = new Sequence();
            names.forEach(keys::add);
            return keys;
        });
        Library.define("lookup", "<x-s:x>", (run, a) -> Values.field(run, a.get(0), TextFunctions.text(a, 1)));
        Library.define("spread", "<x-:a<o>>", (run, a) -> {
            if (!a.get(0).isContainerNode()) {
                return a.get(0);
            }
            var spread = new Sequence();
            spread(run, a.get(0), spread);
            return spread;
        });
        Library.define("merge", "<a<o>:o>", (run, a) -> {
            var merged = Values.object();
            for (var part : a.get(0)) {
                run.spend(1 + part.size());
                merged.setAll((ObjectNode) part);
            }
            return merged;
        });
        Library.define("clone", "<(oa)-:o>", (run, a) -> a.get(0));
        Library.defineAlways("error", "<s?:x>", (run, a) -> {
            throw new JsonataException("D3137", message(a.get(0), "$error() function evaluated"));
        });
        Library.defineAlways("assert", "<bs?:x>", (run, a) -> {
            if (!a.get(0).asBoolean(false)) {
                throw new JsonataException("D3141", message(a.get(1), "$assert() statement failed"));
            }
            return Values.UNDEFINED;
        });
    }

    private static String message(JsonNode given, String otherwise) {
        return given.isTextual() && !given.textValue().isEmpty() ? given.textValue() : otherwise;
    }

    private static JsonNode reverse(Evaluation run, JsonNode items) {
        var reversed = Values.array();
        run.spend(items.size());
        for (int i = items.size() - 1; i >= 0; i--) {
            reversed.add(items.get(i));
        }
        return reversed;
    }

    private static JsonNode distinct(Evaluation run, JsonNode value) {
        if (!(value instanceof ArrayNode items) || items.size() <= 1) {
            return value;
        }
        Set<String> seen = new HashSet<>();
        ArrayNode distinct = value instanceof Sequence ? new Sequence() : Values.array();
        for (var item : items) {
            if (seen.add(Values.identity(run, item))) {
                distinct.add(item);
            }
        }
        return distinct;
    }

    private static JsonNode shuffle(Evaluation run, JsonNode items) {
        var shuffled = new ArrayList<JsonNode>();
        items.forEach(shuffled::add);
        // A draw is dearer than a step.
        run.spend(20L * items.size());
        for (int i = shuffled.size() - 1; i > 0; i--) {
            int other = (int) Math.floorMod(run.draw(), i + 1L);
            var kept = shuffled.get(i);
            shuffled.set(i, shuffled.get(other));
            shuffled.set(other, kept);
        }
        return Values.array().addAll(shuffled);
    }

    private static JsonNode zip(Evaluation run, List<JsonNode> arrays) {
        int length = Integer.MAX_VALUE;
        for (var array : arrays) {
            length = Math.min(length, array.size());
        }
        var zipped = Values.array();
        for (int i = 0; i < length; i++) {
            run.spendObject(arrays.size());
            var tuple = zipped.addArray();
            for (var array : arrays) {
                tuple.add(array.get(i));
            }
        }
        return zipped;
    }

    private static void keys(Evaluation run, JsonNode value, Set<String> names) {
        run.enter();
        if (value.isArray()) {
            value.forEach(item -> keys(run, item, names));
        } else if (value.isObject()) {
            run.spend(value.size());
            value.fieldNames().forEachRemaining(names::add);
        }
        run.leave();
    }

    private static void spread(Evaluation run, JsonNode value, ArrayNode to) {
        run.enter();
        if (value.isArray()) {
            value.forEach(item -> spread(run, item, to));
        } else if (value.isObject()) {
            for (var field : value.properties()) {
                run.spendObject(1);
                to.add(Values.object().set(field.getKey(), field.getValue()));
            }
        } else {
            to.add(value);
        }
        run.leave();
    }
}
