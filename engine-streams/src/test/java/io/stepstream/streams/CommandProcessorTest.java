package io.stepstream.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ActivityCommand;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.event.EventRecord;
import io.stepstream.schemas.topic.Position;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.view.RegistryRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules 1, 2 and 8 at the edge between Kafka and the deciders: keys, stores, routing. */
final class CommandProcessorTest {

    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
    private static final Uuid TOPIC_ID = new Uuid(7, 8);
    private static final String KEY = "arn:aws:states:us-east-1:123456789012:execution:m:e";

    private final MockProducer<byte[], byte[]> effects =
            new MockProducer<>(true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
    private final EffectsProducer effectsProducer = new EffectsProducer(effects, 1, () -> 0, Failpoints.NONE);
    private Topics topics = Topics.embedded("t.");
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> commands;

    @BeforeEach
    void startTopology(@TempDir Path folder) {
        var config = EngineConfig.of(
                Map.of(
                        EngineConfig.TOPIC_PREFIX.key(), "t.",
                        EngineConfig.COMMAND_PARTITIONS.key(), "3"),
                "a secret of the tests".getBytes(StandardCharsets.UTF_8));
        topics = config.topics();
        var logs = new InputLogs() {
            @Override
            public Uuid topicId(String topic) {
                return TOPIC_ID;
            }

            @Override
            public long endOffset(String topic, int partition) {
                return Long.MAX_VALUE;
            }
        };
        var surroundings = new CommandProcessor.Surroundings(
                config, new EffectRouter(topics), logs, () -> effectsProducer, NoServices.workers());
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        driver = new TopologyTestDriver(EngineTopology.of(Toys.parts(topics), surroundings), properties, START);
        commands = driver.createInputTopic(topics.commands(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void stopTopology() {
        driver.close();
    }

    private void send(ExecutionCommand command) {
        send(command, new RecordHeaders());
    }

    private void send(ExecutionCommand command, Headers headers) {
        commands.pipeInput(new TestRecord<>(KEY.getBytes(StandardCharsets.UTF_8), Json.bytes(command), headers, START));
    }

    private static Headers position(String source, long offset, int index) {
        var text = new Position(source, offset, index).text();
        return new RecordHeaders().add(Position.HEADER, text.getBytes(StandardCharsets.UTF_8));
    }

    private List<TestRecord<byte[], byte[]>> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private List<String> events() throws IOException {
        var events = output(topics.events());
        var texts = new ArrayList<String>();
        for (var event : events) {
            var record = EventRecord.read(event.value());
            assertThat(new String(event.key(), StandardCharsets.UTF_8)).isEqualTo(record.key());
            texts.add(record.event().id() + " " + World.output(record));
        }
        return texts;
    }

    private static String header(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static ReplyTo reply(String id) {
        return new ReplyTo(2, id);
    }

    @Test
    void aCommandBecomesEventsInTheTransactionAndEffectsWithPositions() throws IOException {
        send(Toys.tellActivity(KEY, reply("r1")));

        var event = output(topics.events()).get(0);
        assertThat(new String(event.key(), StandardCharsets.UTF_8)).isEqualTo(KEY + "#0000000001");
        assertThat(header(event.headers(), "ce_id")).isEqualTo(KEY + "#1");
        assertThat(header(event.headers(), "ce_source"))
                .isEqualTo("arn:aws:states:us-east-1:123456789012:stateMachine:m");

        assertThat(effects.history()).hasSize(4);
        var reply = effects.history().get(0);
        assertThat(reply.topic()).isEqualTo(topics.replies());
        assertThat(reply.partition()).isEqualTo(2);
        assertThat(new String(reply.key(), StandardCharsets.UTF_8)).isEqualTo("r1");
        assertThat(Json.read(reply.value(), Reply.class)).isEqualTo(new Reply.NotOpen(1));
        assertThat(effects.history().stream().map(effect -> header(effect.headers(), Position.HEADER)))
                .containsExactly(TOPIC_ID + "-0/0/0", TOPIC_ID + "-0/0/1", TOPIC_ID + "-0/0/2", TOPIC_ID + "-0/0/3");
        var task = effects.history().get(3);
        assertThat(task.topic()).isEqualTo(topics.activityTasks());
        assertThat(task.partition()).as("left to Kafka's partitioner").isNull();
        assertThat(Json.read(task.value(), ActivityCommand.class).activityArn()).isEqualTo(Toys.ACTIVITY);
    }

    @Test
    void aRepeatedEffectChangesNothing() throws IOException {
        for (int index = 0; index < 3; index++) {
            send(Toys.count(KEY, reply("first")), position("source", 5, index));
        }
        assertThat(events()).hasSize(3);
        effects.clear();

        for (int index = 0; index < 3; index++) {
            send(Toys.count(KEY, reply("again")), position("source", 5, index));
        }
        send(Toys.count(KEY, reply("late")), position("source", 4, 9));

        assertThat(events()).isEmpty();
        assertThat(effects.history()).isEmpty();
        send(Toys.count(KEY, reply("next")), position("source", 6, 0));
        send(Toys.count(KEY, reply("other")), position("other source", 0, 0));
        assertThat(events()).hasSize(2);
    }

    @Test
    void chanceAndTimeAreTheLogsAndNotThoseOfTheProcess(@TempDir Path another) throws IOException {
        send(Toys.count(KEY, reply("r")));
        var first = events();
        driver.close();
        startTopology(another);

        send(Toys.count(KEY, reply("r")));

        assertThat(events()).isEqualTo(first);
    }

    @Test
    void aBugDropsWhatItWroteAndFailsOnlyItsOwnCommand() throws IOException {
        send(Toys.count(KEY, reply("before")));
        send(Toys.bug(KEY));
        send(Toys.count(KEY, reply("after")));

        var events = events();
        assertThat(events.get(1)).isEqualTo("2 the toy's bug");
        assertThat(events.get(2)).startsWith("3 ");
        assertThat(effects.history()).hasSize(2);
    }

    @Test
    void aRecordThatIsTooLargeIsABugOfItsCommand() throws IOException {
        send(Toys.tooLarge(KEY));

        assertThat(events().get(0)).startsWith("1 Expected a record of at most");
        assertThat(effects.history()).isEmpty();
    }

    @Test
    void aReplyToAPartitionThatDoesNotExistGoesNowhere() throws IOException {
        send(Toys.count(KEY, new ReplyTo(99, "lost")));

        assertThat(events()).hasSize(1);
        assertThat(effects.history()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsRejectedAndTheNextIsApplied() throws IOException {
        var key = KEY.getBytes(StandardCharsets.UTF_8);
        var headers = new RecordHeaders().add("traceparent", new byte[] {1});
        commands.pipeInput(new TestRecord<>(key, new byte[] {'{'}, headers, START));
        commands.pipeInput(new TestRecord<>(key, "null".getBytes(StandardCharsets.UTF_8), START));
        commands.pipeInput(new TestRecord<>(key, null, START));
        commands.pipeInput(new TestRecord<>(null, Json.bytes(Toys.bug(KEY)), START));
        commands.pipeInput(new TestRecord<>(
                key, Json.bytes(Toys.bug(KEY)), new RecordHeaders().add(Position.HEADER, new byte[] {'?'}), START));
        send(Toys.count(KEY, reply("next")));

        var rejected = output(topics.rejected());
        assertThat(rejected).hasSize(5);
        assertThat(rejected.get(0).value()).isEqualTo(new byte[] {'{'});
        assertThat(rejected.get(0).headers().lastHeader("traceparent").value()).isEqualTo(new byte[] {1});
        assertThat(header(rejected.get(0).headers(), "stepstream-origin")).isEqualTo(topics.commands() + "-0-0");
        assertThat(header(rejected.get(4).headers(), "stepstream-reason")).contains("a position in the header");
        assertThat(events()).hasSize(1);
    }

    @Test
    void aRefusedStartIsToldInTheTransactionWithWhereItCameFrom() {
        send(Toys.refuse(KEY, "start-requests-1-5"));

        var rejected = output(topics.rejected());
        assertThat(rejected).hasSize(1);
        assertThat(new String(rejected.get(0).value(), StandardCharsets.UTF_8)).isEqualTo("{\"name\":\"" + KEY + "\"}");
        var headers = rejected.get(0).headers();
        assertThat(header(headers, "stepstream-error")).isEqualTo("StateMachineDoesNotExist");
        assertThat(header(headers, "stepstream-reason")).isEqualTo("It went");
        assertThat(header(headers, "stepstream-origin")).isEqualTo("start-requests-1-5");
    }

    @Test
    void aTimerFiresWhenItIsDueAndNotBefore() {
        send(Toys.timer(KEY, START.plusSeconds(10)));

        driver.advanceWallClockTime(Duration.ofMillis(9_999));
        assertThat(effects.history()).isEmpty();
        driver.advanceWallClockTime(Duration.ofMillis(1));

        assertThat(effects.history()).hasSize(1);
        var due = effects.history().get(0);
        assertThat(due.topic()).isEqualTo(topics.commands());
        assertThat(due.partition()).isZero();
        assertThat(due.headers().lastHeader(Position.HEADER))
                .as("stamps suffice")
                .isNull();
    }

    @Test
    void aTimerDueThatComesTooEarlyChangesNothing() throws IOException {
        send(Toys.timer(KEY, START.plusSeconds(10)));
        driver.advanceWallClockTime(Duration.ofSeconds(10));
        var due = effects.history().get(0);
        assertThat(events()).hasSize(1);

        deliver(due, START.plusSeconds(9));
        assertThat(events()).isEmpty();

        deliver(due, START.plusSeconds(10));
        assertThat(events()).hasSize(1);
    }

    private void deliver(ProducerRecord<byte[], byte[]> effect, Instant appended) {
        commands.pipeInput(new TestRecord<>(effect.key(), effect.value(), effect.headers(), appended));
    }

    @Test
    void aTimerFarAwayFiresToTheMillisecond() {
        driver.advanceWallClockTime(Duration.ofMillis(1));
        send(Toys.timer(KEY, START.plus(Duration.ofDays(1))));

        driver.advanceWallClockTime(Duration.ofDays(1).minusMillis(2));
        assertThat(effects.history()).isEmpty();
        driver.advanceWallClockTime(Duration.ofMillis(1));
        assertThat(effects.history()).hasSize(1);
    }

    @Test
    void semanticsThatNobodyKnowsStopTheTask() {
        assertThatThrownBy(() -> send(new ExecutionCommand.SemanticsRaised(LogGuard.SEMANTICS + 1)))
                .hasRootCauseInstanceOf(LogBrokenException.class);
    }

    @Test
    void theRegistryTellsEveryPartitionAndThenPublishes() throws IOException {
        var registry = driver.createInputTopic(
                topics.registryCommands(), new ByteArraySerializer(), new ByteArraySerializer());
        var command = new RegistryCommand.DeleteActivity(Toys.ACTIVITY, Optional.empty());
        registry.pipeInput(Toys.ACTIVITY.getBytes(StandardCharsets.UTF_8), Json.bytes(command));

        assertThat(effects.history().stream().map(ProducerRecord::partition)).containsExactly(0, 1, 2);
        assertThat(effects.history().stream().map(effect -> header(effect.headers(), Position.HEADER)))
                .containsOnly(TOPIC_ID + "-0/0/0");
        var published = output(topics.registry());
        assertThat(published).hasSize(1);
        assertThat(Json.read(published.get(0).value(), RegistryRecord.class).position())
                .isZero();
    }
}
