package io.stepstream.bench.micro;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Payload;
import io.stepstream.asl.query.jsonata.JsonataTemplate;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** JSONata: an Output of medium size (target: 50,000/s), its parts, and what compiling it costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class JsonataBench {

    private static final String OUTPUT = """
            {"id": "{% $states.input.orderId %}",
             "customer": "{% $states.input.customer.name & ' <' & $states.input.customer.id & '>' %}",
             "total": "{% $sum($states.input.items.(price * quantity)) %}",
             "expensive": "{% $states.input.items[price > 10].sku %}",
             "lines": "{% $map($states.input.items, function($i){ {'sku': $i.sku, 'sum': $i.price * $i.quantity} }) %}",
             "discount": "{% $states.input.customer.tier = 'gold' ? 0.1 : 0 %}",
             "literal": {"kind": "order", "version": 3},
             "notes": "{% $join($states.input.notes, ', ') %}"}""";

    private final JsonNode source = Order.json(OUTPUT);
    private final JsonataTemplate output = JsonataTemplate.compile(source, "Output");
    private final JsonataTemplate path = compile("$states.input.customer.address.city");
    private final JsonataTemplate filter = compile("$states.input.items[price > 10].sku");
    private final JsonataTemplate map = compile("$map($states.input.items, function($i){ $i.price * $i.quantity })");
    private final Env parsed = Order.parsed();

    private static JsonataTemplate compile(String expression) {
        return JsonataTemplate.compile(Order.json("\"{% " + expression + " %}\""), "Output");
    }

    /** From the input's text to the output's text. */
    @Benchmark
    public String mediumOutput() throws AslFailure {
        return Payload.ofTree(output.evaluate(Order.unparsed())).text();
    }

    @Benchmark
    public JsonNode path() throws AslFailure {
        return path.evaluate(parsed);
    }

    @Benchmark
    public JsonNode filter() throws AslFailure {
        return filter.evaluate(parsed);
    }

    @Benchmark
    public JsonNode map() throws AslFailure {
        return map.evaluate(parsed);
    }

    @Benchmark
    public JsonataTemplate compileMediumOutput() {
        return JsonataTemplate.compile(source, "Output");
    }
}
