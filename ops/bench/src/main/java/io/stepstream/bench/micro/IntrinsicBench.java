package io.stepstream.bench.micro;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Template;
import io.stepstream.schemas.Json;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Each intrinsic function by itself, as a payload template calls it, and calls within calls. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class IntrinsicBench {

    @Param({
        "States.Format('{} of {} in {}', $.orderId, $.customer.name, $.customer.address.city)",
        "States.StringToJson('[1, 2, 3]')",
        "States.JsonToString($.customer)",
        "States.Array($.orderId, $.paid, 3)",
        "States.ArrayPartition($.items, 2)",
        "States.ArrayContains($.notes, 'gift')",
        "States.ArrayRange(1, 30, 3)",
        "States.ArrayGetItem($.items, 2)",
        "States.ArrayLength($.items)",
        "States.ArrayUnique($.notes)",
        "States.Base64Encode($.customer.name)",
        "States.Base64Decode('QWRhIExvdmVsYWNl')",
        "States.Hash($.orderId, 'SHA-256')",
        "States.JsonMerge($.customer, $.customer.address, false)",
        "States.MathRandom(1, 1000)",
        "States.MathAdd($.items[1].quantity, 5)",
        "States.StringSplit('a,b,c,d', ',')",
        "States.UUID()",
        "States.Format('{}', States.ArrayGetItem(States.StringSplit('a,b,c', ','), States.MathAdd(0, 1)))"
    })
    public String call = "";

    private final Env env = Order.parsed();
    private Template template = compile("States.UUID()");

    @Setup
    public void compile() {
        template = compile(call);
    }

    private static Template compile(String call) {
        return Template.compile(Json.shared().valueToTree(Map.of("value.$", call)));
    }

    @Benchmark
    public JsonNode evaluate() throws AslFailure {
        return template.evaluate(env);
    }
}
