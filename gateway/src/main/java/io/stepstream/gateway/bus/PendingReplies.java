package io.stepstream.gateway.bus;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who waits for which reply. Reads one partition of {@code replies} from its end, without a group, and shares it with other
 * gateways: correlation ids begin with this gateway's incarnation, and what does not is passed over unparsed.
 *
 * <p>The thread that polls only looks ids up. Parsing, and whatever callers have chained to their stages, runs on the
 * executor, so that a slow caller delays nobody else's reply.
 */
final class PendingReplies implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PendingReplies.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final String incarnation;
    private final byte[] incarnationPrefix;
    private final Duration timeout;
    private final ScheduledExecutorService timers;
    private final Executor callers;
    private final Unclaimed unclaimed;
    private final ConcurrentMap<String, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong asked = new AtomicLong();
    private final CompletableFuture<Integer> partition = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread poller;

    /** Takes replies with an id of this incarnation that no call waits for. Called on the executor. */
    interface Unclaimed {
        void reply(String correlationId, Reply reply);
    }

    /**
     * @param incarnation new at each start of a gateway
     * @param timeout after which an expected reply fails
     */
    PendingReplies(
            Consumer<byte[], byte[]> consumer,
            String topic,
            String incarnation,
            Duration timeout,
            ScheduledExecutorService timers,
            Executor callers,
            Unclaimed unclaimed) {
        this.consumer = consumer;
        this.topic = topic;
        this.incarnation = incarnation;
        this.incarnationPrefix = (incarnation + "-").getBytes(StandardCharsets.UTF_8);
        this.timeout = timeout;
        this.timers = timers;
        this.callers = callers;
        this.unclaimed = unclaimed;
        this.poller = new Thread(this::run, "replies");
        poller.setDaemon(true);
    }

    static Consumer<byte[], byte[]> connect(ClientProperties clients, Topics topics) {
        var defaults = new LinkedHashMap<String, Object>();
        defaults.put(ConsumerConfig.CLIENT_ID_CONFIG, topics.prefix() + "gateway-replies");
        defaults.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        var fixed = Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_uncommitted",
                // The first position is set by hand; later a position is lost only to retention, and then the oldest is
                // next.
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                1);
        return new KafkaConsumer<>(
                clients.consumer(defaults, fixed), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    void start() {
        poller.start();
    }

    /** Completes once a reply to whatever is asked from now on cannot be missed. */
    CompletionStage<Void> ready() {
        return partition.thenAccept(ready -> {});
    }

    String incarnation() {
        return incarnation;
    }

    /** Begins to wait for a reply, with the usual time limit. Cancelling the future ends the wait. */
    ExpectedReply expect() {
        return expect(timeout);
    }

    /** As {@link #expect()}, with a time limit of its own. */
    ExpectedReply expect(Duration patience) {
        var to = newReplyTo();
        var reply = new CompletableFuture<Reply>();
        waiting.put(to.correlationId(), reply);
        var timer = timers.schedule(
                () -> expire(reply, to.correlationId(), patience), patience.toMillis(), TimeUnit.MILLISECONDS);
        var unused = reply.whenComplete((done, failure) -> {
            waiting.remove(to.correlationId());
            timer.cancel(false);
        });
        return new ExpectedReply(to, reply);
    }

    /** A new id that no call waits for: replies to it go to {@link Unclaimed}. */
    ReplyTo newReplyTo() {
        if (!partition.isDone() || partition.isCompletedExceptionally()) {
            throw new UnknownFateException(
                    "Expected replies to be readable, but " + topic + " has not been reached yet");
        }
        return new ReplyTo(partition.join(), incarnation + "-" + asked.incrementAndGet());
    }

    /** How many calls wait. */
    int size() {
        return waiting.size();
    }

    private void expire(CompletableFuture<Reply> reply, String correlationId, Duration patience) {
        callers.execute(() -> reply.completeExceptionally(new UnknownFateException(
                "Expected an answer of the engine to " + correlationId + " within " + patience + ", but none came")));
    }

    private void run() {
        @Nullable TopicPartition assigned = null;
        while (closing.getCount() > 0) {
            try {
                if (assigned == null) {
                    assigned = assign();
                }
                for (var record : consumer.poll(POLL)) {
                    dispatch(record);
                }
            } catch (WakeupException e) {
                LOG.debug("Woken up to close");
            } catch (KafkaException | RejectedExecutionException e) {
                LOG.warn("Expected to read {}, but {}: trying again", topic, e.toString());
                pause();
            }
        }
        consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }

    /** The consumer's position stays what it is when a poll fails: nothing is skipped after a pause. */
    private TopicPartition assign() {
        var partitions = consumer.partitionsFor(topic);
        if (partitions.isEmpty()) {
            throw new KafkaException("Expected topic " + topic + " to exist, but it does not");
        }
        int chosen = Utils.toPositive(Utils.murmur2(incarnation.getBytes(StandardCharsets.UTF_8))) % partitions.size();
        var assigned = new TopicPartition(topic, chosen);
        consumer.assign(List.of(assigned));
        consumer.seekToEnd(List.of(assigned));
        long position = consumer.position(assigned);
        LOG.info("Replies come by {} from offset {}", assigned, position);
        partition.complete(chosen);
        return assigned;
    }

    private void dispatch(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null || !isOurs(record.key())) {
            return;
        }
        var correlationId = new String(record.key(), StandardCharsets.UTF_8);
        callers.execute(() -> deliver(correlationId, record.value()));
    }

    private boolean isOurs(byte[] key) {
        return key.length > incarnationPrefix.length
                && Arrays.equals(key, 0, incarnationPrefix.length, incarnationPrefix, 0, incarnationPrefix.length);
    }

    private void deliver(String correlationId, byte[] value) {
        Reply reply;
        try {
            reply = Json.read(value, Reply.class);
        } catch (IOException e) {
            LOG.error("Expected a reply to {} that this version can read, but {}", correlationId, e.getMessage());
            return;
        }
        var caller = waiting.get(correlationId);
        if (caller != null) {
            caller.complete(reply);
        } else {
            unclaimed.reply(correlationId, reply);
        }
    }

    private void pause() {
        try {
            if (closing.await(RETRY_AFTER.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("Closed while waiting to try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever still waits is told that the outcome is unknown. */
    @Override
    public void close() {
        closing.countDown();
        consumer.wakeup();
        try {
            poller.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var stopped = new UnknownFateException("Expected to be asked to the end, but this gateway stops");
        partition.completeExceptionally(stopped);
        waiting.values().forEach(reply -> reply.completeExceptionally(stopped));
    }
}
