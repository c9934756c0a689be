package io.stepstream.gateway.ingress;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Up to where the assigned partitions are done with, and what of it the consumer group has been told. */
final class Offsets {

    private static final Logger LOG = LoggerFactory.getLogger(Offsets.class);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);
    private static final long COMMIT_EVERY_NANOS = Duration.ofMillis(200).toNanos();

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, OffsetWindow> windows = new ConcurrentHashMap<>();
    private long lastCommit;

    Offsets(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    void assigned(Collection<TopicPartition> partitions) {
        for (var partition : partitions) {
            windows.put(partition, new OffsetWindow(consumer.position(partition)));
        }
    }

    /** Commits what is done with of partitions that somebody else will read. */
    void revoked(Collection<TopicPartition> partitions) {
        try {
            commit(partitions);
        } finally {
            lost(partitions);
        }
    }

    void lost(Collection<TopicPartition> partitions) {
        windows.keySet().removeAll(partitions);
    }

    OffsetWindow of(TopicPartition partition) {
        var window = windows.get(partition);
        if (window == null) {
            throw new IllegalStateException("Expected a record of an assigned partition, but got one of " + partition);
        }
        return window;
    }

    /** Commits all that is done with, and waits for it. */
    void commit() {
        commit(windows.keySet());
    }

    private void commit(Collection<TopicPartition> partitions) {
        var offsets = committable(partitions);
        if (!offsets.isEmpty()) {
            consumer.commitSync(offsets, COMMIT_TIMEOUT);
            committed(offsets);
        }
    }

    /** Commits all that is done with, unless the last commit was a moment ago; does not wait. */
    void commitNowAndThen() {
        if (System.nanoTime() - lastCommit < COMMIT_EVERY_NANOS) {
            return;
        }
        lastCommit = System.nanoTime();
        var offsets = committable(windows.keySet());
        if (!offsets.isEmpty()) {
            consumer.commitAsync(offsets, (done, problem) -> {
                if (problem == null) {
                    committed(done);
                } else {
                    LOG.warn("Expected to commit {}, but {}: trying again", offsets.keySet(), problem.toString());
                }
            });
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committable(Collection<TopicPartition> partitions) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var partition : partitions) {
            var window = windows.get(partition);
            if (window != null && window.hasMoved()) {
                offsets.put(partition, new OffsetAndMetadata(window.reached()));
            }
        }
        return offsets;
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> {
            var window = windows.get(partition);
            if (window != null) {
                window.committed(offset.offset());
            }
        });
    }
}
