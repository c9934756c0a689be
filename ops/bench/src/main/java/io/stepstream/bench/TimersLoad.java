package io.stepstream.bench;

import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongUnaryOperator;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/** Wait states: many that are due at the same moment, and many that are due one after the other. */
final class TimersLoad implements Bench.Workload {

    static final String NAME = "timers";

    private static final int TIMERS = 10_000;
    private static final double PACED_PER_SECOND = 500;

    /** Starts a second that every machine can do: how far in the future the first timer has to be. */
    private static final int STARTS_PER_SECOND = 1_000;

    private static final long PATIENCE_SECONDS = 120;

    @Override
    public void run(Bench bench, Report report) throws Exception {
        // the code that timers run, too, is to be compiled before it is measured
        fire(bench, "timers-warm-up", number -> 0, report);
        var burst = fire(bench, "timers-burst", number -> 0, report);
        report.add(Row.atMost(
                NAME,
                Report.number(TIMERS) + " Waits due at once, all ended after",
                burst.getMaxValue() / 1e3,
                "s",
                2,
                0.5,
                lateness(burst)));
        var paced = fire(bench, "timers-paced", number -> (long) (number * 1_000 / PACED_PER_SECOND), report);
        report.add(Row.atMost(
                NAME,
                Report.number(PACED_PER_SECOND) + " Waits due each second, lateness p99",
                (double) paced.getValueAtPercentile(99),
                "ms",
                100,
                30,
                lateness(paced)));
    }

    private static String lateness(ConcurrentHistogram late) {
        return "from due to the end on the topic, ms: p50 " + late.getValueAtPercentile(50) + ", p99 "
                + late.getValueAtPercentile(99) + ", max " + late.getMaxValue();
    }

    /** Starts all, so that the n-th is due {@code offsetMillis(n)} after a common moment; returns how late they ended, in ms. */
    private static ConcurrentHistogram fire(Bench bench, String workload, LongUnaryOperator offsetMillis, Report report)
            throws Exception {
        var name = bench.named(workload);
        var machine = bench.api().createMachine(name, Definitions.WAIT_UNTIL);
        var waiting = new CountDownLatch(TIMERS);
        var ended = new CountDownLatch(TIMERS);
        var late = new ConcurrentHistogram(TimeUnit.HOURS.toMillis(1), 3);
        var failure = new AtomicReference<@Nullable String>();
        try (var tail = ExecutionsTail.start(
                        bench.client(), bench.topics().executions(), name, number -> waiting.countDown());
                var producer = PassTopicLoad.producer(bench)) {
            long due = System.currentTimeMillis() + 2_000 + 1_000L * TIMERS / STARTS_PER_SECOND;
            for (long number = 0; number < TIMERS; number++) {
                long mine = due + offsetMillis.applyAsLong(number);
                tail.onEnd(number, new Load.Done() {
                    @Override
                    public void ok() {
                        late.recordValue(Math.max(0, System.currentTimeMillis() - mine));
                        ended.countDown();
                    }

                    @Override
                    public void failed(String reason) {
                        failure.compareAndSet(null, reason);
                        ended.countDown();
                    }
                });
                PassTopicLoad.request(
                        bench,
                        producer,
                        machine,
                        ExecutionsTail.input(number, ",\"at\":\"" + Instant.ofEpochMilli(mine) + "\""),
                        reason -> failure.compareAndSet(null, reason));
            }
            producer.flush();
            if (!waiting.await(due - System.currentTimeMillis(), TimeUnit.MILLISECONDS)) {
                report.failed(NAME, waiting.getCount() + " of " + TIMERS + " had not started when the first was due");
            }
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                report.failed(NAME, ended.getCount() + " of " + TIMERS + " did not end");
            }
        }
        var reason = failure.get();
        if (reason != null) {
            report.failed(NAME, reason);
        }
        return late;
    }
}
