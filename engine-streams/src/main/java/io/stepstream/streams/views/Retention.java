package io.stepstream.streams.views;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ExecutionCommand.ExpireExecution;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the executions that were closed longer ago than the retention and asks the engine to forget them. Each instance looks
 * after its own partitions, a bounded number of rows at a time. To ask twice does no harm: what comes a second time finds
 * nothing, and the engine never forgets an execution that is open.
 */
final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private static final int ROWS_AT_ONCE = 5_000;
    private static final Duration BETWEEN_PASSES = Duration.ofMinutes(1);
    private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(1);

    private final StreamsViews views;
    private final String commandsTopic;
    private final Duration retention;
    private final Producer<String, byte[]> producer;
    private final ScheduledExecutorService scheduler;
    private final Clock clock;
    /** Where the next round of a partition goes on; nothing for one that begins a pass. */
    private final Map<Integer, Bytes> cursors = new ConcurrentHashMap<>();

    private volatile boolean stopped;

    Retention(
            StreamsViews views,
            String commandsTopic,
            Duration retention,
            Producer<String, byte[]> producer,
            ScheduledExecutorService scheduler,
            Clock clock) {
        this.views = views;
        this.commandsTopic = commandsTopic;
        this.retention = retention;
        this.producer = producer;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    void start() {
        next(BETWEEN_ROUNDS);
    }

    void stop() {
        stopped = true;
    }

    private void next(Duration delay) {
        var unused = scheduler.schedule(
                () -> {
                    if (stopped) {
                        return;
                    }
                    boolean unfinished = false;
                    try {
                        unfinished = round();
                    } catch (RuntimeException e) {
                        if (stopped) {
                            return;
                        }
                        LOG.warn("Expected to look for expired executions, but failed; tried again later", e);
                    }
                    next(unfinished ? BETWEEN_ROUNDS : BETWEEN_PASSES);
                },
                delay.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Looks at the next rows of each partition here. Whether there is more to look at, now or when a partition has moved. */
    boolean round() {
        if (views.state() != KafkaStreams.State.RUNNING) {
            return true;
        }
        boolean moving = false;
        var closedBy = clock.instant().minus(retention);
        for (int partition : views.ownPartitions()) {
            if (stopped) {
                return false;
            }
            var cursor = Optional.ofNullable(cursors.remove(partition));
            var found = views.read(partition, view -> view.expired(closedBy, cursor, ROWS_AT_ONCE));
            moving |= found.isEmpty();
            found.ifPresent(expired -> {
                expired.next().ifPresent(next -> cursors.put(partition, next));
                expired.executions().forEach(execution -> expire(partition, execution));
                if (!expired.executions().isEmpty()) {
                    LOG.info(
                            "{} executions of partition {} have expired",
                            expired.executions().size(),
                            partition);
                }
            });
        }
        return moving || !cursors.isEmpty();
    }

    private void expire(int partition, StatusSummary execution) {
        var command = new ExpireExecution(execution.executionArn(), execution.lastEventId(), execution.commandOffset());
        var unused = producer.send(
                new ProducerRecord<>(commandsTopic, partition, execution.executionArn(), Json.bytes(command)),
                (written, failure) -> {
                    if (failure != null) {
                        LOG.warn(
                                "{} is not expired yet; tried again in the next pass",
                                execution.executionArn(),
                                failure);
                    }
                });
    }
}
