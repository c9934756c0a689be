package io.stepstream.streams.views;

import static io.stepstream.streams.views.Statuses.MACHINE;
import static io.stepstream.streams.views.Statuses.arn;
import static io.stepstream.streams.views.Statuses.event;
import static io.stepstream.streams.views.Statuses.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.ExecutionCommand.ExpireExecution;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.view.RegistryRecord;
import io.stepstream.schemas.view.Views;
import io.stepstream.streams.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class StreamsViewsIT {

    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    @TempDir
    static Path logs;

    @TempDir
    Path stores;

    private static EmbeddedKafka broker;

    private Topics topics;
    private Admin admin;
    private KafkaProducer<String, byte[]> engine;
    private StreamsViews views;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = EmbeddedKafka.start(logs);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void start(TestInfo test) throws Exception {
        topics = Topics.embedded(test.getTestMethod().orElseThrow().getName() + ".");
        Broker.create(broker.properties(), topics);
        admin = Admin.create(broker.properties());
        var properties = new HashMap<>(broker.properties());
        properties.put("transactional.id", topics.prefix());
        engine = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
        engine.initTransactions();
        views = opened(FOR_EVER);
    }

    @AfterEach
    void stop() {
        views.close();
        engine.close();
        admin.close();
    }

    private StreamsViews opened(Duration retention) throws InterruptedException {
        var opened = StreamsViews.start(new ViewsConfig(
                broker.properties(), topics, stores, "only", Optional.empty(), 1, 0, Duration.ofSeconds(6), retention));
        assertThat(opened.awaitReady(Duration.ofSeconds(30))).isTrue();
        return opened;
    }

    @Test
    void whatIsInTheLogIsAnsweredFromEveryPartition() throws Exception {
        engine.beginTransaction();
        for (int i = 0; i < 20; i++) {
            write(status("e" + i, Status.RUNNING, i, i), 2);
        }
        engine.commitTransaction();

        assertThat(get(views.execution(arn("e7"))).map(ExecutionStatus::input)).contains("{\"order\":1}");
        await().untilAsserted(() -> assertThat(listed(Optional.empty()))
                .containsExactlyElementsOf(IntStream.iterate(19, i -> i >= 0, i -> i - 1)
                        .mapToObj(i -> "e" + i)
                        .toList()));
        assertThat(get(views.history(new Views.HistoryQuery(arn("e7"), 1, false, 100))))
                .extracting(event -> event.id())
                .containsExactly(1L, 2L);
        assertThat(get(views.closed(arn("e7"))).exists()).isFalse();
    }

    @Test
    void aStatusWaitsForItsHistory() throws Exception {
        var running = status("late", Status.RUNNING, 1, 1);
        send(topics.executions(), running.executionArn(), running.executionArn(), Json.bytes(running));
        await().until(() -> listed(Optional.empty()).equals(List.of("late")));
        var asked = views.execution(running.executionArn()).toCompletableFuture();
        assertThat(get(views.closed(running.executionArn())).coversOffset()).isEqualTo(1);
        assertThat(asked).isNotDone();

        var second = event("late", 2);
        send(topics.events(), running.executionArn(), second.key(), second.value());
        assertThat(asked.get(10, TimeUnit.SECONDS)).contains(running);
    }

    @Test
    void anExecutionIsAbsentOnceTheEngineHasCommittedWhatWasAsked() throws Exception {
        assertThat(get(views.execution(arn("nobody")))).isEmpty();

        send(topics.commands(), arn("nobody"), arn("nobody"), new byte[] {1});
        var asked = views.execution(arn("nobody")).toCompletableFuture();
        assertThatThrownBy(() -> asked.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(TimeoutException.class);

        engineHasCommitted(arn("nobody"), 1);
        assertThat(get(views.execution(arn("nobody")))).isEmpty();
    }

    @Test
    void describeRightAfterStartFindsTheExecution() throws Exception {
        send(topics.commands(), arn("new"), arn("new"), new byte[] {1});
        var asked = views.execution(arn("new")).toCompletableFuture();
        engine.beginTransaction();
        write(status("new", Status.RUNNING, 1, 0), 2);
        engine.commitTransaction();

        assertThat(asked.get(10, TimeUnit.SECONDS)).isPresent();
    }

    @Test
    void aThousandMissesShareTheirQuestions() throws Exception {
        send(topics.commands(), arn("other"), arn("other"), new byte[] {1});
        engineHasCommitted(arn("other"), 1);
        var misses = IntStream.range(0, 1_000)
                .mapToObj(i -> views.execution(arn("nobody" + i)).toCompletableFuture())
                .toList();
        for (var miss : misses) {
            assertThat(miss.get(10, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void aRolledBackStatusThatComesAgainChangesNothing() throws Exception {
        engine.beginTransaction();
        write(status("a", Status.RUNNING, 1, 1), 2);
        write(status("a", Status.SUCCEEDED, 1, 5), 5);
        engine.flush();
        engine.abortTransaction();
        await().until(() -> listed(Optional.of(Status.SUCCEEDED)).equals(List.of("a")));

        engine.beginTransaction();
        write(status("a", Status.RUNNING, 1, 1), 2);
        write(status(neighbourOf("a"), Status.RUNNING, 1, 2), 2);
        engine.commitTransaction();
        assertThat(get(views.execution(arn(neighbourOf("a"))))).isPresent();
        assertThat(get(views.execution(arn("a"))).map(ExecutionStatus::status)).contains(Status.SUCCEEDED);
    }

    @Test
    void aRestartKeepsTheStores() throws Exception {
        engine.beginTransaction();
        for (int i = 0; i < 50; i++) {
            write(status("e" + i, Status.RUNNING, i, i), 2);
        }
        engine.commitTransaction();
        await().until(() -> listed(Optional.empty()).size() == 50);
        views.close();

        views = opened(FOR_EVER);

        assertThat(views.restored()).isZero();
        assertThat(listed(Optional.empty())).hasSize(50);
        assertThat(get(views.execution(arn("e0")))).isPresent();
    }

    @Test
    void storesThatAreGoneComeBackFromTheTopics() throws Exception {
        engine.beginTransaction();
        for (int i = 0; i < 50; i++) {
            write(status("e" + i, Status.SUCCEEDED, i, i), 5);
        }
        engine.commitTransaction();
        await().until(() -> listed(Optional.empty()).size() == 50);
        views.close();

        stores = stores.resolve("elsewhere");
        views = opened(FOR_EVER);

        assertThat(views.restored()).isGreaterThanOrEqualTo(50 * (5 + 1 + 2));
        assertThat(listed(Optional.of(Status.SUCCEEDED))).hasSize(50);
        assertThat(get(views.history(new Views.HistoryQuery(arn("e3"), 0, true, 100))))
                .hasSize(5);
        assertThat(get(views.closed(arn("e3"))).exists()).isTrue();
    }

    @Test
    void anExpiredExecutionIsReportedToTheEngine() throws Exception {
        engine.beginTransaction();
        write(status("ancient", Status.SUCCEEDED, 1, 1), 5);
        write(status("open", Status.RUNNING, 1, 2), 2);
        engine.commitTransaction();
        await().until(() -> listed(Optional.empty()).size() == 2);
        views.close();
        views = opened(ViewsConfig.DEFAULT_RETENTION);

        var command = (ExpireExecution)
                Json.read(firstRecord(topics.commands(), views.partitionOf(arn("ancient"))), ExecutionCommand.class);
        assertThat(command).isEqualTo(new ExpireExecution(arn("ancient"), 5, 1));
    }

    @Test
    void theDeletionOfAMachineEndsWhenNothingRuns() throws Exception {
        engine.beginTransaction();
        write(status("last", Status.RUNNING, 1, 1), 2);
        var machine = new RegistryRecord.Machine(
                MACHINE,
                "orders",
                "STANDARD",
                RegistryRecord.MachineStatus.DELETING,
                Statuses.START,
                3,
                0,
                Optional.empty(),
                Map.of(),
                7);
        var unused = engine.send(new ProducerRecord<>(topics.registry(), MACHINE, Json.bytes(machine)));
        engine.commitTransaction();
        await().until(() -> listed(Optional.of(Status.RUNNING)).equals(List.of("last")));
        var running = new DeletionSweeper.AllPartitions(views, new PeerViews(views::owners));
        assertThat(running.idle(List.of(machine))).isEmpty();

        engine.beginTransaction();
        write(status("last", Status.ABORTED, 1, 2), 5);
        engine.commitTransaction();

        assertThat(Json.read(firstRecord(topics.registryCommands(), 0), RegistryCommand.class))
                .isEqualTo(new RegistryCommand.FinishDeletion(MACHINE, 3, Optional.empty()));
        assertThat(running.idle(List.of(machine))).containsExactly(machine);
    }

    /** Waits for it. */
    private static byte[] firstRecord(String topic, int partition) {
        var properties = new HashMap<>(broker.properties());
        properties.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            var from = new TopicPartition(topic, partition);
            consumer.assign(List.of(from));
            consumer.seekToBeginning(List.of(from));
            var records = await().until(() -> consumer.poll(Duration.ofMillis(200)), found -> !found.isEmpty());
            return records.iterator().next().value();
        }
    }

    /** The name of another execution in the same partition. */
    private String neighbourOf(String name) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "neighbour" + i)
                .filter(other -> views.partitionOf(arn(other)) == views.partitionOf(arn(name)))
                .findFirst()
                .orElseThrow();
    }

    private List<String> listed(Optional<Status> status) throws Exception {
        return get(views.executions(new Views.ExecutionQuery(MACHINE, status, Optional.empty(), 100)))
                .executions()
                .stream()
                .map(ExecutionStatus::name)
                .toList();
    }

    /** The status with its events from 1 on, as the engine writes them: in one transaction. */
    private void write(ExecutionStatus status, long lastEvent) {
        for (long id = 1; id <= lastEvent; id++) {
            var event = event(status.name(), id);
            var unused = engine.send(new ProducerRecord<>(
                    topics.events(), views.partitionOf(status.executionArn()), event.key(), event.value()));
        }
        var unused = engine.send(new ProducerRecord<>(topics.executions(), status.executionArn(), Json.bytes(status)));
    }

    private void send(String topic, String arn, String key, byte[] value) throws Exception {
        if (topic.equals(topics.commands())) {
            try (var plain =
                    new KafkaProducer<>(broker.properties(), new StringSerializer(), new ByteArraySerializer())) {
                plain.send(new ProducerRecord<>(topic, key, value)).get();
            }
            return;
        }
        engine.beginTransaction();
        var unused = engine.send(new ProducerRecord<>(topic, views.partitionOf(arn), key, value));
        engine.commitTransaction();
    }

    private void engineHasCommitted(String arn, long offset) throws Exception {
        admin.alterConsumerGroupOffsets(
                        topics.prefix() + "engine",
                        Map.of(
                                new TopicPartition(topics.commands(), views.partitionOf(arn)),
                                new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
