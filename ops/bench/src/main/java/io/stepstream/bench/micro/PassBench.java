package io.stepstream.bench.micro;

import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Pass states entered and left in a second, decider and interpreter with rows in memory. Target: 150,000/s. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PassBench {

    private static final int LONG = 100;
    private static final int SHORT = 3;
    private static final String INPUT = "{\"order\": {\"id\": \"o-4711\", \"total\": 154.5}, \"customer\": \"Ada\"}";

    private final Partition longChain = new Partition(chain(LONG, ""));
    private final Partition shortChain = new Partition(chain(SHORT, ""));
    private final Partition parameters = new Partition(chain(
            LONG,
            "\"Parameters\": {\"id.$\": \"$.order.id\", \"kind\": \"order\"}, \"ResultPath\": \"$.order.copy\","));
    private final Partition jsonata = new Partition(chain(
            LONG, "\"QueryLanguage\": \"JSONata\", \"Output\": \"{% $merge([$states.input, {'seen': true}]) %}\","));

    private static String chain(int length, String fields) {
        return IntStream.range(0, length)
                .mapToObj(i -> "\"S" + i + "\": {\"Type\": \"Pass\", " + fields
                        + (i == length - 1 ? "\"End\": true}" : "\"Next\": \"S" + (i + 1) + "\"}"))
                .collect(Collectors.joining(", ", "{\"StartAt\": \"S0\", \"States\": {", "}}"));
    }

    /** A command that goes through a hundred states. */
    @Benchmark
    @OperationsPerInvocation(LONG)
    public long ofAHundred() {
        return longChain.run(INPUT);
    }

    /** The start and the end of an execution shared by three states only. */
    @Benchmark
    @OperationsPerInvocation(SHORT)
    public long ofThree() {
        return shortChain.run(INPUT);
    }

    @Benchmark
    @OperationsPerInvocation(LONG)
    public long withParameters() {
        return parameters.run(INPUT);
    }

    @Benchmark
    @OperationsPerInvocation(LONG)
    public long withJsonata() {
        return jsonata.run(INPUT);
    }
}
