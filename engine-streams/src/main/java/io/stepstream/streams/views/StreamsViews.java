package io.stepstream.streams.views;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.event.EventRecord;
import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.view.ExecutionOrder;
import io.stepstream.schemas.view.Views;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The views of this instance: a Streams application that keeps the public topics in local stores, and the answers out of them.
 * Complete where it is the only instance. With several, a question for a partition that is elsewhere fails with
 * {@link NotHereException}, and the gateway asks the owner.
 *
 * <p>Answers are made on threads of its own. While a partition moves or is being restored, a question waits for it, two seconds
 * at most.
 */
public final class StreamsViews implements Views, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StreamsViews.class);

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration MOVE_RECHECK = Duration.ofMillis(20);
    private static final Duration HISTORY_RECHECK = Duration.ofMillis(2);

    private final ViewsConfig config;
    private final KafkaStreams streams;
    private final Admin admin;
    private final Progress progress;
    private final CaughtUp caughtUp;
    private final Producer<String, byte[]> producer;
    private final Retention retention;
    private final DeletionSweeper deletions;
    private final ScheduledExecutorService executor;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final RestoredRecords restored = new RestoredRecords();

    private StreamsViews(
            ViewsConfig config,
            KafkaStreams streams,
            Admin admin,
            Progress progress,
            ScheduledExecutorService executor) {
        this.config = config;
        this.streams = streams;
        this.admin = admin;
        this.progress = progress;
        this.executor = executor;
        this.caughtUp = new CaughtUp(
                LogOffsets.of(admin, executor), config.topics(), config.engineGroup(), progress, executor, PATIENCE);
        this.producer = producer(config);
        this.retention = new Retention(
                this, config.topics().commands(), config.retention(), producer, executor, Clock.systemUTC());
        this.deletions = new DeletionSweeper(
                config.topics(),
                this,
                new DeletionSweeper.AllPartitions(this, new PeerViews(this::owners)),
                () -> registryConsumer(config),
                producer);
    }

    /** Starts to read; {@link #awaitReady} tells when questions are answered at once. The topics must exist. */
    public static StreamsViews start(ViewsConfig config) {
        var executor = executor();
        var progress = new Progress(executor);
        var streams = new KafkaStreams(
                ViewsTopology.of(config.topics(), progress),
                new StreamsConfig(properties(config)),
                new TrackedClients(config.topics().executions(), progress));
        streams.setUncaughtExceptionHandler(failure -> {
            LOG.error("A thread of the views failed and is replaced", failure);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        var views = new StreamsViews(config, streams, Admin.create(config.clientProperties()), progress, executor);
        streams.setGlobalStateRestoreListener(views.restored);
        streams.setStateListener((now, before) -> {
            LOG.info("Views go from {} to {}", before, now);
            if (now == KafkaStreams.State.RUNNING || now.hasCompletedShutdown()) {
                views.ready.countDown();
            }
        });
        streams.start();
        views.retention.start();
        views.deletions.start();
        LOG.info("Views started as {} in {}", config.applicationId(), config.dataDir());
        return views;
    }

    private static ScheduledExecutorService executor() {
        var number = new AtomicInteger();
        var executor =
                new ScheduledThreadPoolExecutor(Math.max(2, Runtime.getRuntime().availableProcessors()), task -> {
                    var thread = new Thread(task, "views-query-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    /** For commands that may be repeated. It gives up after a while, since whoever sends tries again. */
    private static Producer<String, byte[]> producer(ViewsConfig config) {
        var properties = config.clientProperties("producer.");
        properties.put("enable.idempotence", true);
        properties.put("acks", "all");
        properties.put("max.block.ms", 5_000);
        properties.put("request.timeout.ms", 5_000);
        properties.put("delivery.timeout.ms", 30_000);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    private static Consumer<String, byte[]> registryConsumer(ViewsConfig config) {
        var properties = config.clientProperties("consumer.");
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private static Map<String, Object> properties(ViewsConfig config) {
        var properties = new TreeMap<String, Object>(config.clientProperties());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, config.dataDir().toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbys());
        properties.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) config.topics().replicationFactor());
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        properties.put(StreamsConfig.POLL_MS_CONFIG, 5);
        // events and statuses of one task need not be read in the order of their timestamps
        properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
        // room for the list rows of a second at some thousand executions a second
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 16L * 1024 * 1024);
        // a busy partition must not wait for the fetch of its idle neighbours
        properties.put(StreamsConfig.mainConsumerPrefix("fetch.max.wait.ms"), 10);
        // nobody waits for the changelogs but a commit, and requests cost more than bytes
        properties.put(StreamsConfig.producerPrefix("linger.ms"), 20);
        properties.put(StreamsConfig.producerPrefix("batch.size"), 128 * 1024);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        properties.put(StreamsConfig.mainConsumerPrefix("isolation.level"), "read_uncommitted");
        properties.put(StreamsConfig.restoreConsumerPrefix("isolation.level"), "read_uncommitted");
        properties.put(StreamsConfig.consumerPrefix("group.instance.id"), config.instanceId());
        properties.put(StreamsConfig.consumerPrefix("session.timeout.ms"), (int)
                config.sessionTimeout().toMillis());
        properties.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), (int)
                config.sessionTimeout().dividedBy(4).toMillis());
        config.server()
                .ifPresent(server ->
                        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, server.host() + ":" + server.port()));
        config.kafka().forEach((key, value) -> {
            if (key.startsWith("streams.")) {
                properties.put(key.substring("streams.".length()), value);
            } else if (key.startsWith("producer.") || key.startsWith("consumer.")) {
                properties.put(key, value);
            }
        });
        return properties;
    }

    public KafkaStreams.State state() {
        return streams.state();
    }

    /** Waits until this instance's partitions are restored and answer. False if that takes longer or the views ended. */
    public boolean awaitReady(Duration atMost) throws InterruptedException {
        return ready.await(atMost.toNanos(), TimeUnit.NANOSECONDS) && state() == KafkaStreams.State.RUNNING;
    }

    /** Leaves the group, so that others take over at once, and closes the stores. */
    @Override
    public void close() {
        retention.stop();
        deletions.close();
        streams.close(CloseOptions.timeout(Duration.ofSeconds(10))
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        admin.close(Duration.ofSeconds(2));
        executor.shutdownNow();
        producer.close(Duration.ofSeconds(2));
        LOG.info("Views stopped");
    }

    // ---- Views

    @Override
    public CompletionStage<Optional<ExecutionStatus>> execution(String executionArn) {
        return executionJson(executionArn)
                .thenApply(json -> json.map(bytes -> {
                    try {
                        return Json.read(bytes, ExecutionStatus.class);
                    } catch (IOException e) {
                        throw new UncheckedIOException("Expected the status of " + executionArn, e);
                    }
                }));
    }

    @Override
    public CompletionStage<Closed> closed(String executionArn) {
        return inPartition(partitionOf(executionArn), deadline(), view -> view.closed(executionArn));
    }

    @Override
    public CompletionStage<ExecutionPage> executions(ExecutionQuery query) {
        return executions(query, allPartitions());
    }

    @Override
    public CompletionStage<List<HistoryEvent>> history(HistoryQuery query) {
        return historyJson(query).thenApply(records -> {
            var events = new ArrayList<HistoryEvent>(records.size());
            for (var json : records) {
                try {
                    events.add(EventRecord.read(json).event());
                } catch (IOException e) {
                    throw new UncheckedIOException("Expected an event of " + query.executionArn(), e);
                }
            }
            return events;
        });
    }

    // ---- for the query server

    /** As {@link #execution}, the record's JSON. */
    CompletableFuture<Optional<byte[]>> executionJson(String executionArn) {
        return shown(executionArn, partitionOf(executionArn), deadline());
    }

    /** As {@link #history}, the records' JSON. */
    CompletableFuture<List<byte[]>> historyJson(HistoryQuery query) {
        return inPartition(partitionOf(query.executionArn()), deadline(), view -> view.history(query));
    }

    /** As {@link #executions}, for some of the partitions. */
    CompletableFuture<ExecutionPage> executions(ExecutionQuery query, Collection<Integer> partitions) {
        long deadline = deadline();
        var pages = partitions.stream()
                .map(partition -> inPartition(partition, deadline, view -> view.executions(query)))
                .toList();
        return CompletableFuture.allOf(pages.toArray(CompletableFuture[]::new))
                .thenApply(done -> ExecutionOrder.merge(
                        pages.stream().map(CompletableFuture::join).toList(), query.limit()));
    }

    /** Completes when the views show what was in these partitions of {@code commands} at the time of the call. */
    CompletableFuture<Void> caughtUp(Collection<Integer> partitions) {
        return CompletableFuture.allOf(partitions.stream().map(caughtUp::now).toArray(CompletableFuture[]::new));
    }

    /** The partitions whose stores are on this instance, restored or on the way. */
    List<Integer> ownPartitions() {
        return streams.metadataForLocalThreads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .map(task -> task.taskId().partition())
                .distinct()
                .sorted()
                .toList();
    }

    List<Integer> allPartitions() {
        return IntStream.range(0, config.partitions()).boxed().toList();
    }

    /** Who answers for which partition, as far as this instance knows. */
    public Map<Integer, HostInfo> owners() {
        var owners = new TreeMap<Integer, HostInfo>();
        for (var instance : streams.metadataForAllStreamsClients()) {
            for (var partition : instance.topicPartitions()) {
                if (partition.topic().equals(config.topics().executions())) {
                    owners.put(partition.partition(), instance.hostInfo());
                }
            }
        }
        return owners;
    }

    /** How many records this instance has read since its start to restore stores that were not there or not complete. */
    public long restored() {
        return restored.count();
    }

    /** For each partition here: how many status records are in the log and not in the stores. */
    public Map<Integer, Long> lag() {
        var lag = new TreeMap<Integer, Long>();
        for (int partition : ownPartitions()) {
            long records = progress.lag(partition);
            if (records >= 0) {
                lag.put(partition, records);
            }
        }
        return lag;
    }

    /** Asks the stores of a partition on the caller's thread. Empty while they are not here or do not answer. */
    <T> Optional<T> read(int partition, Function<PartitionView, T> question) {
        try {
            return Optional.of(question.apply(view(partition)));
        } catch (InvalidStateStoreException moving) {
            return Optional.empty();
        }
    }

    // ---- how it is answered

    /** The partition that holds an execution: as Kafka's default partitioner puts its commands. */
    int partitionOf(String executionArn) {
        return Utils.toPositive(Utils.murmur2(executionArn.getBytes(StandardCharsets.UTF_8))) % config.partitions();
    }

    private CompletableFuture<Optional<byte[]>> shown(String executionArn, int partition, long deadline) {
        return look(executionArn, partition, deadline).thenCompose(look -> switch (look.found()) {
            case SHOWN -> CompletableFuture.completedFuture(look.status());
            case BEFORE_ITS_HISTORY -> laterShown(executionArn, partition, deadline);
            case NOTHING -> appeared(executionArn, partition, deadline);
        });
    }

    /** The status was faster than the events: they are on their way. */
    private CompletableFuture<Optional<byte[]>> laterShown(String executionArn, int partition, long deadline) {
        if (System.nanoTime() - deadline > 0) {
            return CompletableFuture.failedFuture(
                    new TimeoutException("Expected the history of " + executionArn + " up to its status"));
        }
        return after(HISTORY_RECHECK).thenCompose(done -> shown(executionArn, partition, deadline));
    }

    /** Not there (yet): waits for its status or for all that is in the log, whichever comes first. */
    private CompletableFuture<Optional<byte[]>> appeared(String executionArn, int partition, long deadline) {
        var status = progress.awaitStatus(executionArn);
        var everything = caughtUp.now(partition);
        // it may have come between the first look and the wait
        return look(executionArn, partition, deadline)
                .thenCompose(look -> look.found() != Look.Found.NOTHING
                        ? CompletableFuture.completedFuture(null)
                        : within(deadline, CompletableFuture.anyOf(status, everything)))
                .whenComplete((done, failure) -> progress.noLongerAwaited(executionArn, status))
                .thenCompose(done -> look(executionArn, partition, deadline))
                .thenCompose(look -> look.found() != Look.Found.NOTHING
                        ? shown(executionArn, partition, deadline)
                        : absent(executionArn, partition, deadline, everything));
    }

    /** Only the end of the log says that it is not there; a deletion wakes waiters too. */
    private CompletableFuture<Optional<byte[]>> absent(
            String executionArn, int partition, long deadline, CompletableFuture<Void> everything) {
        return within(deadline, everything.copy())
                .thenCompose(done -> look(executionArn, partition, deadline))
                .thenCompose(look -> look.found() != Look.Found.NOTHING
                        ? shown(executionArn, partition, deadline)
                        : CompletableFuture.completedFuture(Optional.empty()));
    }

    private CompletableFuture<Look> look(String executionArn, int partition, long deadline) {
        return inPartition(partition, deadline, view -> Look.at(view, executionArn));
    }

    /** Fails the given future, which nobody else may hold, when the time is over. */
    private static <T> CompletableFuture<T> within(long deadline, CompletableFuture<T> future) {
        return future.orTimeout(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** What the stores have of an execution. */
    private record Look(Found found, Optional<byte[]> status) {

        enum Found {
            NOTHING,
            BEFORE_ITS_HISTORY,
            SHOWN
        }

        static Look at(PartitionView view, String executionArn) {
            var status = view.status(executionArn);
            if (status.isEmpty()) {
                return new Look(Found.NOTHING, status);
            }
            long lastEventId = PartitionView.summary(status.get()).lastEventId();
            return new Look(view.hasEvent(executionArn, lastEventId) ? Found.SHOWN : Found.BEFORE_ITS_HISTORY, status);
        }
    }

    /** Asks the partition's stores; waits for them while they move. */
    private <T> CompletableFuture<T> inPartition(int partition, long deadline, Function<PartitionView, T> question) {
        return CompletableFuture.supplyAsync(() -> tryIn(partition, question), executor)
                .thenCompose(answer -> {
                    if (answer.isPresent()) {
                        return CompletableFuture.completedFuture(answer.get());
                    }
                    if (System.nanoTime() - deadline > 0) {
                        return CompletableFuture.failedFuture(new NotHereException(partition, Optional.empty()));
                    }
                    return after(MOVE_RECHECK).thenCompose(done -> inPartition(partition, deadline, question));
                });
    }

    /** Empty while the partition's stores do not answer. */
    private <T> Optional<T> tryIn(int partition, Function<PartitionView, T> question) {
        var answer = read(partition, question);
        if (answer.isEmpty()) {
            var owner = Optional.ofNullable(owners().get(partition));
            if (config.server().isPresent() && owner.isPresent() && !owner.equals(config.server())) {
                throw new NotHereException(partition, owner);
            }
        }
        return answer;
    }

    private PartitionView view(int partition) {
        return new PartitionView(
                store(ViewsTopology.HISTORY, partition),
                store(ViewsTopology.EXECUTIONS, partition),
                store(ViewsTopology.INDEX, partition),
                store(ViewsTopology.COVERED, partition));
    }

    private ReadOnlyKeyValueStore<Bytes, byte[]> store(String name, int partition) {
        return streams.store(
                StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                        .withPartition(partition));
    }

    private CompletableFuture<Void> after(Duration delay) {
        var later = new CompletableFuture<Void>();
        var unused = executor.schedule(() -> later.complete(null), delay.toNanos(), TimeUnit.NANOSECONDS);
        return later;
    }

    private static long deadline() {
        return System.nanoTime() + PATIENCE.toNanos();
    }
}
