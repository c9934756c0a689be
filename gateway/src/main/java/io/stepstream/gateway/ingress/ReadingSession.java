package io.stepstream.gateway.ingress;

import io.stepstream.gateway.bus.ExpectedReply;
import io.stepstream.gateway.bus.UnknownFateException;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.topic.Position;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one topic for input, from joining the consumer group to the first failure.
 *
 * <p><b>No gaps.</b> Commands go out in the order of the records through a producer of this session's own, which has one
 * request under way and is closed in the callback of its first failure, before a later command can overtake. The next session begins at
 * the committed offsets, and those pass a record only when its command, or its rejection, has been acknowledged. The engine
 * drops commands whose position is not above what it has seen, so that a second delivery starts nothing, and a gateway
 * that has lost its partition without knowing does no harm either: it sends the same commands, in the same order.
 *
 * <p><b>Refusals.</b> What the gateway refuses is in {@code rejected} before its offset is committed. A start that the engine
 * refuses is there as well, written by the engine in its transaction. A task's result that the engine refuses goes there when
 * the reply comes, a moment after the command was acknowledged: should this process be killed in that moment, the command
 * is not repeated, and nobody is told that the result came too late.
 *
 * <p><b>Back-pressure.</b> With too many records {@link InFlight in flight}, or too many bytes, partitions are paused.
 */
