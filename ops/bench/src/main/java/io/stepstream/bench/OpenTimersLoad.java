package io.stepstream.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Wait states that are open and not due for a day, by the hundred thousand: what they cost whoever has nothing to do with
 * them, as a caller of StartExecution sees it before and after.
 */
final class OpenTimersLoad implements Bench.Workload {

    static final String NAME = "open-timers";

    private static final int IN_FLIGHT = 4_096;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int timers;

    OpenTimersLoad(int timers) {
        this.timers = timers;
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        var before = start(bench, "before", report);
        long began = System.nanoTime();
        open(bench);
        double seconds = (System.nanoTime() - began) / 1e9;
        report.add(Row.fact(
                NAME,
                Report.number(timers) + " Waits opened",
                timers / seconds,
                "/s",
                "by start-requests, due in a day"));
        var with = start(bench, "with", report);
        report.add(Row.fact(
                NAME,
                "StartExecution, 1 in flight, p50 with them open",
                with.millis(50),
                "ms",
                "before: " + Report.number(before.millis(50)) + "; p99 " + Report.number(with.millis(99)) + ", before "
                        + Report.number(before.millis(99))));
    }

    private static Load.Result start(Bench bench, String when, Report report) throws Exception {
        var machine = bench.api().createMachine(bench.named(NAME + "-" + when), Definitions.THREE_PASSES);
        var result = Load.run(
                bench.oneInFlight(),
                (id, done) -> bench.api().start(machine, ExecutionsTail.input(id, ""), arn -> done.ok(), done::failed));
        report.check(NAME, result);
        return result;
    }

    private void open(Bench bench) throws Exception {
        var name = bench.named(NAME);
        var machine = bench.api().createMachine(name, Definitions.WAIT_UNTIL);
        var due = Instant.now().plus(Duration.ofDays(1));
        var room = new Semaphore(IN_FLIGHT);
        var failure = new AtomicReference<@Nullable String>();
        var tail = ExecutionsTail.start(bench.client(), bench.topics().executions(), name, number -> room.release());
        try (tail;
                var producer = PassTopicLoad.producer(bench)) {
            for (long number = 0; number < timers && failure.get() == null; number++) {
                if (!room.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IllegalStateException("Expected starts to go on, but none was made for " + PATIENCE);
                }
                PassTopicLoad.request(
                        bench,
                        producer,
                        machine,
                        ExecutionsTail.input(number, ",\"at\":\"" + due + "\""),
                        failure::set);
            }
            if (failure.get() == null && !room.tryAcquire(IN_FLIGHT, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("Expected every Wait to begin, but some did not in " + PATIENCE);
            }
        }
        var reason = failure.get();
        if (reason != null) {
            throw new IllegalStateException("Expected to ask for every start, but " + reason);
        }
    }
}
