package io.stepstream.gateway.ingress;

import io.stepstream.gateway.bus.ClientProperties;
import io.stepstream.gateway.bus.CommandBus;
import io.stepstream.gateway.bus.ExpectedReply;
import io.stepstream.gateway.bus.RegistryView;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.view.Views;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics that others write to: starts of executions and results of tasks become commands. */
public final class Ingress implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(10);

    private final Topics topics;
    private final ClientProperties clients;
    private final Admin admin;
    private final Supplier<ExpectedReply> replies;
    private final InFlight.Limits limits;
    private final ExecutorService executor;
    private final Producer<byte[], byte[]> outcomeProducer;
    private final Outcomes outcomes;
    private final List<TopicReader> readers;

    /**
     * How topics are read.
     *
     * @param maxInFlight records of one topic that may wait for the engine
     * @param maxInFlightBytes and how many bytes of them
     * @param replyTopics topics that outcomes may be written to: names, or beginnings of names followed by {@code *}
     */
    public record Settings(int maxInFlight, long maxInFlightBytes, List<String> replyTopics) {
        public Settings {
            replyTopics = List.copyOf(replyTopics);
        }
    }

    private Ingress(
            Topics topics,
            ClientProperties clients,
            Settings settings,
            Admin admin,
            byte[] secret,
            CommandBus bus,
            Supplier<ExpectedReply> replies,
            RegistryView registry,
            Views views) {
        this.topics = topics;
        this.clients = clients;
        this.admin = admin;
        this.replies = replies;
        this.limits = new InFlight.Limits(settings.maxInFlight(), settings.maxInFlightBytes());
        this.executor = Executors.newFixedThreadPool(2, task -> {
            var thread = new Thread(task, "ingress-outcomes");
            thread.setDaemon(true);
            return thread;
        });
        this.outcomeProducer = outcomeProducer();
        this.outcomes = new Outcomes(outcomeProducer, admin, topics, settings.replyTopics(), executor);
        var starts = new StartRequests(topics.startRequests(), bus, registry, views, outcomes);
        var results = new TaskResults(topics.taskResults(), secret);
        this.readers = List.of(
                new TopicReader(starts.topic(), () -> session(starts)),
                new TopicReader(results.topic(), () -> session(results)));
    }

    /**
     * Begins to read, on threads of its own.
     *
     * @param secret the cluster's, which task tokens are signed with
     * @param replies begins to wait for a reply
     */
    public static Ingress start(
            Topics topics,
            ClientProperties clients,
            Settings settings,
            Admin admin,
            byte[] secret,
            CommandBus bus,
            Supplier<ExpectedReply> replies,
            RegistryView registry,
            Views views) {
        var ingress = new Ingress(topics, clients, settings, admin, secret, bus, replies, registry, views);
        ingress.readers.forEach(TopicReader::start);
        return ingress;
    }

    private ReadingSession session(Intake intake) {
        var producer = producer(intake);
        try {
            return new ReadingSession(
                    consumer(intake), producer, intake, this::topicId, replies, outcomes, topics, limits, executor);
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    private String topicId(String topic) {
        try {
            return Objects.requireNonNull(admin.describeTopics(List.of(topic))
                            .topicNameValues()
                            .get(topic))
                    .get(ADMIN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .topicId()
                    .toString();
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("Expected to learn the id of " + topic + ", but " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Expected to learn the id of " + topic + ", but was interrupted", e);
        }
    }

    private Consumer<byte[], byte[]> consumer(Intake intake) {
        var defaults = new LinkedHashMap<String, Object>();
        defaults.put(ConsumerConfig.CLIENT_ID_CONFIG, intake.topic() + "-ingress");
        defaults.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        defaults.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        defaults.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 * 1024 * 1024);
        // a busy partition must not wait for the fetch of its idle neighbours
        defaults.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        defaults.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        defaults.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        var fixed = Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                intake.topic() + "-ingress",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        return new KafkaConsumer<>(
                clients.consumer(defaults, fixed), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Of a session's own, which is closed at its first failure; the next session begins with what that one has not committed. */
    private Producer<byte[], byte[]> producer(Intake intake) {
        var defaults = new LinkedHashMap<String, Object>();
        defaults.put(ProducerConfig.CLIENT_ID_CONFIG, intake.topic() + "-ingress");
        defaults.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        defaults.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 60_000);
        defaults.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 15_000);
        var fixed = new LinkedHashMap<String, Object>();
        // Brokers take any sequence number as the first of a producer that they do not know: a second request under way
        // could be written where the first is refused.
        fixed.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        fixed.put(ProducerConfig.ACKS_CONFIG, "all");
        fixed.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        fixed.put(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, false);
        fixed.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        fixed.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_MESSAGE_BYTES);
        return new KafkaProducer<>(
                clients.producer(defaults, fixed), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** For outcomes, which are not worth waiting long for. */
    private Producer<byte[], byte[]> outcomeProducer() {
        var defaults = new LinkedHashMap<String, Object>();
        defaults.put(ProducerConfig.CLIENT_ID_CONFIG, topics.prefix() + "gateway-outcomes");
        defaults.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        defaults.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000);
        defaults.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        defaults.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
        return new KafkaProducer<>(
                clients.producer(defaults, Map.of()), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Finishes what has been read, as far as that takes only a moment, and commits it. */
    @Override
    public void close() {
        readers.parallelStream().forEach(TopicReader::close);
        outcomeProducer.close(CLOSE_TIMEOUT);
        executor.shutdownNow();
    }
}
