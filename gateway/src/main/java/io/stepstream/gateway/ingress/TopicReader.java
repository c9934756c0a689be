package io.stepstream.gateway.ingress;

import io.stepstream.gateway.bus.UnknownFateException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one topic being read: a session at a time, and a new one, from the offsets that were committed, after any failure.
 * That the same records are decided again is no harm; that one is left out would be.
 */
final class TopicReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration RESTART_AFTER = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final String topic;
    private final Supplier<ReadingSession> sessions;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /** @param sessions connects anew at each call; throws a KafkaException where that fails */
    TopicReader(String topic, Supplier<ReadingSession> sessions) {
        this.topic = topic;
        this.sessions = sessions;
        this.thread = new Thread(this::run, "ingress-" + topic);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (closing.getCount() > 0) {
            try (var session = sessions.get()) {
                session.readUntil(() -> closing.getCount() == 0);
            } catch (KafkaException | UnknownFateException | IllegalStateException e) {
                LOG.warn("Expected to read {}, but {}: starting again from what was committed", topic, e.toString(), e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            if (closing.await(RESTART_AFTER.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("Closed while waiting to start again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Finishes what has been read, as far as that takes only a moment. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
