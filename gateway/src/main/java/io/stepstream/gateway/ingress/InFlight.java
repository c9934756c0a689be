package io.stepstream.gateway.ingress;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much has been read that the engine has not answered: what keeps ingress from burying an engine that lags.
 *
 * <p>Records whose answer nobody needs are watched by samples: every so many, one asks for an answer, and until it comes
 * all since the last sample are in flight with it. Only the thread that reads adds; loads land on any thread.
 */
final class InFlight {

    private static final int LARGEST_SAMPLE = 64;

    private final Limits limits;
    private final int sampleRecords;
    private final long sampleBytes;
    private final AtomicInteger records = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private int unwatchedRecords;
    private long unwatchedBytes;

    /** How many records, and bytes of them, may be in flight. */
    record Limits(int records, long bytes) {}

    InFlight(Limits limits) {
        this.limits = limits;
        this.sampleRecords = Math.max(1, Math.min(LARGEST_SAMPLE, limits.records() / LARGEST_SAMPLE));
        this.sampleBytes = limits.bytes() / LARGEST_SAMPLE;
    }

    /** Some records on their way. */
    final class Load {
        private final int loadRecords;
        private final long loadBytes;

        private Load(int loadRecords, long loadBytes) {
            this.loadRecords = loadRecords;
            this.loadBytes = loadBytes;
            records.addAndGet(loadRecords);
            bytes.addAndGet(loadBytes);
        }

        /** They are answered. To be called once. */
        void land() {
            records.addAndGet(-loadRecords);
            bytes.addAndGet(-loadBytes);
        }
    }

    boolean isFull() {
        return records.get() >= limits.records() || bytes.get() >= limits.bytes();
    }

    boolean isEmpty() {
        return records.get() == 0;
    }

    /** A record of {@code size} bytes that will be answered. */
    Load add(int size) {
        return new Load(1, size);
    }

    /** A record of {@code size} bytes that need not be answered; present if it is to be all the same, as a sample. */
    Optional<Load> addUnwatched(int size) {
        unwatchedRecords++;
        unwatchedBytes += size;
        if (unwatchedRecords < sampleRecords && unwatchedBytes < sampleBytes) {
            return Optional.empty();
        }
        var sample = new Load(unwatchedRecords, unwatchedBytes);
        unwatchedRecords = 0;
        unwatchedBytes = 0;
        return Optional.of(sample);
    }
}
