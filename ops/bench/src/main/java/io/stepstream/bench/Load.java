package io.stepstream.bench;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Begins work again and again for a time and measures it.
 *
 * <p>Closed loop: so many at once, the next when one ends. Open loop: so many a second whatever the server does, and each
 * latency counts from the moment at which the work should have begun, so that a server that stalls does not hide it (no
 * coordinated omission).
 */
final class Load {

    /** How long work that was begun in time may take to end after the time is over. */
    private static final Duration DRAIN = Duration.ofSeconds(30);

    /** Three significant digits, from a microsecond to an hour. */
    private static final int DIGITS = 3;

    /** One unit of work, which calls exactly one method of {@code done}, from any thread. */
    interface Work {
        /** Begins; {@code id} is 0, 1, 2, ... within the run. */
        void begin(long id, Done done);
    }

    interface Done {
        void ok();

        void failed(String reason);
    }

    /**
     * How much, for how long.
     *
     * @param rate begun a second in open loop; 0 for a closed loop with {@code inFlight} at once
     */
    record Plan(double rate, int inFlight, Duration warmUp, Duration time) {

        static Plan closed(int inFlight, Duration warmUp, Duration time) {
            return new Plan(0, inFlight, warmUp, time);
        }

        static Plan open(double rate, Duration warmUp, Duration time) {
            return new Plan(rate, 0, warmUp, time);
        }
    }

    /**
     * What came of it, without the warm-up.
     *
     * @param latency in nanoseconds, of what ended well
     * @param perSecond ended well in a second of the measured time
     * @param failure the first reason, null if nothing failed
     */
    record Result(
            Histogram latency,
            double perSecond,
            long failed,
            @Nullable String failure) {

        double millis(double percentile) {
            return latency.getValueAtPercentile(percentile) / 1e6;
        }
    }

    private final Plan plan;
    private final Work work;
    private final Histogram latency = new ConcurrentHistogram(TimeUnit.HOURS.toNanos(1), DIGITS);
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    /** What is under way, and one for as long as more may begin. */
    private final AtomicInteger open = new AtomicInteger(1);

    private final CountDownLatch drained = new CountDownLatch(1);
    private final long measuredFrom;
    private final long until;

    private Load(Plan plan, Work work, long now) {
        this.plan = plan;
        this.work = work;
        this.measuredFrom = now + plan.warmUp.toNanos();
        this.until = measuredFrom + plan.time.toNanos();
    }

    static Result run(Plan plan, Work work) throws InterruptedException {
        long start = System.nanoTime();
        return new Load(plan, work, start).run(start);
    }

    private Result run(long start) throws InterruptedException {
        if (plan.rate > 0) {
            for (long i = 0; ; i++) {
                long at = start + (long) (i * 1e9 / plan.rate);
                if (at - until >= 0) {
                    break;
                }
                waitUntil(at);
                begin(at);
            }
        } else {
            for (int i = 0; i < plan.inFlight; i++) {
                begin(System.nanoTime());
            }
            waitUntil(until);
        }
        ended();
        if (!drained.await(DRAIN.toSeconds(), TimeUnit.SECONDS)) {
            failed.addAndGet(open.get());
            failure.compareAndSet(null, "no end within " + DRAIN.toSeconds() + " s");
        }
        return new Result(latency.copy(), completed.get() / (plan.time.toNanos() / 1e9), failed.get(), failure.get());
    }

    private void begin(long intended) {
        open.incrementAndGet();
        work.begin(ids.getAndIncrement(), new Done() {
            @Override
            public void ok() {
                long now = System.nanoTime();
                if (intended - measuredFrom >= 0) {
                    latency.recordValue(now - intended);
                }
                if (now - measuredFrom >= 0 && now - until < 0) {
                    completed.incrementAndGet();
                }
                next(now);
            }

            @Override
            public void failed(String reason) {
                failed.incrementAndGet();
                failure.compareAndSet(null, reason);
                next(System.nanoTime());
            }
        });
    }

    private void next(long now) {
        if (plan.rate == 0 && now - until < 0) {
            begin(now);
        }
        ended();
    }

    private void ended() {
        if (open.decrementAndGet() == 0) {
            drained.countDown();
        }
    }

    /** Blocks until {@link System#nanoTime} is that. */
    static void waitUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
