package io.stepstream.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.List;

/** One inline Map of many items at a time, from the start to the end in DescribeExecution. */
final class MapLoad implements Bench.Workload {

    static final String NAME = "map";

    private static final long PAUSE_MILLIS = 1;

    /** Measured for this long at least once each: a run of 10,000 items may take longer. */
    private static final Duration TIME = Duration.ofSeconds(5);

    private record Bound(int items, double mustSeconds, double goalSeconds) {}

    private static final List<Bound> BOUNDS =
            List.of(new Bound(100, 0.1, 0.03), new Bound(1_000, 0.3, 0.1), new Bound(10_000, 3, 1));

    @Override
    public void run(Bench bench, Report report) throws Exception {
        var machine = bench.api().createMachine(bench.named(NAME), Definitions.MAP);
        for (var bound : BOUNDS) {
            var items = JsonNodeFactory.instance.arrayNode();
            for (int i = 0; i < bound.items; i++) {
                items.add(i);
            }
            var input =
                    JsonNodeFactory.instance.objectNode().set("items", items).toString();
            var result = Load.run(
                    Load.Plan.closed(1, TIME, TIME),
                    (id, done) -> bench.api()
                            .start(
                                    machine,
                                    input,
                                    arn -> bench.api().awaitSuccess(arn, PAUSE_MILLIS, done::ok, done::failed),
                                    done::failed));
            report.check(NAME, result);
            report.add(Row.atMost(
                    NAME,
                    "inline Map of " + Report.number(bound.items) + " items, p50",
                    result.millis(50) / 1_000,
                    "s",
                    bound.mustSeconds,
                    bound.goalSeconds,
                    result.latency().getTotalCount() + " runs, " + Bench.spread(result)));
        }
    }
}
