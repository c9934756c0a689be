package io.stepstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.stepstream.schemas.event.EventRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ActivityDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionListItem;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;
import software.amazon.awssdk.services.sfn.model.InvalidDefinitionException;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.StateMachineDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.StateMachineListItem;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;

/** The whole, as its users meet it: AWS's client on one side, a Kafka client on the other. */
class StandaloneIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PASS = "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}";

    private static Standalone server;
    private static SfnClient sfn;

    @BeforeAll
    static void start() throws Exception {
        server = Standalone.start(Standalone.Options.ephemeral());
        sfn = Clients.sfn(server.port());
    }

    @AfterAll
    static void stop() {
        if (sfn != null) {
            sfn.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aMachineIsMadeFoundChangedAndDeleted() {
        var created = sfn.createStateMachine(
                request -> request.name("machine").definition(PASS).roleArn(Clients.ROLE));
        var again = sfn.createStateMachine(
                request -> request.name("machine").definition(PASS).roleArn(Clients.ROLE));
        assertThat(again.stateMachineArn()).isEqualTo(created.stateMachineArn());
        assertThat(again.creationDate()).isEqualTo(created.creationDate());

        var changed = PASS.replace("\"P\"", "\"Q\"");
        sfn.updateStateMachine(
                request -> request.stateMachineArn(created.stateMachineArn()).definition(changed));
        var described = sfn.describeStateMachine(request -> request.stateMachineArn(created.stateMachineArn()));
        assertThat(described.definition()).isEqualTo(changed);
        assertThat(described.roleArn()).isEqualTo(Clients.ROLE);
        assertThat(sfn.listStateMachinesPaginator(request -> request.maxResults(1)).stateMachines().stream()
                        .map(StateMachineListItem::stateMachineArn))
                .contains(created.stateMachineArn());

        sfn.deleteStateMachine(request -> request.stateMachineArn(created.stateMachineArn()));
        assertThatThrownBy(() -> sfn.startExecution(request -> request.stateMachineArn(machineArn("never"))))
                .isInstanceOf(StateMachineDoesNotExistException.class);
    }

    @Test
    void aBrokenDefinitionIsRefused() {
        assertThatThrownBy(() -> sfn.createStateMachine(request -> request.name("broken")
                        .definition("{\"StartAt\":\"Nowhere\",\"States\":{}}")
                        .roleArn(Clients.ROLE)))
                .isInstanceOf(InvalidDefinitionException.class);
    }

    @Test
    void anExecutionCanBeStartedOnceDescribedAndListed() {
        var machine = machine("pass", PASS);
        var started = sfn.startExecution(
                request -> request.stateMachineArn(machine).name("once").input("{\"a\":1}"));
        var ended = ended(started.executionArn());

        assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(ended.output()).isEqualTo("{\"a\":1}");
        assertThat(ended.startDate()).isEqualTo(started.startDate());
        assertThat(history(started.executionArn()).stream().map(HistoryEvent::type))
                .containsExactly(
                        HistoryEventType.EXECUTION_STARTED,
                        HistoryEventType.PASS_STATE_ENTERED,
                        HistoryEventType.PASS_STATE_EXITED,
                        HistoryEventType.EXECUTION_SUCCEEDED);
        assertThatThrownBy(() -> sfn.startExecution(
                        request -> request.stateMachineArn(machine).name("once").input("{\"a\":1}")))
                .isInstanceOf(ExecutionAlreadyExistsException.class);
        assertThat(sfn.listExecutions(request -> request.stateMachineArn(machine)).executions().stream()
                        .map(ExecutionListItem::name))
                .containsExactly("once");
        assertThatThrownBy(
                        () -> sfn.describeExecution(request -> request.executionArn(started.executionArn() + "-not")))
                .isInstanceOf(ExecutionDoesNotExistException.class);
    }

    @Test
    void workersDoTasksFailThemAndMayNotAnswerTwice() {
        var activity = sfn.createActivity(request -> request.name("work")).activityArn();
        var machine = machine("work", task(activity));

        var good = sfn.startExecution(
                        request -> request.stateMachineArn(machine).input("{\"n\":1}"))
                .executionArn();
        var task = sfn.getActivityTask(request -> request.activityArn(activity).workerName("worker-1"));
        assertThat(task.input()).isEqualTo("{\"n\":1}");
        sfn.sendTaskHeartbeat(request -> request.taskToken(task.taskToken()));
        sfn.sendTaskSuccess(request -> request.taskToken(task.taskToken()).output("{\"done\":true}"));
        assertThat(ended(good).output()).isEqualTo("{\"done\":true}");
        assertThatThrownBy(() -> sfn.sendTaskSuccess(
                        request -> request.taskToken(task.taskToken()).output("{}")))
                .isInstanceOf(TaskTimedOutException.class);
        assertThatThrownBy(() -> sfn.sendTaskSuccess(
                        request -> request.taskToken("forged").output("{}")))
                .isInstanceOf(InvalidTokenException.class);

        var bad =
                sfn.startExecution(request -> request.stateMachineArn(machine)).executionArn();
        var refused = sfn.getActivityTask(request -> request.activityArn(activity));
        sfn.sendTaskFailure(request ->
                request.taskToken(refused.taskToken()).error("Declined").cause("for a test"));
        var failed = ended(bad);
        assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(failed.error()).isEqualTo("Declined");
        assertThat(failed.cause()).isEqualTo("for a test");

        sfn.deleteActivity(request -> request.activityArn(activity));
        assertThatThrownBy(() -> sfn.getActivityTask(request -> request.activityArn(activity)))
                .isInstanceOf(ActivityDoesNotExistException.class);
    }

    @Test
    void aWaitingExecutionCanBeStopped() {
        var machine = machine(
                "wait", "{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":3600,\"End\":true}}}");
        var execution =
                sfn.startExecution(request -> request.stateMachineArn(machine)).executionArn();
        sfn.stopExecution(
                request -> request.executionArn(execution).error("Enough").cause("for a test"));

        var stopped = ended(execution);
        assertThat(stopped.status()).isEqualTo(ExecutionStatus.ABORTED);
        assertThat(stopped.error()).isEqualTo("Enough");
    }

    @Test
    void timersFireAndBranchesJoin() {
        var machine = machine("join", """
                {"StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Branches":[
                 {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}},
                 {"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","End":true,
                  "ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}}}}]}}}""");
        var execution = sfn.startExecution(
                        request -> request.stateMachineArn(machine).input("{\"items\":[1,2,3]}"))
                .executionArn();

        assertThat(ended(execution).output()).isEqualTo("[{\"items\":[1,2,3]},[1,2,3]]");
    }

    @Test
    void hostileStartRequestsAreRejectedAndTheNextOneIsProcessed() throws Exception {
        var machine = machine("by-topic", PASS);
        var hostile = new HashMap<String, String>();
        hostile.put("not-json", "{");
        hostile.put("not-an-object", "[1]");
        hostile.put("no-machine", "{\"input\":{}}");
        hostile.put("unknown-machine", "{\"stateMachineArn\":\"" + machineArn("never") + "\",\"input\":{}}");
        hostile.put("bad-name", "{\"stateMachineArn\":\"" + machine + "\",\"name\":\"a b\",\"input\":{}}");
        hostile.put(
                "too-large",
                "{\"stateMachineArn\":\"" + machine + "\",\"input\":\"\\\"" + "x".repeat(300_000) + "\\\"\"}");
        try (var producer = producer()) {
            for (var bad : hostile.entrySet()) {
                send(producer, "stepstream.start-requests", bad.getKey(), bad.getValue());
            }
            send(producer, "stepstream.start-requests", null, null);
            send(
                    producer,
                    "stepstream.start-requests",
                    "good",
                    "{\"stateMachineArn\":\"" + machine + "\",\"name\":\"good\",\"input\":{\"a\":1}}");
            send(
                    producer,
                    "stepstream.task-results",
                    "forged",
                    "{\"type\":\"SendTaskSuccess\",\"taskToken\":\"forged\",\"output\":\"{}\"}");
        }

        var good = machine.replace(":stateMachine:", ":execution:") + ":good";
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> sfn.describeExecution(request -> request.executionArn(good))
                                .status()
                        == ExecutionStatus.SUCCEEDED);
        var rejected = read("stepstream.rejected", hostile.size() + 2);
        assertThat(rejected.stream().map(ConsumerRecord::key))
                .containsAll(hostile.keySet())
                .contains("forged");
        for (var row : rejected) {
            assertThat(row.headers().lastHeader("stepstream-reason"))
                    .as(row.key())
                    .isNotNull();
            if (hostile.containsKey(row.key())) {
                assertThat(new String(row.value(), StandardCharsets.UTF_8)).isEqualTo(hostile.get(row.key()));
            }
        }
    }

    @Test
    void everyEventIsOnTheTopicOnce() throws Exception {
        var machine = machine("events", PASS);
        var execution =
                sfn.startExecution(request -> request.stateMachineArn(machine)).executionArn();
        var expected = history(ended(execution).executionArn());

        var seen = new ArrayList<Long>();
        await().atMost(PATIENCE).untilAsserted(() -> {
            seen.clear();
            for (var row : read("stepstream.events", 0)) {
                var event = EventRecord.read(row.value());
                if (event.executionArn().equals(execution)) {
                    seen.add(event.event().id());
                }
            }
            assertThat(seen)
                    .containsExactlyElementsOf(
                            expected.stream().map(HistoryEvent::id).toList());
        });
    }

    @Test
    void aTakenPortOrDataDirectoryIsToldWithAdvice(@TempDir Path root) throws IOException {
        var taken = new Standalone.Options(Optional.of(root), "127.0.0.1", server.port(), 0, false, Map.of());
        assertThatThrownBy(() -> Standalone.start(taken))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--port");
        try (var other = DataDirectory.open(root)) {
            var options = new Standalone.Options(Optional.of(other.root()), "127.0.0.1", 0, 0, false, Map.of());
            assertThatThrownBy(() -> Standalone.start(options))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("--data-dir");
        }
    }

    private static String machine(String name, String definition) {
        return sfn.createStateMachine(
                        request -> request.name(name).definition(definition).roleArn(Clients.ROLE))
                .stateMachineArn();
    }

    private static String machineArn(String name) {
        return "arn:aws:states:us-east-1:123456789012:stateMachine:" + name;
    }

    private static String task(String activity) {
        return "{\"StartAt\":\"T\",\"States\":{\"T\":{\"Type\":\"Task\",\"Resource\":\"" + activity
                + "\",\"HeartbeatSeconds\":30,\"End\":true}}}";
    }

    private static DescribeExecutionResponse ended(String executionArn) {
        return await().atMost(PATIENCE)
                .until(
                        () -> sfn.describeExecution(request -> request.executionArn(executionArn)),
                        answer -> answer.status() != ExecutionStatus.RUNNING);
    }

    private static List<HistoryEvent> history(String executionArn) {
        return sfn
                .getExecutionHistoryPaginator(
                        request -> request.executionArn(executionArn).maxResults(2))
                .events()
                .stream()
                .toList();
    }

    private static KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", server.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer());
    }

    private static void send(
            KafkaProducer<String, String> producer, String topic, @Nullable String key, @Nullable String value)
            throws Exception {
        producer.send(new ProducerRecord<>(topic, key, value)).get(30, TimeUnit.SECONDS);
    }

    /** Everything that is committed in the topic; waits until there are at least so many. */
    private static List<ConsumerRecord<String, byte[]>> read(String topic, int atLeast) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", server.bootstrapServers(), "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var all = new ArrayList<ConsumerRecord<String, byte[]>>();
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(all::add);
                var ends = consumer.endOffsets(partitions);
                return all.size() >= atLeast
                        && partitions.stream()
                                .allMatch(
                                        partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
            });
            return all;
        }
    }
}
