package io.stepstream.gateway.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ActivityCommand;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.ExecutionCommand.StopExecution;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.view.RegistryRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaCommandBusIT {

    private static final String EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:orders:one";
    private static final String ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:charge";
    private static final Instant THEN = Instant.parse("2026-11-22T12:00:00Z");

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

    private ScriptedEngine engine(Topics topics, ScriptedEngine.Script script) {
        var engine = new ScriptedEngine(kafka, topics, script);
        open.add(engine);
        return engine;
    }

    private KafkaRegistryView registry(Topics topics) throws Exception {
        var view = KafkaRegistryView.start(topics, kafka.clients(), admin, callers);
        open.add(view);
        get(view.loaded());
        return view;
    }

    private KafkaCommandBus bus(Topics topics, KafkaRegistryView view, Duration timeout) throws Exception {
        var bus = KafkaCommandBus.start(topics, kafka.clients(), view, timeout, callers);
        open.add(bus);
        get(bus.ready());
        return bus;
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static ExecutionCommand stop(ReplyTo replyTo) {
        return new StopExecution(EXECUTION, Optional.of("Enough"), Optional.empty(), Optional.of(replyTo));
    }

    private static void answerStops(ScriptedEngine.Received received, ScriptedEngine engine) {
        if (received.command() instanceof StopExecution stop) {
            engine.reply(stop.replyTo().orElseThrow(), new Reply.Stopped(THEN));
        }
    }

    @Test
    void aCommandReachesTheEngineAndItsReplyComesBack() throws Exception {
        var topics = kafka.createTopics("ask.");
        var engine = engine(topics, KafkaCommandBusIT::answerStops);
        var bus = bus(topics, registry(topics), Duration.ofSeconds(10));

        assertThat(get(bus.ask(EXECUTION, KafkaCommandBusIT::stop))).isEqualTo(new Reply.Stopped(THEN));
        assertThat(engine.received(command -> command instanceof StopExecution)
                        .get(0)
                        .key())
                .isEqualTo(EXECUTION);
        assertThat(bus.waiting()).isZero();
    }

    @Test
    void gatewaysThatShareAPartitionOfRepliesGetTheirOwn() throws Exception {
        var topics = kafka.createTopics("share.");
        var repliesTo = new java.util.concurrent.ConcurrentHashMap<String, String>();
        engine(topics, (received, engine) -> {
            if (received.command() instanceof StopExecution stop) {
                repliesTo.put(
                        stop.replyTo().orElseThrow().correlationId(),
                        stop.error().orElseThrow());
                engine.reply(
                        stop.replyTo().orElseThrow(),
                        new Reply.Rejected("ExecutionDoesNotExist", stop.error().orElseThrow()));
            }
        });
        var view = registry(topics);
        var buses = new ArrayList<KafkaCommandBus>();
        // More gateways than partitions: at least two share one.
        for (int i = 0; i <= topics.partitions().replies(); i++) {
            buses.add(bus(topics, view, Duration.ofSeconds(10)));
        }
        var answers = new ArrayList<CompletableFuture<Reply>>();
        for (int i = 0; i < 200; i++) {
            var word = "word-" + i;
            answers.add(buses.get(i % buses.size())
                    .ask(
                            EXECUTION,
                            to -> new StopExecution(EXECUTION, Optional.of(word), Optional.empty(), Optional.of(to)))
                    .toCompletableFuture());
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(get(answers.get(i))).isEqualTo(new Reply.Rejected("ExecutionDoesNotExist", "word-" + i));
        }
        assertThat(repliesTo).hasSize(200);
    }

    @Test
    void aCallThatNobodyAnswersFailsInTime() throws Exception {
        var topics = kafka.createTopics("silent.");
        var bus = bus(topics, registry(topics), Duration.ofMillis(300));

        assertThatThrownBy(() -> get(bus.ask(EXECUTION, KafkaCommandBusIT::stop)))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(UnknownFateException.class)
                .hasMessageContaining("within PT0.3S");
        assertThat(bus.waiting()).isZero();
    }

    @Test
    void aSlowCallerHoldsUpNobodyElse() throws Exception {
        var topics = kafka.createTopics("slow.");
        engine(topics, KafkaCommandBusIT::answerStops);
        var bus = bus(topics, registry(topics), Duration.ofSeconds(10));
        var release = new CompletableFuture<Void>();

        var slow = bus.ask(EXECUTION, KafkaCommandBusIT::stop).thenAccept(reply -> release.join());
        assertThat(get(bus.ask(EXECUTION, KafkaCommandBusIT::stop))).isInstanceOf(Reply.Stopped.class);
        assertThat(slow.toCompletableFuture()).isNotDone();
        release.complete(null);
        get(slow);
    }

    @Test
    void aRegistryAnswerWaitsUntilThisGatewaySeesTheResource() throws Exception {
        var topics = kafka.createTopics("visible.");
        var activity = new RegistryRecord.Activity(
                ACTIVITY, "charge", THEN, JsonNodeFactory.instance.objectNode(), Map.of(), 0);
        var writer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "visible"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        open.add(writer);
        writer.initTransactions();
        writer.beginTransaction();
        engine(topics, (received, engine) -> {
            if (received.command() instanceof RegistryCommand command) {
                // As the engine does: the record in a transaction, the reply before its commit.
                var value = command instanceof RegistryCommand.DeleteActivity ? null : Json.bytes(activity);
                var unused = writer.send(
                        new ProducerRecord<>(topics.registry(), ACTIVITY.getBytes(StandardCharsets.UTF_8), value));
                writer.flush();
                engine.reply(
                        command.replyTo().orElseThrow(),
                        new Reply.Registered(
                                OptionalLong.of(received.record().offset()), JsonNodeFactory.instance.objectNode()));
            }
        });
        var view = registry(topics);
        var bus = bus(topics, view, Duration.ofSeconds(10));

        var created = bus.askRegistry(to -> new RegistryCommand.CreateActivity(
                        ACTIVITY, "charge", JsonNodeFactory.instance.objectNode(), Map.of(), Optional.of(to)))
                .toCompletableFuture();
        await().until(() -> bus.waiting() == 0);
        assertThat(created).isNotDone();
        assertThat(view.activity(ACTIVITY)).isEmpty();
        writer.commitTransaction();
        get(created);
        assertThat(view.activity(ACTIVITY)).contains(activity);

        writer.beginTransaction();
        var deleted = bus.askRegistry(to -> new RegistryCommand.DeleteActivity(ACTIVITY, Optional.of(to)))
                .toCompletableFuture();
        await().until(() -> bus.waiting() == 0);
        assertThat(deleted).isNotDone();
        writer.commitTransaction();
        get(deleted);
        assertThat(view.activity(ACTIVITY)).isEmpty();
    }

    @Test
    void aPollGetsItsTaskAndConfirmsIt() throws Exception {
        var topics = kafka.createTopics("poll.");
        var engine = engine(topics, (received, scripted) -> {
            if (received.command() instanceof ActivityCommand.PollRequested poll) {
                scripted.reply(
                        poll.replyTo(),
                        new Reply.TaskAssigned(ACTIVITY, poll.replyTo().correlationId(), "token", "{}", 1, "task-1"));
            }
        });
        var bus = bus(topics, registry(topics), Duration.ofSeconds(10));

        var poll = bus.poll(ACTIVITY, Optional.of("worker"), Duration.ofSeconds(60));
        var task = get(poll.task()).orElseThrow();
        poll.delivered(task);

        await().untilAsserted(() -> assertThat(engine.received(ActivityCommand.TaskDelivered.class))
                .containsExactly(new ActivityCommand.TaskDelivered(ACTIVITY, "task-1", 1)));
    }

    @Test
    void closingSendsWaitingWorkersAwayAndTheirTasksBack() throws Exception {
        var topics = kafka.createTopics("leave.");
        var engine = engine(topics, (received, scripted) -> {
            if (received.command() instanceof ActivityCommand.PollRequested poll
                    && poll.workerName().isPresent()) {
                scripted.reply(
                        poll.replyTo(),
                        new Reply.TaskAssigned(ACTIVITY, poll.replyTo().correlationId(), "token", "{}", 1, "task-1"));
            }
        });
        var bus = KafkaCommandBus.start(topics, kafka.clients(), registry(topics), Duration.ofSeconds(10), callers);
        get(bus.ready());
        var assigned = bus.poll(ACTIVITY, Optional.of("worker"), Duration.ofSeconds(60));
        get(assigned.task());
        var waiting = bus.poll(ACTIVITY, Optional.empty(), Duration.ofSeconds(60));
        await().until(() -> engine.received(ActivityCommand.PollRequested.class).size() == 2);

        bus.close();

        assertThat(get(waiting.task())).isEmpty();
        await().untilAsserted(() -> {
            assertThat(engine.received(ActivityCommand.TaskReturned.class)).hasSize(1);
            assertThat(engine.received(ActivityCommand.PollCancelled.class)).hasSize(1);
        });
    }
}
