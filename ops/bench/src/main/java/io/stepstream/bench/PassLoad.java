package io.stepstream.bench;

/** Executions of three Pass states over HTTP, until DescribeExecution or the topic shows their end. */
final class PassLoad implements Bench.Workload {

    static final String NAME = "pass";

    /** Between two looks at an execution that is still running. */
    private static final long PAUSE_MILLIS = 1;

    @Override
    public void run(Bench bench, Report report) throws Exception {
        var machine = bench.api().createMachine(bench.named(NAME), Definitions.THREE_PASSES);
        Load.Work described = (id, done) -> bench.api()
                .start(
                        machine,
                        ExecutionsTail.input(id, ""),
                        arn -> bench.api().awaitSuccess(arn, PAUSE_MILLIS, done::ok, done::failed),
                        done::failed);
        if (bench.rate() > 0) {
            var result = Load.run(bench.open(), described);
            report.check(NAME, result);
            report.add(Row.fact(
                    NAME, "3 Pass, start -> closed, open loop, p50", result.millis(50), "ms", Bench.spread(result)));
            return;
        }
        var one = Load.run(bench.oneInFlight(), described);
        report.check(NAME, one);
        report.add(Row.atMost(
                NAME,
                "3 Pass, start -> closed in DescribeExecution, 1 in flight, p50",
                one.millis(50),
                "ms",
                15,
                5,
                Bench.spread(one)));
        var many = Load.run(bench.many(), described);
        report.check(NAME, many);
        report.add(Row.fact(
                NAME,
                "3 Pass, completed/s, each end asked for with DescribeExecution",
                many.perSecond(),
                "/s",
                bench.inFlight() + " in flight; " + Bench.spread(many)));
        throughput(bench, report);
    }

    private static void throughput(Bench bench, Report report) throws Exception {
        var name = bench.named("pass-http");
        var machine = bench.api().createMachine(name, Definitions.THREE_PASSES);
        try (var tail = ExecutionsTail.start(bench.client(), bench.topics().executions(), name, null)) {
            var result = Load.run(bench.many(), (id, done) -> {
                tail.onEnd(id, done);
                bench.api().start(machine, ExecutionsTail.input(id, ""), arn -> {}, reason -> {
                    tail.forget(id);
                    done.failed(reason);
                });
            });
            report.check(NAME, result);
            report.add(Row.atLeast(
                    NAME,
                    "3 Pass, completed/s over HTTP",
                    result.perSecond(),
                    "/s",
                    2_000,
                    3_500,
                    bench.inFlight() + " in flight, end seen on the topic; " + Bench.spread(result)));
        }
    }
}