final class ReadingSession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReadingSession.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration POLL_WHILE_PAUSED = Duration.ofMillis(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CALL_AGAIN_AFTER = Duration.ofSeconds(1);

    /** What fails by itself so often, and not for want of an answer, is our own bug and must not hold back the commit. */
    private static final int MAX_FAILED_CALLS = 60;

    private static final long DRAIN_NANOS = Duration.ofSeconds(2).toNanos();

    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final Intake intake;
    private final Function<String, String> topicIds;
    private final Supplier<ExpectedReply> replies;
    private final Outcomes outcomes;
    private final Topics topics;
    private final Executor executor;

    private final Offsets offsets;
    private final InFlight inFlight;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean ended;
    private String topicId = "";

    /**
     * @param topicIds a topic's id by its name; throws a KafkaException where it cannot be told
     * @param executor runs what follows from replies and acknowledgements
     */
    ReadingSession(
            Consumer<byte[], byte[]> consumer,
            Producer<byte[], byte[]> producer,
            Intake intake,
            Function<String, String> topicIds,
            Supplier<ExpectedReply> replies,
            Outcomes outcomes,
            Topics topics,
            InFlight.Limits limits,
            Executor executor) {
        this.consumer = consumer;
        this.producer = producer;
        this.intake = intake;
        this.topicIds = topicIds;
        this.replies = replies;
        this.outcomes = outcomes;
        this.topics = topics;
        this.executor = executor;
        this.offsets = new Offsets(consumer);
        this.inFlight = new InFlight(limits);
    }

    /** Reads until told to stop, then finishes. Throws what makes it impossible to go on without leaving a record out. */
    void readUntil(BooleanSupplier stopped) {
        subscribe();
        while (!stopped.getAsBoolean()) {
            readOnce();
        }
        drain();
    }

    void subscribe() {
        consumer.subscribe(List.of(intake.topic()), new Partitions());
    }

    /** Commits what is done with, at once. */
    void commitDone() {
        offsets.commit();
    }

    /** One poll and what follows from it. */
    void readOnce() {
        boolean full = inFlight.isFull();
        if (full) {
            consumer.pause(consumer.assignment());
        } else {
            consumer.resume(consumer.paused());
        }
        var records = consumer.poll(full ? POLL_WHILE_PAUSED : POLL);
        if (!records.isEmpty()) {
            intake.beginBatch();
            for (var record : records) {
                take(record);
            }
        }
        throwFailure();
        offsets.commitNowAndThen();
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        var window = offsets.of(new TopicPartition(record.topic(), record.partition()));
        window.add(record.offset());
        var incoming = new Incoming(topicId, record);
        int size = Math.max(0, record.serializedValueSize());
        try {
            var verdict = intake.decide(incoming);
            if (verdict instanceof Verdict.Send send) {
                var load = send.needsAnswer() ? Optional.of(inFlight.add(size)) : inFlight.addUnwatched(size);
                new Flight(incoming, window, load).send(send);
            } else if (verdict instanceof Verdict.Call call) {
                new Flight(incoming, window, Optional.of(inFlight.add(size))).call(call);
            }
        } catch (ApiException refusal) {
            new Flight(incoming, window, Optional.of(inFlight.add(size))).refuse(refusal);
        } catch (KafkaException | UnknownFateException e) {
            throw e;
        } catch (RuntimeException e) {
            // A bug of ours that this record brings out must not hold up the records behind it.
            LOG.error("Expected to understand {}, but failed", incoming.origin(), e);
            new Flight(incoming, window, Optional.of(inFlight.add(size)))
                    .refuse(new ApiException(ErrorCode.InternalFailure, "The record could not be understood."));
        }
    }

    private void throwFailure() {
        var found = failure.get();
        if (found != null) {
            throw new KafkaException("Expected what was read to be written, but " + found.getMessage(), found);
        }
    }

    /** From here on nothing may leave: the producer is closed at once, as its own callbacks may do. */
    private void fail(Exception cause) {
        if (failure.compareAndSet(null, cause)) {
            producer.close(Duration.ZERO);
        }
    }

    /** Gives what is in flight a moment to be answered, so that a clean stop loses no refusal. */
    private void drain() {
        long end = System.nanoTime() + DRAIN_NANOS;
        while (!inFlight.isEmpty() && System.nanoTime() < end) {
            consumer.pause(consumer.assignment());
            for (var record : consumer.poll(POLL_WHILE_PAUSED)) {
                // Assigned a moment ago, before it could be paused: whoever reads this partition next begins with it.
                LOG.debug("Leaving {} to the next reader", record.offset());
            }
            throwFailure();
        }
        commitDone();
    }

    @Override
    public void close() {
        ended = true;
        producer.close(failure.get() == null ? CLOSE_TIMEOUT : Duration.ZERO);
        consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }

    /** Makes a window for each partition that comes and commits what is done with of each that goes. */
    private final class Partitions implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            topicId = topicIds.apply(intake.topic());
            offsets.assigned(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            offsets.revoked(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            offsets.lost(partitions);
        }
    }

    /** One record from being read to being done with. */
    private final class Flight {

        private final Incoming incoming;
        private final OffsetWindow window;
        private final Optional<InFlight.Load> load;
        private int failedCalls;

        Flight(Incoming incoming, OffsetWindow window, Optional<InFlight.Load> load) {
            this.incoming = incoming;
            this.window = window;
            this.load = load;
        }

        private void land() {
            load.ifPresent(InFlight.Load::land);
        }

        private void done() {
            window.done(incoming.record().offset());
        }

        void send(Verdict.Send send) {
            var expected = load.map(watched -> replies.get());
            var value = Json.bytes(send.command().apply(expected.map(ExpectedReply::to)));
            if (value.length > Topics.MAX_MESSAGE_BYTES - 64 * 1024) {
                expected.ifPresent(answer -> answer.reply().cancel(false));
                refuse(new ApiException(
                        ErrorCode.ValidationException,
                        "Expected a command of at most " + Topics.MAX_MESSAGE_BYTES + " bytes, but it has "
                                + value.length));
                return;
            }
            var record = new ProducerRecord<>(
                    topics.commands(), send.executionArn().getBytes(StandardCharsets.UTF_8), value);
            var position = new Position(incoming.source(), incoming.record().offset(), 0);
            record.headers().add(Position.HEADER, position.text().getBytes(StandardCharsets.UTF_8));
            var acknowledged = new CompletableFuture<Void>();
            expected.ifPresent(answer -> {
                var unused = acknowledged
                        .thenCombine(
                                answer.reply().handle((reply, problem) -> answered(send, reply)), (ack, told) -> told)
                        .whenComplete((told, problem) -> land());
            });
            try {
                var unusedSending = producer.send(record, (metadata, problem) -> {
                    if (problem == null) {
                        done();
                        acknowledged.complete(null);
                    } else {
                        fail(problem);
                        expected.ifPresent(answer -> answer.reply().cancel(false));
                        acknowledged.completeExceptionally(problem);
                    }
                });
            } catch (KafkaException | IllegalStateException e) {
                fail(e);
                throw new KafkaException("Expected to send " + incoming.origin() + ", but " + e.getMessage(), e);
            }
        }

        /** Gives whether there was an answer. A refusal is written elsewhere than on the replies' threads. */
        private boolean answered(Verdict.Send send, @Nullable Reply reply) {
            if (send.needsAnswer() && reply instanceof Reply.Rejected rejected) {
                var code = ErrorCode.named(rejected.error()).orElse(ErrorCode.InternalFailure);
                writeRefusal(new ApiException(code, rejected.message()));
            } else if (send.needsAnswer() && reply instanceof Reply.NotOpen) {
                writeRefusal(new ApiException(
                        ErrorCode.TaskTimedOut, "Task Timed Out: 'Provided task does not exist anymore'"));
            }
            return reply != null;
        }

        private void writeRefusal(ApiException refusal) {
            executor.execute(() -> write(Rejections.record(topics.rejected(), incoming, refusal), refusal, () -> {}));
        }

        void call(Verdict.Call call) {
            call.call()
                    .get()
                    .whenCompleteAsync(
                            (started, problem) -> {
                                var cause = problem instanceof CompletionException && problem.getCause() != null
                                        ? problem.getCause()
                                        : problem;
                                if (cause == null) {
                                    finish(Outcomes.Outcome.started(started.executionArn(), started.startDate()));
                                } else if (cause instanceof ApiException refusal
                                        && refusal.code().httpStatus() < 500) {
                                    refuse(refusal);
                                } else if (cause instanceof IllegalStateException
                                        && ++failedCalls >= MAX_FAILED_CALLS) {
                                    LOG.error("Expected an outcome of {}, but failed", incoming.origin(), cause);
                                    refuse(new ApiException(ErrorCode.InternalFailure, "The call could not be made."));
                                } else if (!ended) {
                                    LOG.info(
                                            "Nobody answers for {}: calling again ({})",
                                            incoming.origin(),
                                            cause.toString());
                                    CompletableFuture.delayedExecutor(
                                                    CALL_AGAIN_AFTER.toMillis(), TimeUnit.MILLISECONDS, executor)
                                            .execute(() -> call(call));
                                }
                            },
                            executor);
        }

        void refuse(ApiException refusal) {
            write(
                    Rejections.record(topics.rejected(), incoming, refusal),
                    refusal,
                    () -> finish(Outcomes.Outcome.rejected(refusal)));
        }

        private void write(ProducerRecord<byte[], byte[]> rejection, ApiException refusal, Runnable written) {
            try {
                var unused = producer.send(rejection, (metadata, problem) -> {
                    if (problem == null) {
                        written.run();
                    } else if (problem instanceof RecordTooLargeException
                            && (rejection.key() != null || rejection.value() != null)) {
                        var bare = Rejections.bareRecord(topics.rejected(), incoming, refusal);
                        executor.execute(() -> write(bare, refusal, written));
                    } else {
                        fail(problem);
                    }
                });
            } catch (KafkaException | IllegalStateException e) {
                fail(e);
            }
        }

        private void finish(Outcomes.Outcome outcome) {
            tell(outcome).whenComplete((told, problem) -> {
                done();
                land();
            });
        }

        private CompletionStage<Void> tell(Outcomes.Outcome outcome) {
            try {
                var wanted = intake.wantsOutcome(incoming);
                return wanted.isPresent()
                        ? outcomes.write(wanted.get(), incoming, outcome)
                        : CompletableFuture.completedStage(null);
            } catch (ApiException e) {
                LOG.debug("The outcome of {} goes nowhere: {}", incoming.origin(), e.message());
                return CompletableFuture.completedStage(null);
            }
        }
    }
}
