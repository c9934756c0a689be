package io.stepstream.gateway.bus;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.view.RegistryRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry in memory. One thread reads the one partition of {@code registry} from its beginning, committed records only,
 * and serves who waits for a place in it; readers look at concurrent maps and never wait.
 *
 * <p>Two kinds of place are waited for. An offset of {@code registry} ({@link #caughtUp}): reached when the consumer's position
 * is there. An offset of {@code registry-commands} ({@link #applied}): records carry it and come in its order, but one command
 * may make several, so it is reached when a higher one is seen or nothing is left to read.
 */
public final class KafkaRegistryView implements RegistryView, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaRegistryView.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final EndOffset endOffset;
    private final Executor callers;
    private final ConcurrentNavigableMap<String, RegistryRecord.Machine> machines = new ConcurrentSkipListMap<>();
    private final ConcurrentNavigableMap<String, RegistryRecord.Activity> activities = new ConcurrentSkipListMap<>();
    private final ConcurrentNavigableMap<String, RegistryRecord.Version> versions = new ConcurrentSkipListMap<>();
    private final ConcurrentNavigableMap<String, RegistryRecord.Alias> aliases = new ConcurrentSkipListMap<>();
    private final ConcurrentMap<String, RegistryRecord.Revision> revisions = new ConcurrentHashMap<>();
    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread poller;
    private volatile long position;
    private volatile long highestSeen = -1;
    private volatile long appliedUpTo = -1;

    /** Someone who waits for a condition on the view, checked whenever the view has moved. */
    private record Waiter(BooleanSupplier reached, CompletableFuture<Void> done) {}

    /**
     * @param endOffset asks the brokers for the offset behind the last committed record, without blocking
     * @param callers runs what has been chained to the stages that this class returns
     */
    KafkaRegistryView(
            Consumer<byte[], byte[]> consumer,
            String topic,
            Supplier<CompletionStage<Long>> endOffset,
            Executor callers) {
        this.consumer = consumer;
        this.partition = new TopicPartition(topic, 0);
        this.endOffset = new EndOffset(endOffset);
        this.callers = callers;
        this.poller = new Thread(this::run, "registry");
        poller.setDaemon(true);
    }

    /** Begins to read; {@link #loaded} tells when the view can be used. */
    public static KafkaRegistryView start(Topics topics, ClientProperties clients, Admin admin, Executor callers) {
        var defaults = new LinkedHashMap<String, Object>();
        defaults.put(ConsumerConfig.CLIENT_ID_CONFIG, topics.prefix() + "gateway-registry");
        var fixed = Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        var consumer = new KafkaConsumer<>(
                clients.consumer(defaults, fixed), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        var view = new KafkaRegistryView(consumer, topics.registry(), () -> lastStable(admin, topics), callers);
        view.start();
        return view;
    }

    private static CompletionStage<Long> lastStable(Admin admin, Topics topics) {
        var partition = new TopicPartition(topics.registry(), 0);
        return admin.listOffsets(
                        Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .partitionResult(partition)
                .toCompletionStage()
                .thenApply(result -> result.offset());
    }

    void start() {
        poller.start();
    }

    /** Completes when everything has been read that was there at the start. */
    public CompletionStage<Void> loaded() {
        return loaded;
    }

    @Override
    public Optional<RegistryRecord.Machine> machine(String arn) {
        return Optional.ofNullable(machines.get(arn));
    }

    @Override
    public Optional<RegistryRecord.Revision> revision(String stateMachineArn, long revision) {
        return Optional.ofNullable(revisions.get(revisionKey(stateMachineArn, revision)));
    }

    @Override
    public Optional<RegistryRecord.Version> version(String arn) {
        return Optional.ofNullable(versions.get(arn));
    }

    @Override
    public Optional<RegistryRecord.Alias> alias(String arn) {
        return Optional.ofNullable(aliases.get(arn));
    }

    @Override
    public List<RegistryRecord.Version> versions(String stateMachineArn) {
        return qualified(versions, stateMachineArn);
    }

    @Override
    public List<RegistryRecord.Alias> aliases(String stateMachineArn) {
        return qualified(aliases, stateMachineArn);
    }

    private static <T> List<T> qualified(NavigableMap<String, T> all, String stateMachineArn) {
        return List.copyOf(all.subMap(stateMachineArn + ':', stateMachineArn + (char) (':' + 1))
                .values());
    }

    @Override
    public Optional<RegistryRecord.Activity> activity(String arn) {
        return Optional.ofNullable(activities.get(arn));
    }

    @Override
    public List<RegistryRecord.Machine> machines(Optional<String> afterArn, int limit) {
        return page(machines, afterArn, limit);
    }

    @Override
    public List<RegistryRecord.Activity> activities(Optional<String> afterArn, int limit) {
        return page(activities, afterArn, limit);
    }

    private static <T> List<T> page(NavigableMap<String, T> all, Optional<String> afterArn, int limit) {
        var rest = afterArn.isPresent() ? all.tailMap(afterArn.get(), false) : all;
        return rest.values().stream().limit(limit).toList();
    }

    @Override
    public CompletionStage<Void> caughtUp() {
        return endOffset.asOfNow().thenCompose(end -> when(() -> position >= end));
    }

    /**
     * Completes when the records are here that the command at {@code commandOffset} of {@code registry-commands} made. A
     * deletion makes none that carries an offset: then the resource's absence will do.
     *
     * @param deleted the ARN that the command deletes
     */
    CompletableFuture<Void> applied(long commandOffset, Optional<String> deleted) {
        if (deleted.isEmpty()) {
            return when(() -> appliedUpTo >= commandOffset);
        }
        var arn = deleted.get();
        return when(() -> appliedUpTo >= commandOffset || isAbsent(arn));
    }

    private boolean isAbsent(String arn) {
        return !machines.containsKey(arn)
                && !versions.containsKey(arn)
                && !aliases.containsKey(arn)
                && !activities.containsKey(arn);
    }

    private CompletableFuture<Void> when(BooleanSupplier reached) {
        if (reached.getAsBoolean()) {
            return CompletableFuture.completedFuture(null);
        }
        var waiter = new Waiter(reached, new CompletableFuture<>());
        waiters.add(waiter);
        // The view may have moved between the look above and the entry in the list.
        if (reached.getAsBoolean()) {
            waiter.done().complete(null);
        }
        return waiter.done();
    }

    private void run() {
        boolean assigned = false;
        while (closing.getCount() > 0) {
            try {
                if (!assigned) {
                    consumer.assign(List.of(partition));
                    consumer.seekToBeginning(List.of(partition));
                    assigned = true;
                    load();
                }
                for (var record : consumer.poll(POLL)) {
                    apply(record);
                }
                moved();
            } catch (WakeupException e) {
                LOG.debug("Woken up to close");
            } catch (KafkaException | RejectedExecutionException e) {
                LOG.warn("Expected to read {}, but {}: trying again", partition, e.toString());
                pause();
            }
        }
        consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }

    private void load() {
        caughtUp().whenComplete((done, failure) -> {
            if (failure == null) {
                LOG.info("The registry is loaded: {} machines, {} activities", machines.size(), activities.size());
                loaded.complete(null);
            } else if (closing.getCount() > 0) {
                LOG.warn("Expected to learn the end of {}, but {}: asking again", partition, failure.toString());
                CompletableFuture.delayedExecutor(RETRY_AFTER.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(this::load);
            }
        });
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        var key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            machines.remove(key);
            versions.remove(key);
            aliases.remove(key);
            activities.remove(key);
            revisions.remove(key);
            return;
        }
        RegistryRecord value;
        try {
            value = Json.read(record.value(), RegistryRecord.class);
        } catch (IOException e) {
            LOG.error(
                    "Expected {} to hold records that this version can read, but {}: {}",
                    partition,
                    key,
                    e.getMessage());
            return;
        }
        // Plain instanceof: the family is small and sealed, and this is the only place that takes it apart.
        if (value instanceof RegistryRecord.Machine machine) {
            machines.put(key, machine);
        } else if (value instanceof RegistryRecord.Activity activity) {
            activities.put(key, activity);
        } else if (value instanceof RegistryRecord.Version version) {
            versions.put(key, version);
        } else if (value instanceof RegistryRecord.Alias alias) {
            aliases.put(key, alias);
        } else if (value instanceof RegistryRecord.Revision revision) {
            revisions.put(key, revision);
        }
        highestSeen = Math.max(highestSeen, value.position());
    }

    /** After each poll: where the view stands now, and whom that serves. */
    private void moved() {
        position = consumer.position(partition);
        boolean nothingLeft = consumer.currentLag(partition).orElse(1) == 0;
        appliedUpTo = nothingLeft ? highestSeen : Math.max(appliedUpTo, highestSeen - 1);
        waiters.removeIf(waiter -> {
            if (!waiter.done().isDone() && waiter.reached().getAsBoolean()) {
                callers.execute(() -> waiter.done().complete(null));
                return true;
            }
            return waiter.done().isDone();
        });
    }

    private static String revisionKey(String stateMachineArn, long revision) {
        return stateMachineArn + "#" + revision;
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

    @Override
    public void close() {
        closing.countDown();
        consumer.wakeup();
        try {
            poller.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var stopped = new UnknownFateException("Expected to read the registry, but this gateway stops");
        loaded.completeExceptionally(stopped);
        waiters.forEach(waiter -> waiter.done().completeExceptionally(stopped));
    }
}
