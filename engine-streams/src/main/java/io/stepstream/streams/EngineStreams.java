package io.stepstream.streams;

import io.stepstream.schemas.topic.Topics;
import io.stepstream.services.Services;
import io.stepstream.streams.views.BoundedRocksDb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running engine: one Kafka Streams application over the input topics of its parts. */
public final class EngineStreams implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EngineStreams.class);

    /** Eight events of one execution are about as much as Kafka's default; requests cost more than bytes. */
    private static final int BATCH_BYTES = 128 * 1024;

    /**
     * How long the broker holds a fetch of idle partitions. One fetch at a time is under way to a broker, and what has come of a
     * busy partition is worked off before that partition is in a fetch again: with Kafka's 500 ms, a busy partition whose turn
     * comes would wait as long for its idle neighbours.
     */
    private static final int FETCH_WAIT_MILLIS = 10;

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(30);

    private final KafkaStreams streams;
    private final Admin admin;
    private final EffectWorkers workers;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Throwable fatal;

    private EngineStreams(KafkaStreams streams, Admin admin, EffectWorkers workers) {
        this.streams = streams;
        this.admin = admin;
        this.workers = workers;
    }

    /**
     * Makes or verifies the topics, and starts; returns before state is restored, see {@link #awaitReady}. Throws
     * IllegalStateException, with what to do, where the brokers or topics are not as they must be.
     *
     * @param kafka Kafka's properties: {@code bootstrap.servers} and whatever else every client shall have; those that
     *     begin with {@code producer.}, {@code consumer.} or {@code streams.} are for these alone
     * @param parts what the engine is made of
     */
    public static EngineStreams start(EngineConfig config, Map<String, ?> kafka, List<Part<?>> parts) {
        return start(config, kafka, parts, Failpoints.NONE);
    }

    static EngineStreams start(EngineConfig config, Map<String, ?> kafka, List<Part<?>> parts, Failpoints failpoints) {
        var admin = Admin.create(adminProperties(kafka));
        var workers = workers(config, kafka);
        try {
            var brokers = new TopicAdmin(admin);
            brokers.requireTransactions();
            brokers.ensure(config.topics(), config.get(EngineConfig.CREATE_TOPICS));
            brokers.setFirstOffsets(config.applicationId(), inputs(config.topics(), parts));

            var clients = new EngineClients(config, failpoints);
            var surroundings = new CommandProcessor.Surroundings(
                    config, new EffectRouter(config.topics()), brokers, clients::effects, workers);
            var topology = EngineTopology.of(parts, surroundings);
            var engine = new EngineStreams(
                    new KafkaStreams(topology, new StreamsConfig(streamsProperties(config, kafka)), clients),
                    admin,
                    workers);
            engine.start();
            return engine;
        } catch (RuntimeException e) {
            workers.close();
            admin.close();
            throw e;
        }
    }

    private static EffectWorkers workers(EngineConfig config, Map<String, ?> kafka) {
        var properties = outcomesProperties(config, kafka);
        return new EffectWorkers(
                Services.installed(),
                config.services(System.getenv()),
                new EffectWorkers.Bounds(
                        config.get(EngineConfig.CALLS_UNDER_WAY), config.get(EngineConfig.CALLS_WAITING)),
                new CommandOutcomes(
                        config.topics().commands(),
                        () -> new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())));
    }

    /** Of a producer that never gives up on a record by itself. */
    private static Map<String, Object> outcomesProperties(EngineConfig config, Map<String, ?> kafka) {
        var properties = new HashMap<>(adminProperties(kafka));
        kafka.forEach((key, value) -> {
            if (key.startsWith("producer.")) {
                properties.put(key.substring("producer.".length()), value);
            }
        });
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, config.applicationId() + "-outcomes");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_MESSAGE_BYTES);
        return properties;
    }

    private void start() {
        streams.setStateListener((now, before) -> {
            LOG.info("Engine goes from {} to {}", before, now);
            if (now == KafkaStreams.State.RUNNING) {
                ready.countDown();
            } else if (now.hasCompletedShutdown()) {
                ended.countDown();
                ready.countDown();
            }
        });
        streams.setUncaughtExceptionHandler(this::handle);
        streams.start();
    }

    private StreamThreadExceptionResponse handle(Throwable failure) {
        if (isFatal(failure)) {
            LOG.error("The engine stops for good", failure);
            fatal = failure;
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        LOG.error("A stream thread ends and is replaced", failure);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** What comes again in a new thread: a broken log, an offset that the log does not hold, a broken JVM. */
    private static boolean isFatal(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LogBrokenException
                    || cause instanceof InvalidOffsetException
                    || cause instanceof VirtualMachineError
                    || cause instanceof LinkageError) {
                return true;
            }
        }
        return false;
    }

    /** Waits until all of this instance's partitions are processed. False if that takes longer or the engine ended. */
    public boolean awaitReady(Duration atMost) throws InterruptedException {
        return ready.await(atMost.toNanos(), TimeUnit.NANOSECONDS) && state() == KafkaStreams.State.RUNNING;
    }

    /** Waits until the engine has ended: by {@link #close}, or because it cannot go on ({@link #failure}). */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Why the engine stopped by itself; null if it did not. */
    public @Nullable Throwable failure() {
        return fatal;
    }

    public KafkaStreams.State state() {
        return streams.state();
    }

    /** For metrics, and for whoever asks which instance has which partition. */
    public KafkaStreams streams() {
        return streams;
    }

    /** Commits, and leaves the group at once, so that the next start need not wait for this one's session to end. */
    public void close(Duration atMost) {
        streams.close(CloseOptions.timeout(atMost)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        workers.close();
        admin.close(Duration.ZERO);
    }

    @Override
    public void close() {
        close(LONGEST_CLOSE);
    }

    private static List<TopicPartition> inputs(Topics topics, List<Part<?>> parts) {
        var inputs = new ArrayList<TopicPartition>();
        for (var part : parts) {
            for (var topic : topics.all()) {
                if (topic.name().equals(part.input())) {
                    for (int partition = 0; partition < topic.partitions(); partition++) {
                        inputs.add(new TopicPartition(topic.name(), partition));
                    }
                }
            }
        }
        return inputs;
    }

    /** What every client gets, without what is meant for one kind of them. */
    private static Map<String, Object> adminProperties(Map<String, ?> kafka) {
        var properties = new HashMap<String, Object>();
        kafka.forEach((key, value) -> {
            if (!key.startsWith("producer.") && !key.startsWith("consumer.") && !key.startsWith("streams.")) {
                properties.put(key, value);
            }
        });
        return properties;
    }

    private static Properties streamsProperties(EngineConfig config, Map<String, ?> kafka) {
        var values = new LinkedHashMap<String, Object>();
        values.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                config.get(EngineConfig.COMMIT_INTERVAL).toMillis());
        values.put(StreamsConfig.POLL_MS_CONFIG, config.get(EngineConfig.POLL).toMillis());
        values.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.get(EngineConfig.THREADS));
        values.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.get(EngineConfig.STANDBYS));
        values.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, config.get(EngineConfig.REPLICATION));
        values.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        values.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 4L * 1024 * 1024);
        values.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), (int)
                config.get(EngineConfig.LINGER).toMillis());
        values.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), (int)
                config.get(EngineConfig.SESSION_TIMEOUT).toMillis());
        values.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                (int) config.get(EngineConfig.SESSION_TIMEOUT).toMillis() / 4);
        values.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
        values.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), FETCH_WAIT_MILLIS);
        values.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 10_000);
        values.put(
                StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
                Math.max(1, config.get(EngineConfig.REPLICATION) - 1));
        kafka.forEach((key, value) ->
                values.put(key.startsWith("streams.") ? key.substring("streams.".length()) : key, value));

        // what the engine's promises hang on is not for others to set
        values.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
        values.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        values.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        values.put(StreamsConfig.STATE_DIR_CONFIG, config.dataDir().toString());
        values.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), config.instanceId());
        values.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), (int)
                config.get(EngineConfig.TRANSACTION_TIMEOUT).toMillis());
        values.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), Topics.MAX_MESSAGE_BYTES);
        var properties = new Properties();
        properties.putAll(values);
        return properties;
    }
}
