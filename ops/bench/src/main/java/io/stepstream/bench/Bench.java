package io.stepstream.bench;

import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.Map;

/**
 * What every workload works with.
 *
 * @param client Kafka client properties, {@code bootstrap.servers} at least
 * @param run distinguishes this run's machines from those of others
 * @param rate if above 0: load in open loop at that rate instead of the table's closed loops
 * @param inFlight executions at once where throughput is measured
 * @param workers activity workers that poll at once
 */
record Bench(
        Api api,
        Map<String, Object> client,
        Topics topics,
        String run,
        double rate,
        int inFlight,
        int workers,
        Duration warmUp,
        Duration time) {

    /** One kind of load; adds what it measured to the report. */
    interface Workload {
        void run(Bench bench, Report report) throws Exception;
    }

    Bench {
        client = Map.copyOf(client);
    }

    String named(String workload) {
        return "bench-" + workload + "-" + run;
    }

    /** One at a time: what a single caller waits for. */
    Load.Plan oneInFlight() {
        return Load.Plan.closed(1, warmUp, time);
    }

    /** As many as the machine can do. */
    Load.Plan many() {
        return Load.Plan.closed(inFlight, warmUp, time);
    }

    Load.Plan open() {
        return Load.Plan.open(rate, warmUp, time);
    }

    /** The latency of a run in words. */
    static String spread(Load.Result result) {
        return "ms: p50 " + Report.number(result.millis(50)) + ", p90 " + Report.number(result.millis(90)) + ", p99 "
                + Report.number(result.millis(99)) + ", p99.9 " + Report.number(result.millis(99.9)) + ", max "
                + Report.number(result.millis(100)) + "; " + Report.number(result.perSecond()) + "/s";
    }
}
