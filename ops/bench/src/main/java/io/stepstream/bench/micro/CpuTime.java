package io.stepstream.bench.micro;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Operations per second of processor time: what one core does that nobody else uses. The collector's and the compiler's time
 * counts in. On a machine that does other things as well this is the figure to compare, JMH's own goes by the wall clock.
 */
public final class CpuTime implements InternalProfiler {

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private long beginNanos;

    @Override
    public String getDescription() {
        return "operations per second of processor time";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        beginNanos = system.getProcessCpuTime();
    }

    @Override
    public Collection<ScalarResult> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double seconds = (system.getProcessCpuTime() - beginNanos) / NANOS;
        double operations = result.getMetadata().getAllOps();
        return List.of(new ScalarResult("cpu.rate", operations / seconds, "ops/s", AggregationPolicy.AVG));
    }
}
