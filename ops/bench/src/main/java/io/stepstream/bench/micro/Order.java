package io.stepstream.bench.micro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Payload;
import io.stepstream.asl.query.Variables;
import io.stepstream.schemas.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/** The input that expressions are measured with. */
final class Order {

    static final String TEXT = """
            {"orderId": "o-4711",
             "customer": {"id": "c-1", "name": "Ada", "tier": "gold", "address": {"city": "London"}},
             "items": [{"sku": "a", "price": 12.5, "quantity": 2}, {"sku": "b", "price": 3, "quantity": 10},
                       {"sku": "c", "price": 99, "quantity": 1}, {"sku": "d", "price": 0.5, "quantity": 40}],
             "notes": ["fragile", "gift"], "paid": true}""";

    private Order() {}

    /** As a state gets it: text that nobody has parsed. */
    static Env unparsed() {
        return env(Payload.ofText(TEXT));
    }

    /** As a state has it once it has looked inside. */
    static Env parsed() {
        var input = Payload.ofText(TEXT);
        input.tree();
        return env(input);
    }

    private static Env env(Payload input) {
        return new Env(input, MissingNode::getInstance, Variables.NONE, Instant.EPOCH, () -> 1);
    }

    static JsonNode json(String text) {
        try {
            return Json.shared().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
