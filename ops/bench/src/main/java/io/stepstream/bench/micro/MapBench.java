package io.stepstream.bench.micro;

import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Inline Maps run in a second, and their items: for each size the rate of the items is to be the same. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class MapBench {

    private static final String DEFINITION = """
            {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
              "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}}""";

    @Param({"100", "1000", "10000"})
    public int size;

    private final Partition partition = new Partition(DEFINITION);
    private String input = "";

    /** Reported beside the runs. */
    @State(Scope.Thread)
    @AuxCounters
    public static class Rates {
        public long items;
    }

    @Setup
    public void input() {
        input = IntStream.range(0, size).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
    }

    @Benchmark
    public long run(Rates rates) {
        rates.items += size;
        return partition.run(input);
    }
}
