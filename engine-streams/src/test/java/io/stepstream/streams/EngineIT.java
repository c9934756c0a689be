package io.stepstream.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.ReplyTo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KafkaStreams;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine on a real broker: start, restart, commits, timers, and the logs that it refuses. */
@Timeout(120)
final class EngineIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static EmbeddedKafka kafka;
    private static Admin admin;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startKafka(@TempDir Path data) {
        kafka = EmbeddedKafka.start(data);
        admin = Admin.create(kafka.properties());
    }

    @AfterAll
    static void stopKafka() {
        admin.close();
        kafka.close();
    }

    private EngineStreams start(World world) {
        return EngineStreams.start(world.config(folder), kafka.properties(), Toys.parts(world.topics()));
    }

    private EngineStreams startAndAwait(World world) throws InterruptedException {
        var engine = start(world);
        assertThat(engine.awaitReady(PATIENCE))
                .as("ready, failure: " + engine.failure())
                .isTrue();
        return engine;
    }

    private void runAndStop(World world, int counts) throws InterruptedException {
        try (var engine = startAndAwait(world)) {
            for (int i = 0; i < counts; i++) {
                world.send("counter", Toys.count("counter", new ReplyTo(0, "c" + i)));
            }
            world.awaitEvents("counter", counts);
            assertThat(engine.state()).isEqualTo(KafkaStreams.State.RUNNING);
        }
    }

    private void assertRefused(World world, Class<? extends Exception> why, String message)
            throws InterruptedException {
        try (var engine = start(world)) {
            engine.awaitEnd();
            assertThat(engine.state()).isEqualTo(KafkaStreams.State.ERROR);
            assertThat(engine.failure()).hasRootCauseInstanceOf(why).rootCause().hasMessageContaining(message);
        }
    }

    private static TopicPartition partitionOf(World world, String key) {
        int partition = Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % 2;
        return new TopicPartition(world.topics().commands(), partition);
    }

    @Test
    void commandsThatWereThereBeforeTheFirstStartAreApplied() throws Exception {
        var world = new World(kafka, "first.");
        try (var engine = startAndAwait(world)) {
            assertThat(engine.failure()).isNull();
        }
        var another = new World(kafka, "first-again.");
        new TopicAdmin(admin).ensure(another.topics(), true);
        another.send("counter", Toys.count("counter", new ReplyTo(0, "c")));

        try (var engine = startAndAwait(another)) {
            assertThat(another.awaitEvents("counter", 1)).hasSize(1);
            assertThat(engine.failure()).isNull();
        }
    }

    @Test
    void aCleanRestartGoesOnWithoutWaitingForTheSessionToEnd() throws Exception {
        var world = new World(kafka, "restart.").with(EngineConfig.SESSION_TIMEOUT, "110s");
        runAndStop(world, 3);

        try (var engine = startAndAwait(world)) {
            world.send("counter", Toys.count("counter", new ReplyTo(0, "again")));
            var events = world.awaitEvents("counter", 4);
            assertThat(events.stream().map(event -> event.event().id()))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 4).boxed().toList());
            assertThat(engine.failure()).isNull();
        }
    }

    @Test
    void aCommitWritesTheGuardsRowOnceHoweverManyCommandsItHas() throws Exception {
        var world = new World(kafka, "guard.").with(EngineConfig.COMMIT_INTERVAL, "1s");
        try (var engine = startAndAwait(world)) {
            world.sendAll(Collections.nCopies(500, "counter"), key -> Toys.count(key, new ReplyTo(0, "c")));
            world.awaitEvents("counter", 500);
            assertThat(engine.failure()).isNull();
        }
        assertThat(world.count("guard.engine-executions-meta-changelog")).isBetween(1, 100);
        assertThat(world.count("guard.engine-executions-rows-changelog")).isEqualTo(500);
    }

    @Test
    void anIdleEngineCommitsNothing() throws Exception {
        var world = new World(kafka, "idle.");
        var commits = new AtomicInteger();
        try (var engine =
                EngineStreams.start(world.config(folder), kafka.properties(), Toys.parts(world.topics()), point -> {
                    if (point == Failpoints.Point.BEFORE_COMMIT) {
                        commits.incrementAndGet();
                    }
                })) {
            assertThat(engine.awaitReady(PATIENCE)).isTrue();
            world.send("counter", Toys.timer("counter", Instant.now().plusSeconds(3_600)));
            world.awaitEvents("counter", 1);
            int before = commits.get();

            // long enough for twenty commits: the reader finds nothing in that time
            assertThat(world.eventsWithin(Duration.ofSeconds(2), "nobody")).isEmpty();

            assertThat(commits.get() - before).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void timersFireOnceAndNotBeforeTheyAreDue() throws Exception {
        var world = new World(kafka, "timers.");
        var keys = IntStream.range(0, 200).mapToObj(i -> "sleeper" + i).toList();
        try (var engine = startAndAwait(world)) {
            var due = Instant.ofEpochMilli(Instant.now().toEpochMilli()).plusSeconds(2);
            world.sendAll(keys, key -> Toys.timer(key, due.plusMillis(keys.indexOf(key))));
            for (var event : world.awaitEvents(keys::contains, 2 * keys.size())) {
                if (event.event().id() == 2) {
                    assertThat(event.event().timestamp())
                            .isAfterOrEqualTo(due.plusMillis(keys.indexOf(event.executionArn())));
                }
            }
            world.sendAll(keys, key -> Toys.count(key, new ReplyTo(0, "after")));
            world.awaitEvents(keys::contains, 3 * keys.size());

            assertThat(world.count(world.topics().events())).isEqualTo(3 * keys.size());
            assertThat(engine.failure()).isNull();
        }
    }

    @Test
    void everyPartitionKnowsBeforeTheRegistrySaysSo() throws Exception {
        var world = new World(kafka, "registry.");
        try (var engine = startAndAwait(world)) {
            var command = new RegistryCommand.DeleteActivity(Toys.ACTIVITY, Optional.empty());
            world.send(world.topics().registryCommands(), Toys.ACTIVITY, Json.bytes(command));
            world.awaitAny(world.topics().registry());

            assertThat(world.count(world.topics().commands())).isEqualTo(2);
            assertThat(engine.failure()).isNull();
        }
    }

    @Test
    void anotherTopicOfTheSameNameStopsTheEngine() throws Exception {
        var world = new World(kafka, "recreated.");
        runAndStop(world, 3);
        var commands = world.topics().all().get(0);
        admin.deleteTopics(List.of(commands.name())).all().get();
        recreate(new NewTopic(commands.name(), commands.partitions(), (short) 1).configs(commands.config()));

        assertRefused(world, LogBrokenException.class, "deleted and created again");
    }

    /** Deletion takes effect a little after it was confirmed. */
    private static void recreate(NewTopic topic) {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            try {
                admin.createTopics(List.of(topic)).all().get();
                return true;
            } catch (ExecutionException e) {
                return false;
            }
        });
    }

    @Test
    void missingRecordsStopTheEngine() throws Exception {
        var world = new World(kafka, "missing.");
        runAndStop(world, 3);
        for (int i = 0; i < 6; i++) {
            world.send("counter", Toys.count("counter", new ReplyTo(0, "lost")));
        }
        admin.deleteRecords(Map.of(partitionOf(world, "counter"), RecordsToDelete.beforeOffset(5)))
                .all()
                .get();

        assertRefused(world, OffsetOutOfRangeException.class, "out of range");
    }

    @Test
    void stateThatWasLostStopsTheEngine() throws Exception {
        var world = new World(kafka, "lost.");
        runAndStop(world, 3);
        var changelogs = admin.listTopics().names().get().stream()
                .filter(name -> name.startsWith("lost.engine-"))
                .toList();
        assertThat(changelogs).isNotEmpty();
        admin.deleteTopics(changelogs).all().get();
        Utils.delete(folder.resolve("engine").toFile());
        world.send("counter", Toys.count("counter", new ReplyTo(0, "next")));

        assertRefused(world, LogBrokenException.class, "Expected offset 0 next");
    }

    @Test
    void semanticsThatThisBinaryDoesNotKnowStopTheEngine() throws Exception {
        var world = new World(kafka, "semantics.");
        runAndStop(world, 1);
        world.send("counter", new ExecutionCommand.SemanticsRaised(LogGuard.SEMANTICS + 1));

        assertRefused(world, LogBrokenException.class, "Start a newer version");
    }

    @Test
    void topicsThatAreMissingAndMayNotBeCreatedAreAskedFor() {
        var world = new World(kafka, "absent.").with(EngineConfig.CREATE_TOPICS, "false");

        assertThatThrownBy(() -> start(world).close())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("--create --topic absent.commands --partitions 2 --replication-factor 1")
                .hasMessageContaining("--config message.timestamp.type=LogAppendTime");
    }

    @Test
    void topicsThatDifferFromThePlanAreRefused() throws IOException, ExecutionException, InterruptedException {
        var world = new World(kafka, "other.");
        admin.createTopics(List.of(new NewTopic("other.commands", 3, (short) 1)))
                .all()
                .get();

        assertThatThrownBy(() -> start(world).close())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("other.commands: expected 2 partitions, but 3")
                .hasMessageContaining("expected message.timestamp.type=LogAppendTime, but CreateTime");
    }
}
