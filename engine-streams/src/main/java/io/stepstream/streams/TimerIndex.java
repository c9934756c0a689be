package io.stepstream.streams;

import io.stepstream.engine.Timers;
import io.stepstream.schemas.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one partition, ordered by due time.
 *
 * <p>Row key: due time in epoch milliseconds (8 bytes, big endian), the command's key, a zero byte, the timer's id; value:
 * the command. A row stays until its wait ends ({@link Timers#cancel}), so a scan that began at the oldest row would wade
 * through what RocksDB has not yet forgotten of deleted ones (138 ms after 433,000 of them). Hence the watermark, in memory
 * only: everything below it was sent and confirmed. It starts at zero, passes a batch when all of it is confirmed, stays
 * where a send failed, and falls to a timer that is set below it. What was sent and still has its row is remembered, so
 * that a watermark that fell does not send it again.
 *
 * <p>Time is the engine's wall clock, held back by as much as it is seen to be ahead of the brokers' (a command that is
 * appended before it is due changes nothing and is sent again).
 *
 * @param <C> the family of commands
 */
final class TimerIndex<C> {

    /** What {@link #nextTick} says when there is nothing to wait for. */
    static final long NEVER = Long.MAX_VALUE;

    /** How soon to look again while a batch is under way. */
    private static final long SOON_MILLIS = 2;

    /** How many sent timers are remembered; beyond that, one may be sent twice, which changes nothing. */
    private static final int REMEMBERED = 100_000;

    private static final Bytes BEGINNING = Bytes.wrap(new byte[0]);

    private final KeyValueStore<Bytes, byte[]> store;
    private final Sender sender;
    private final int atOnce;
    private final TreeMap<Bytes, Optional<byte[]>> written = new TreeMap<>();
    private final Set<Bytes> sent = new LinkedHashSet<>();

    private Bytes watermark = BEGINNING;
    private long nextDueMillis;
    private long aheadMillis;
    private @Nullable Batch underWay;

    /** Sends to the partition itself; {@code confirmed} comes on any thread. */
    interface Sender {
        void send(byte[] key, byte[] command, Callback confirmed);
    }

    /**
     * @param store its rows outlive this object, its memory does not
     * @param atOnce how many timers one tick sends
     */
    TimerIndex(KeyValueStore<Bytes, byte[]> store, Sender sender, int atOnce) {
        this.store = store;
        this.sender = sender;
        this.atOnce = atOnce;
    }

    /** The timers as a decision sees them: buffered until {@link #keep}. */
    Timers<C> timers() {
        return new Timers<>() {
            @Override
            public void set(Instant due, String key, String id, C command) {
                written.put(row(due, key, id), Optional.of(Json.bytes(command)));
            }

            @Override
            public void cancel(Instant due, String key, String id) {
                written.put(row(due, key, id), Optional.empty());
            }
        };
    }

    /** Writes what was buffered. */
    void keep() {
        written.forEach((row, command) -> {
            sent.remove(row);
            if (command.isPresent()) {
                store.put(row, command.get());
                if (row.compareTo(watermark) < 0) {
                    watermark = row;
                }
                if (underWay != null) {
                    underWay.lowest = min(underWay.lowest, row);
                }
                nextDueMillis = Math.min(nextDueMillis, due(row));
            } else {
                store.delete(row);
            }
        });
        written.clear();
    }

    /** Forgets what was buffered. */
    void drop() {
        written.clear();
    }

    /** When {@link #tick} next has something to do, in milliseconds of the wall clock; {@link #NEVER} if it has not. */
    long nextTick(long wallMillis) {
        if (underWay != null) {
            return wallMillis + SOON_MILLIS;
        }
        return nextDueMillis >= NEVER - aheadMillis ? NEVER : nextDueMillis + aheadMillis;
    }

    /** Sends what is due, at most so many as one tick may. Sends nothing while a batch is not yet confirmed. */
    void tick(long wallMillis) {
        settle();
        long clock = wallMillis - aheadMillis;
        if (underWay != null || nextDueMillis > clock) {
            return;
        }
        var batch = new Batch(wallMillis);
        nextDueMillis = NEVER;
        try (var rows = store.range(watermark, null)) {
            while (rows.hasNext()) {
                var row = rows.next();
                if (sent.contains(row.key)) {
                    continue;
                }
                if (due(row.key) > clock || batch.rows.size() == atOnce) {
                    nextDueMillis = due(row.key);
                    break;
                }
                batch.rows.add(row.key);
                batch.commands.add(row.value);
            }
        }
        if (!batch.rows.isEmpty()) {
            underWay = batch;
            batch.send();
        }
    }

    /** Takes the batch under way off the list once all of it is confirmed, or one has failed. */
    private void settle() {
        var batch = underWay;
        if (batch == null || batch.unconfirmed.get() > 0) {
            return;
        }
        underWay = null;
        aheadMillis = Math.max(0, batch.aheadMillis.get());
        if (batch.again.get() > 0) {
            batch.rows.forEach(sent::remove);
            nextDueMillis = Math.min(nextDueMillis, due(batch.rows.get(0)));
        } else {
            var last = batch.rows.get(batch.rows.size() - 1);
            watermark = min(after(last), batch.lowest == null ? after(last) : batch.lowest);
            forgetTooMany();
        }
    }

    private void forgetTooMany() {
        var oldest = sent.iterator();
        while (sent.size() > REMEMBERED) {
            oldest.next();
            oldest.remove();
        }
    }

    /** Timers that were sent together. */
    private final class Batch {
        private final long sentAtMillis;
        private final List<Bytes> rows = new ArrayList<>();
        private final List<byte[]> commands = new ArrayList<>();
        private final AtomicInteger unconfirmed = new AtomicInteger();
        /** Those that failed, or that the brokers appended before they were due. */
        private final AtomicInteger again = new AtomicInteger();

        private final AtomicLong aheadMillis = new AtomicLong(Long.MIN_VALUE);
        /** The lowest row that was set while these were under way. */
        private @Nullable Bytes lowest;

        Batch(long sentAtMillis) {
            this.sentAtMillis = sentAtMillis;
        }

        void send() {
            unconfirmed.set(rows.size());
            for (int i = 0; i < rows.size(); i++) {
                var row = rows.get(i);
                sent.add(row);
                sender.send(key(row), commands.get(i), (metadata, failure) -> confirmed(row, metadata, failure));
            }
        }

        private void confirmed(Bytes row, @Nullable RecordMetadata metadata, @Nullable Exception failure) {
            if (failure != null || metadata == null) {
                again.incrementAndGet();
            } else {
                aheadMillis.accumulateAndGet(sentAtMillis - metadata.timestamp(), Math::max);
                if (metadata.timestamp() < due(row)) {
                    again.incrementAndGet();
                }
            }
            unconfirmed.decrementAndGet();
        }
    }

    private static Bytes min(@Nullable Bytes one, Bytes other) {
        return one == null || one.compareTo(other) > 0 ? other : one;
    }

    private static Bytes row(Instant due, String key, String id) {
        if (key.indexOf('\0') >= 0) {
            throw new IllegalStateException("Expected a timer's key without U+0000, but " + key);
        }
        var keyBytes = key.getBytes(StandardCharsets.UTF_8);
        var idBytes = id.getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + keyBytes.length + 1 + idBytes.length)
                .putLong(millis(due))
                .put(keyBytes)
                .put((byte) 0)
                .put(idBytes)
                .array());
    }

    /** Rounded up, so that no timer fires before its time; what no clock will show is as far away as can be. */
    private static long millis(Instant due) {
        long seconds = due.getEpochSecond();
        if (seconds < 0) {
            return 0;
        }
        if (seconds >= NEVER / 1_000 - 1) {
            return NEVER - 1;
        }
        return seconds * 1_000 + (due.getNano() + 999_999) / 1_000_000;
    }

    private static long due(Bytes row) {
        return ByteBuffer.wrap(row.get()).getLong();
    }

    private static byte[] key(Bytes row) {
        var bytes = row.get();
        int end = Long.BYTES;
        while (bytes[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(bytes, Long.BYTES, end);
    }

    /** The lowest row above this one. */
    private static Bytes after(Bytes row) {
        return Bytes.wrap(Arrays.copyOf(row.get(), row.get().length + 1));
    }
}
