package io.stepstream.streams;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Sends the effects of one stream thread, outside its transaction, in order and without a gap. Effects gather until the
 * thread polls again, or a little earlier if they are many or commands take long, so that load amortises them.
 *
 * <p>There is no gap because the producer never gives up on a record and, when one fails all the same, is closed in that
 * record's callback, before a later batch can overtake it. Nothing is sent any more then, the next commit fails, and the
 * thread is replaced: its successor reads the same commands again and gets a producer of its own.
 *
 * <p>All methods belong to the stream thread; callbacks come on the producer's.
 */
final class EffectsProducer implements AutoCloseable {

    /** Where commands take long, the count alone would let a batch hold up its first answers. */
    static final long LONGEST_GATHERING_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    private final Producer<byte[], byte[]> producer;
    private final int atOnce;
    private final LongSupplier nanos;
    private final Failpoints failpoints;
    private final List<Gathered> gathered = new ArrayList<>();
    private long gatheringSince;

    private final Object lock = new Object();
    private long unconfirmed;
    private @Nullable Exception failure;
    private boolean closed;

    /**
     * @param producer idempotent, without transactions; closed with this object
     * @param atOnce how many effects may gather
     * @param nanos a clock in nanoseconds, for how long they may
     */
    EffectsProducer(Producer<byte[], byte[]> producer, int atOnce, LongSupplier nanos, Failpoints failpoints) {
        this.producer = producer;
        this.atOnce = atOnce;
        this.nanos = nanos;
        this.failpoints = failpoints;
    }

    private record Gathered(
            ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {}

    /** Takes the effect; it leaves with the next {@link #flush}. */
    void add(ProducerRecord<byte[], byte[]> effect) {
        add(effect, null);
    }

    /** The callback comes on the producer's thread, or not at all if the effect never leaves. */
    void add(ProducerRecord<byte[], byte[]> effect, @Nullable Callback callback) {
        long now = nanos.getAsLong();
        if (gathered.isEmpty()) {
            gatheringSince = now;
        }
        gathered.add(new Gathered(effect, callback));
        if (gathered.size() >= atOnce || now - gatheringSince > LONGEST_GATHERING_NANOS) {
            flush();
        }
    }

    /** Sends what has gathered, and does not wait. Throws once an effect has failed. */
    void flush() {
        if (gathered.isEmpty()) {
            return;
        }
        var leaving = List.copyOf(gathered);
        gathered.clear();
        for (var effect : leaving) {
            failpoints.at(Failpoints.Point.BEFORE_EFFECT);
            send(effect);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback sees all that the future would
    private void send(Gathered effect) {
        synchronized (lock) {
            refuseIfBroken();
            unconfirmed++;
        }
        try {
            producer.send(effect.record(), (metadata, exception) -> {
                if (exception != null) {
                    fail(exception);
                }
                if (effect.callback() != null) {
                    effect.callback().onCompletion(metadata, exception);
                }
                synchronized (lock) {
                    unconfirmed--;
                    if (unconfirmed == 0 || failure != null) {
                        lock.notifyAll();
                    }
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            // what send() throws reaches no callback
            fail(e);
        }
        synchronized (lock) {
            refuseIfBroken();
        }
    }

    private void fail(Exception exception) {
        synchronized (lock) {
            if (failure == null) {
                failure = exception;
            }
            lock.notifyAll();
        }
        producer.close(Duration.ZERO);
    }

    private void refuseIfBroken() {
        if (failure != null) {
            throw new EffectsLostException("Expected every effect to be confirmed, but one failed", failure);
        }
        if (closed) {
            throw new EffectsLostException("Expected the effects' producer to be open, but it is closed");
        }
    }

    /** Sends what has gathered and waits until every effect is confirmed; throws if that does not happen in time. */
    void awaitConfirmed(Duration atMost) {
        flush();
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (lock) {
            while (unconfirmed > 0 && failure == null) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new EffectsLostException("Expected every effect to be confirmed within " + atMost + ", but "
                            + unconfirmed + " are not");
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(lock, left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new EffectsLostException("Expected to wait for the effects, but was interrupted", e);
                }
            }
            refuseIfBroken();
        }
    }

    /** Sends nothing more. What is under way may arrive or not. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        gathered.clear();
        producer.close(Duration.ZERO);
    }
}
