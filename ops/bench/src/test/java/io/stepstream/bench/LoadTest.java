package io.stepstream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoadTest {

    @Test
    void anOpenLoopCountsTheTimeThatWorkHadToWait() throws Exception {
        // a server that answers nothing for its first 200 ms: everything begun then is late, not only the first
        long openFrom = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
        var server = Executors.newSingleThreadScheduledExecutor();
        try {
            var result = Load.run(
                    Load.Plan.open(100, Duration.ZERO, Duration.ofMillis(300)),
                    (id, done) -> after(server, openFrom - System.nanoTime(), done::ok));

            assertThat(result.failed()).isZero();
            assertThat(result.latency().getTotalCount()).isEqualTo(30);
            assertThat(result.millis(70)).isGreaterThan(80);
        } finally {
            server.shutdown();
        }
    }

    @Test
    void aClosedLoopNeverHasMoreInFlight() throws Exception {
        var server = Executors.newScheduledThreadPool(2);
        var open = new AtomicInteger();
        var seen = Collections.synchronizedList(new ArrayList<Integer>());
        try {
            var result = Load.run(Load.Plan.closed(3, Duration.ZERO, Duration.ofMillis(100)), (id, done) -> {
                seen.add(open.incrementAndGet());
                after(server, 1_000_000, () -> {
                    open.decrementAndGet();
                    done.ok();
                });
            });

            assertThat(seen).hasSizeGreaterThan(3).allMatch(count -> count <= 3).contains(3);
            assertThat(result.latency().getTotalCount()).isEqualTo(seen.size());
        } finally {
            server.shutdown();
        }
    }

    @Test
    void whatFailsIsCountedAndTheFirstReasonKept() throws Exception {
        var result = Load.run(Load.Plan.open(100, Duration.ZERO, Duration.ofMillis(50)), (id, done) -> {
            if (id == 0) {
                done.ok();
            } else {
                done.failed("reason " + id);
            }
        });

        assertThat(result.failed()).isEqualTo(4);
        assertThat(result.failure()).isEqualTo("reason 1");
        assertThat(result.latency().getTotalCount()).isEqualTo(1);
    }

    private static void after(ScheduledExecutorService server, long nanos, Runnable answer) {
        var unused = server.schedule(answer, Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }
}
