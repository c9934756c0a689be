package io.stepstream.bench.micro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Path;
import io.stepstream.asl.query.ReferencePath;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Paths into a tree of medium size: the plain ones are compiled by us, the rest is a library's. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PathBench {

    private final Env env = Order.parsed();
    private final JsonNode root = env.input().tree();
    private final JsonNode value = IntNode.valueOf(1);
    private final Path member = Path.compile("$.customer.address.city");
    private final Path element = Path.compile("$.items[2].price");
    private final Path wildcard = Path.compile("$.items[*].price");
    private final Path filter = Path.compile("$.items[?(@.price > 10)].sku");
    private final ReferencePath place = ReferencePath.compile("$.customer.address.checked");

    @Benchmark
    public JsonNode member() throws AslFailure {
        return member.read(env);
    }

    @Benchmark
    public JsonNode element() throws AslFailure {
        return element.read(env);
    }

    @Benchmark
    public JsonNode wildcard() throws AslFailure {
        return wildcard.read(env);
    }

    @Benchmark
    public JsonNode filter() throws AslFailure {
        return filter.read(env);
    }

    /** ResultPath: the tree is frozen, so its way down to the place is copied. */
    @Benchmark
    public JsonNode write() throws AslFailure {
        return place.write(root, value);
    }

    @Benchmark
    public Path compile() {
        return Path.compile("$.customer.address.city");
    }
}
