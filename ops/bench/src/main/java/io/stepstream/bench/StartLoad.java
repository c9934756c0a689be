package io.stepstream.bench;

/** How long a caller waits for the answer to StartExecution. */
final class StartLoad implements Bench.Workload {

    static final String NAME = "start";

    @Override
    public void run(Bench bench, Report report) throws Exception {
        var machine = bench.api().createMachine(bench.named(NAME), Definitions.THREE_PASSES);
        Load.Work start =
                (id, done) -> bench.api().start(machine, ExecutionsTail.input(id, ""), arn -> done.ok(), done::failed);
        if (bench.rate() > 0) {
            var result = Load.run(bench.open(), start);
            report.check(NAME, result);
            report.add(Row.fact(NAME, "StartExecution, open loop, p50", result.millis(50), "ms", Bench.spread(result)));
            return;
        }
        var one = Load.run(bench.oneInFlight(), start);
        report.check(NAME, one);
        report.add(
                Row.atMost(NAME, "StartExecution, 1 in flight, p50", one.millis(50), "ms", 4, 2.5, Bench.spread(one)));
        report.add(Row.atMost(NAME, "StartExecution, 1 in flight, p99", one.millis(99), "ms", 20, 10, ""));
        var many = Load.run(bench.many(), start);
        report.check(NAME, many);
        report.add(Row.fact(
                NAME,
                "StartExecution, " + bench.inFlight() + " in flight",
                many.perSecond(),
                "/s",
                Bench.spread(many)));
    }
}
