package io.stepstream.gateway.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.gateway.FakeBus;
import io.stepstream.gateway.FakeRegistry;
import io.stepstream.gateway.FakeViews;
import io.stepstream.gateway.bus.ExpectedReply;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.schemas.topic.Position;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class ReadingSessionTest {

    private static final Topics TOPICS = Topics.embedded("t.");
    private static final TopicPartition PARTITION = new TopicPartition(TOPICS.startRequests(), 0);
    private static final String START = "{\"stateMachineArn\":\"" + FakeRegistry.ACCOUNT + "stateMachine:orders\"}";

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final List<ExpectedReply> expected = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private final Outcomes outcomes = new Outcomes(producer, unusedAdmin(), TOPICS, List.of(), Runnable::run);
    private final ReadingSession session = session(starts(), PARTITION);

    private StartRequests starts() {
        var registry = new FakeRegistry();
        registry.put("orders");
        return new StartRequests(TOPICS.startRequests(), new FakeBus(), registry, new FakeViews(), outcomes);
    }

    private ReadingSession session(Intake intake, TopicPartition partition) {
        var session = new ReadingSession(
                consumer,
                producer,
                intake,
                topic -> "topic-id",
                () -> {
                    var one = new ExpectedReply(new ReplyTo(0, "g-" + expected.size()), new CompletableFuture<>());
                    expected.add(one);
                    return one;
                },
                outcomes,
                TOPICS,
                new InFlight.Limits(5, 1_000_000),
                later::add);
        session.subscribe();
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        consumer.rebalance(List.of(partition));
        return session;
    }

    private static Admin unusedAdmin() {
        return (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, args) -> {
                    throw new AssertionError("Expected nobody to ask, but " + method);
                });
    }

    private void arrives(long offset, String value) {
        arrives(PARTITION, offset, value);
    }

    private void arrives(TopicPartition partition, long offset, String value) {
        consumer.addRecord(new ConsumerRecord<>(
                partition.topic(), partition.partition(), offset, "key".getBytes(UTF_8), value.getBytes(UTF_8)));
    }

    private List<String> positions() {
        return producer.history().stream()
                .filter(record -> record.topic().equals(TOPICS.commands()))
                .map(record ->
                        new String(record.headers().lastHeader(Position.HEADER).value(), UTF_8))
                .toList();
    }

    private long committed() {
        var offsets = consumer.committed(Set.of(PARTITION)).get(PARTITION);
        return offsets == null ? 0 : offsets.offset();
    }

    @Test
    void commandsLeaveInTheOrderOfTheRecordsWithTheirPositions() {
        arrives(0, START);
        arrives(1, "junk");
        arrives(2, START);
        session.readOnce();
        assertThat(positions()).containsExactly("topic-id-0/0/0", "topic-id-0/2/0");
    }

    @Test
    void anOffsetIsCommittedOnlyWhenEverythingBelowIsAcknowledged() {
        arrives(0, START);
        arrives(1, "junk");
        arrives(2, START);
        session.readOnce();
        session.commitDone();
        assertThat(committed()).isZero();
        producer.completeNext();
        session.commitDone();
        assertThat(committed()).isEqualTo(1);
        producer.completeNext();
        producer.completeNext();
        session.commitDone();
        assertThat(committed()).isEqualTo(3);
    }

    @Test
    void afterTheFirstFailureNothingLeavesAndNothingIsCommitted() {
        arrives(0, START);
        arrives(1, START);
        session.readOnce();
        producer.errorNext(new TimeoutException("no broker"));
        assertThat(producer.closed()).isTrue();
        arrives(2, START);
        assertThatThrownBy(session::readOnce).isInstanceOf(KafkaException.class);
        assertThat(positions()).hasSize(2);
        session.commitDone();
        assertThat(committed()).isZero();
    }

    @Test
    void aStartTellsTheEngineWhatItsRefusalIsToBeWrittenFor() throws IOException {
        arrives(0, START);
        session.readOnce();
        var command = (ExecutionCommand.StartExecution)
                Json.read(producer.history().get(0).value(), ExecutionCommand.class);
        assertThat(command.origin()).contains(TOPICS.startRequests() + "-0-0");
    }

    @Test
    void aRefusalThatTheEngineWritesIsNotWrittenTwice() {
        arrives(0, START);
        session.readOnce();
        producer.completeNext();
        expected.get(0).reply().complete(new Reply.Rejected("StateMachineDoesNotExist", "It went"));
        later.forEach(Runnable::run);
        assertThat(producer.history()).hasSize(1);
    }

    @Test
    void aResultThatTheEngineRefusesIsWrittenWithItsReason() {
        var secret = "secret".getBytes(UTF_8);
        var results = new TopicPartition(TOPICS.taskResults(), 0);
        var session = session(new TaskResults(results.topic(), secret), results);
        var token =
                new TaskToken(FakeRegistry.ACCOUNT + "execution:orders:1", new TaskRef(1, 2, 3), 1, Optional.empty());
        var result = "{\"type\":\"SendTaskSuccess\",\"taskToken\":\"" + token.sign(secret) + "\",\"output\":\"1\"}";
        arrives(results, 0, result);
        session.readOnce();
        producer.completeNext();
        expected.get(0).reply().complete(new Reply.Rejected("TaskTimedOut", "Too late"));
        later.forEach(Runnable::run);
        var rejected = producer.history().get(1);
        assertThat(rejected.topic()).isEqualTo(TOPICS.rejected());
        assertThat(rejected.value()).isEqualTo(result.getBytes(UTF_8));
        assertThat(header(rejected, "stepstream-error")).isEqualTo("TaskTimedOut");
        assertThat(header(rejected, "stepstream-reason")).isEqualTo("Too late");
    }

    @Test
    void aRejectionThatIsTooLargeComesWithoutItsValue() {
        arrives(0, "junk");
        session.readOnce();
        producer.errorNext(new RecordTooLargeException("too large for this broker"));
        later.forEach(Runnable::run);
        assertThat(producer.closed()).isFalse();
        var bare = producer.history().get(1);
        assertThat(bare.value()).isNull();
        assertThat(header(bare, "stepstream-origin")).isEqualTo(TOPICS.startRequests() + "-0-0");
        producer.completeNext();
        session.commitDone();
        assertThat(committed()).isEqualTo(1);
    }

    @Test
    void anEngineThatLagsIsNotBuried() {
        for (int i = 0; i < 5; i++) {
            arrives(i, START);
        }
        session.readOnce();
        producer.flush();
        session.readOnce();
        assertThat(consumer.paused()).containsExactly(PARTITION);
        expected.get(0).reply().complete(new Reply.Started("arn", Instant.EPOCH));
        session.readOnce();
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void partitionsThatGoAreCommittedUpToWhatIsDone() {
        arrives(0, START);
        arrives(1, START);
        session.readOnce();
        producer.completeNext();
        consumer.rebalance(List.of());
        consumer.rebalance(List.of(PARTITION));
        assertThat(consumer.committed(Set.of(PARTITION))).containsEntry(PARTITION, new OffsetAndMetadata(1));
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
