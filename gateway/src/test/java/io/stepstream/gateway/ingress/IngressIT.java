package io.stepstream.gateway.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.gateway.FakeRegistry;
import io.stepstream.gateway.FakeViews;
import io.stepstream.gateway.bus.EmbeddedKafka;
import io.stepstream.gateway.bus.KafkaCommandBus;
import io.stepstream.gateway.bus.KafkaRegistryView;
import io.stepstream.gateway.bus.ScriptedEngine;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.api.Names;
import io.stepstream.schemas.command.ExecutionCommand.StartExecution;
import io.stepstream.schemas.command.ExecutionCommand.TaskFailed;
import io.stepstream.schemas.command.ExecutionCommand.TaskSucceeded;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.schemas.topic.Position;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.view.RegistryRecord.MachineStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IngressIT {

    private static final byte[] SECRET = "sixteen bytes and some more".getBytes(UTF_8);
    private static final Instant THEN = Instant.parse("2026-11-22T12:00:00Z");
    private static final String MACHINE = FakeRegistry.ACCOUNT + "stateMachine:orders";

    private final EmbeddedKafka kafka = EmbeddedKafka.shared();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final ExecutorService callers = Executors.newFixedThreadPool(2);
    private final Admin admin = kafka.admin();

    @AfterEach
    void closeInReverse() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        admin.close();
        callers.shutdownNow();
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.add(part);
        return part;
    }

    /** As the engine: each position of a source once, names for ever. */
    private static final class Engine implements ScriptedEngine.Script {

        private final Map<String, Position> positions = new ConcurrentHashMap<>();
        private final Map<String, String> names = new ConcurrentHashMap<>();
        private final List<StartExecution> started = Collections.synchronizedList(new ArrayList<>());
        private volatile boolean silent;

        @Override
        public void decide(ScriptedEngine.Received received, ScriptedEngine engine) {
            var header = received.record().headers().lastHeader(Position.HEADER);
            if (header != null) {
                var position = Position.parse(new String(header.value(), UTF_8)).orElseThrow();
                var key = received.record().partition() + "/" + position.source();
                var before = positions.get(key);
                if (before != null && position.compareTo(before) <= 0) {
                    return;
                }
                positions.put(key, position);
            }
            if (received.command() instanceof StartExecution start) {
                var request = start.requestId().orElseThrow();
                var first = names.putIfAbsent(start.executionArn(), request);
                if (first == null) {
                    started.add(start);
                }
                if (!silent && start.replyTo().isPresent()) {
                    engine.reply(
                            start.replyTo().get(),
                            first == null || first.equals(request)
                                    ? new Reply.Started(start.executionArn(), THEN)
                                    : new Reply.Rejected(
                                            "ExecutionAlreadyExists",
                                            "Execution Already Exists: '" + start.executionArn() + "'"));
                }
            } else if (received.command() instanceof TaskSucceeded success) {
                engine.reply(success.replyTo().orElseThrow(), new Reply.Accepted());
            } else if (received.command() instanceof TaskFailed failed) {
                engine.reply(failed.replyTo().orElseThrow(), new Reply.NotOpen(1));
            }
        }
    }

    private Ingress ingress(Topics topics, Duration replyTimeout) throws Exception {
        var registry = new FakeRegistry();
        registry.put("orders");
        registry.put(FakeRegistry.machine("dying", "STANDARD", MachineStatus.DELETING));
        var view = opened(KafkaRegistryView.start(topics, kafka.clients(), admin, callers));
        var bus = opened(KafkaCommandBus.start(topics, kafka.clients(), view, replyTimeout, callers));
        bus.ready().toCompletableFuture().get(20, TimeUnit.SECONDS);
        return Ingress.start(
                topics,
                kafka.clients(),
                new Ingress.Settings(1_000, 8 * 1024 * 1024, List.of("answers", topics.prefix() + "*")),
                admin,
                SECRET,
                bus,
                bus::expectReply,
                registry,
                new FakeViews());
    }

    private void produce(String topic, int partition, String key, byte[] value, String... headers) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.request.size", Topics.MAX_MESSAGE_BYTES),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            var record = new ProducerRecord<>(topic, partition, key.getBytes(UTF_8), value);
            for (int i = 0; i < headers.length; i += 2) {
                record.headers().add(headers[i], headers[i + 1].getBytes(UTF_8));
            }
            producer.send(record).get();
        }
    }

    private void produce(String topic, String value, String... headers) throws Exception {
        produce(topic, 0, "key", value.getBytes(UTF_8), headers);
    }

    /** Reads until there are as many records, all partitions together, each partition in order. */
    private List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            await().until(() -> !consumer.partitionsFor(topic).isEmpty());
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList());
            var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return records.size() >= count;
            });
            return records;
        }
    }

    private static long originOffset(ConsumerRecord<byte[], byte[]> rejected) {
        var origin = header(rejected, "stepstream-origin");
        return Long.parseLong(origin.substring(origin.lastIndexOf('-') + 1));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    private static String start(String more) {
        return "{\"stateMachineArn\":\"" + MACHINE + "\"" + more + "}";
    }

    @Test
    void hostileRecordsAreRejectedWithTheirBytesAndTheNextIsProcessed() throws Exception {
        var topics = kafka.createTopics("hostile.");
        var engine = new Engine();
        opened(new ScriptedEngine(kafka, topics, engine));
        var huge = start(",\"input\":\"{\\\"a\\\":\\\"" + "x".repeat(300_000) + "\\\"}\"");
        var deep = start(",\"input\":" + "[".repeat(5_000) + "]".repeat(5_000));
        var hostile = new ArrayList<byte[]>();
        for (var text : List.of(
                "not json",
                "",
                "null",
                "[]",
                "{}",
                start("") + "{}",
                "{\"stateMachineArn\":17}",
                "{\"stateMachineArn\":\"" + FakeRegistry.ACCOUNT + "stateMachine:nobody\"}",
                "{\"stateMachineArn\":\"" + FakeRegistry.ACCOUNT + "stateMachine:dying\"}",
                start(",\"name\":\"a/b\""),
                start(",\"name\":\"" + "n".repeat(81) + "\""),
                start(",\"input\":\"not json\""),
                start(",\"input\":{\"a\":1},\"input\":{\"a\":2}"),
                start(",\"input\":{\"a\":\"\\ud800\"}"),
                start(",\"traceHeader\":\"" + "t".repeat(300) + "\""),
                huge,
                deep)) {
            hostile.add(text.getBytes(UTF_8));
        }
        hostile.add(new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        hostile.add(new byte[Topics.MAX_MESSAGE_BYTES - 1_024]);
        opened(ingress(topics, Duration.ofSeconds(30)));
        for (var value : hostile) {
            produce(topics.startRequests(), 0, "key", value, "mine", "kept", "stepstream-reason", "forged");
        }
        produce(
                topics.startRequests(),
                0,
                "key",
                start("").getBytes(UTF_8),
                "stepstream-reply-topic",
                topics.commands());
        produce(
                topics.startRequests(),
                0,
                "good",
                start(",\"input\":{\"a\" : [1.0, \"b c\"]}").getBytes(UTF_8));

        await().atMost(Duration.ofSeconds(30)).until(() -> engine.started.size() == 1);
        assertThat(engine.started.get(0).input()).isEqualTo("{\"a\":[1.0,\"b c\"]}");
        var rejected = new ArrayList<>(read(topics.rejected(), hostile.size() + 1));
        assertThat(rejected).hasSize(hostile.size() + 1);
        // some are refused only after a look-up, and then others are not held up
        rejected.sort(Comparator.comparingLong(IngressIT::originOffset));
        for (int i = 0; i < hostile.size() - 1; i++) {
            var record = rejected.get(i);
            assertThat(record.value()).isEqualTo(hostile.get(i));
            assertThat(new String(record.key(), UTF_8)).isEqualTo("key");
            assertThat(header(record, "mine")).isEqualTo("kept");
            assertThat(header(record, "stepstream-reason")).isNotEmpty().isNotEqualTo("forged");
            assertThat(header(record, "stepstream-origin")).isEqualTo(topics.startRequests() + "-0-" + i);
        }
        var largest = rejected.get(hostile.size() - 1);
        assertThat(largest.value()).isNull();
        assertThat(header(largest, "stepstream-value-omitted")).isEqualTo("true");
        assertThat(rejected.stream().map(record -> header(record, "stepstream-error")))
                .contains(
                        "SerializationException",
                        "ValidationException",
                        "StateMachineDoesNotExist",
                        "StateMachineDeleting",
                        "InvalidName",
                        "InvalidExecutionInput")
                .doesNotContain("InternalFailure");
    }

    @Test
    void recordsThatAreDeliveredAgainStartNothingTwice() throws Exception {
        var topics = kafka.createTopics("again.");
        var engine = new Engine();
        opened(new ScriptedEngine(kafka, topics, engine));
        var first = ingress(topics, Duration.ofSeconds(30));
        for (int i = 0; i < 50; i++) {
            produce(topics.startRequests(), i % 2, "key", start("").getBytes(UTF_8));
        }
        produce(topics.startRequests(), start(",\"name\":\"given\""));
        await().atMost(Duration.ofSeconds(30)).until(() -> engine.started.size() == 51);
        first.close();

        // As if it had been killed before it committed anything.
        var group = topics.startRequests() + "-ingress";
        admin.alterConsumerGroupOffsets(
                        group,
                        Map.of(
                                new TopicPartition(topics.startRequests(), 0), new OffsetAndMetadata(0),
                                new TopicPartition(topics.startRequests(), 1), new OffsetAndMetadata(0)))
                .all()
                .get();
        opened(ingress(topics, Duration.ofSeconds(30)));
        produce(topics.startRequests(), 0, "key", start(",\"name\":\"last\"").getBytes(UTF_8));
        produce(
                topics.startRequests(),
                1,
                "key",
                start(",\"name\":\"last-too\"").getBytes(UTF_8));
        await().atMost(Duration.ofSeconds(30)).until(() -> engine.started.size() >= 53);

        assertThat(engine.started).hasSize(53);
        assertThat(engine.started).extracting(StartExecution::executionArn).doesNotHaveDuplicates();
        assertThat(engine.started).extracting(StartExecution::name).allMatch(Names::isLegal);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(admin.listConsumerGroupOffsets(group)
                                .partitionsToOffsetAndMetadata()
                                .get()
                                .values())
                        .extracting(OffsetAndMetadata::offset)
                        .containsExactlyInAnyOrder(27L, 26L));
    }

    @Test
    void outcomesGoToTheTopicThatWasNamedAndAMissingOneHoldsNothingUp() throws Exception {
        var topics = kafka.createTopics("outcome.");
        admin.createTopics(List.of(new NewTopic("answers", 1, (short) 1))).all().get();
        await().ignoreExceptions()
                .until(() -> admin.describeTopics(List.of("answers"))
                                .allTopicNames()
                                .get()
                                .size()
                        == 1);
        var engine = new Engine();
        opened(new ScriptedEngine(kafka, topics, engine));
        opened(ingress(topics, Duration.ofSeconds(30)));
        produce(
                topics.startRequests(),
                start(""),
                "stepstream-reply-topic",
                topics.prefix() + "missing",
                "stepstream-correlation-id",
                "lost");
        produce(
                topics.startRequests(),
                start(""),
                "stepstream-reply-topic",
                "answers",
                "stepstream-correlation-id",
                "c1");
        produce(topics.startRequests(), "junk", "stepstream-reply-topic", "answers", "stepstream-correlation-id", "c2");

        var outcomes = new HashMap<String, JsonNode>();
        for (var record : read("answers", 2)) {
            assertThat(new String(record.key(), UTF_8)).isEqualTo(header(record, "stepstream-correlation-id"));
            outcomes.put(new String(record.key(), UTF_8), Json.tree(new String(record.value(), UTF_8)));
        }
        assertThat(outcomes).containsOnlyKeys("c1", "c2");
        var started = Objects.requireNonNull(outcomes.get("c1"));
        var refused = Objects.requireNonNull(outcomes.get("c2"));
        assertThat(started.get("type").textValue()).isEqualTo("Started");
        assertThat(started.get("executionArn").textValue())
                .startsWith(FakeRegistry.ACCOUNT + "execution:orders:start-requests-");
        assertThat(started.get("startDate").longValue()).isEqualTo(THEN.toEpochMilli());
        assertThat(refused.get("type").textValue()).isEqualTo("Rejected");
        assertThat(refused.get("error").textValue()).isEqualTo("SerializationException");
        assertThat(engine.started).hasSize(2);
    }

    @Test
    void whatTheEngineRefusesIsRejectedToo() throws Exception {
        var topics = kafka.createTopics("refused.");
        var engine = new Engine();
        opened(new ScriptedEngine(kafka, topics, engine));
        opened(ingress(topics, Duration.ofSeconds(30)));
        produce(topics.startRequests(), start(",\"name\":\"taken\""));
        produce(topics.startRequests(), start(",\"name\":\"taken\""));
        var token = new TaskToken(
                        FakeRegistry.ACCOUNT + "execution:orders:taken", new TaskRef(1, 0, 3), 1, Optional.of("worker"))
                .sign(SECRET);
        produce(topics.taskResults(), "{\"type\":\"SendTaskFailure\",\"taskToken\":\"" + token + "\"}");

        var rejected = read(topics.rejected(), 2);
        assertThat(rejected.stream().map(record -> header(record, "stepstream-error")))
                .containsExactlyInAnyOrder("ExecutionAlreadyExists", "TaskTimedOut");
        assertThat(engine.started).hasSize(1);
    }

    @Test
    void nobodyWaitsForAnEngineThatDoesNotAnswer() throws Exception {
        var topics = kafka.createTopics("asleep.");
        var engine = new Engine();
        engine.silent = true;
        opened(new ScriptedEngine(kafka, topics, engine));
        opened(ingress(topics, Duration.ofMillis(300)));
        produce(topics.startRequests(), start(",\"name\":\"patient\""));
        for (int i = 0; i < 20; i++) {
            produce(topics.startRequests(), start(""));
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> engine.started.size() == 21);
        // The one whose outcome nobody knows is asked again until somebody answers, and holds back only the commit.
        engine.silent = false;
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> Optional.ofNullable(admin.listConsumerGroupOffsets(topics.startRequests() + "-ingress")
                                        .partitionsToOffsetAndMetadata()
                                        .get()
                                        .get(new TopicPartition(topics.startRequests(), 0)))
                                .map(OffsetAndMetadata::offset),
                        Optional.of(21L)::equals);
        assertThat(engine.started).hasSize(21);
    }

    @Test
    void resultsOfTasksBecomeCommandsAndForgedTokensAreRejected() throws Exception {
        var topics = kafka.createTopics("results.");
        var engine = opened(new ScriptedEngine(kafka, topics, new Engine()));
        opened(ingress(topics, Duration.ofSeconds(30)));
        var arn = FakeRegistry.ACCOUNT + "execution:orders:one";
        var token = new TaskToken(arn, new TaskRef(1, 0, 3), 1, Optional.of("worker"));
        var forged = token.sign("another secret of the same length".getBytes(UTF_8));
        for (var bad : List.of(
                "{\"taskToken\":\"x\"}",
                "{\"type\":\"StopExecution\",\"taskToken\":\"x\"}",
                "{\"type\":\"SendTaskSuccess\",\"taskToken\":\"" + forged + "\",\"output\":\"{}\"}",
                "{\"type\":\"SendTaskSuccess\",\"taskToken\":\"" + token.sign(SECRET) + "\"}",
                "{\"type\":\"SendTaskSuccess\",\"taskToken\":\"" + token.sign(SECRET) + "\",\"output\":\"{\"}")) {
            produce(topics.taskResults(), bad);
        }
        produce(
                topics.taskResults(),
                "{\"type\":\"SendTaskSuccess\",\"taskToken\":\"" + token.sign(SECRET)
                        + "\",\"output\":{\"ok\": true}}");

        assertThat(read(topics.rejected(), 5).stream().map(record -> header(record, "stepstream-error")))
                .containsExactlyInAnyOrder(
                        "ValidationException",
                        "ValidationException",
                        "InvalidToken",
                        "ValidationException",
                        "InvalidOutput");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> engine.received(TaskSucceeded.class).size() == 1);
        var success = engine.received(TaskSucceeded.class).get(0);
        assertThat(success.executionArn()).isEqualTo(arn);
        assertThat(success.task()).isEqualTo(token.task());
        assertThat(success.output()).isEqualTo("{\"ok\":true}");
        assertThat(success.workerName()).contains("worker");
        var position = Position.parse(engine.received(command -> command instanceof TaskSucceeded)
                        .get(0)
                        .header(Position.HEADER))
                .orElseThrow();
        assertThat(position.offset()).isEqualTo(5);
    }
}
