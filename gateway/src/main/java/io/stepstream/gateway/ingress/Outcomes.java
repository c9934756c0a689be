package io.stepstream.gateway.ingress;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.topic.RejectedHeaders;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who start executions by topic what became of it, on a topic that they name in a header.
 *
 * <p>Anyone who may write starts can make us write there, so topics must match a list: names, or beginnings of names followed
 * by {@code *}. Stepstream's own topics never match. A topic that does not exist is found out without holding anything up
 * (the admin client answers asynchronously, and its answers are kept a while), logged, and the outcome is dropped.
 */
final class Outcomes {

    /** Names the topic that the outcome is to be written to. */
    static final String TOPIC_HEADER = "stepstream-reply-topic";

    /** Comes back with the outcome, and is its key. */
    static final String CORRELATION_HEADER = "stepstream-correlation-id";

    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);
    private static final Duration REMEMBERED = Duration.ofSeconds(30);
    private static final int REMEMBERED_TOPICS = 1_000;

    private final Producer<byte[], byte[]> producer;
    private final Admin admin;
    private final List<String> allowed;
    private final Set<String> own;
    private final Executor executor;
    private final AsyncCache<String, Boolean> exists;

    /** Where an outcome is to go. */
    record Wanted(String topic, Optional<String> correlationId) {}

    /**
     * An outcome as it is written, as JSON.
     *
     * @param type {@code Started} or {@code Rejected}
     * @param startDate of a started execution, in epoch milliseconds
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Outcome(
            String type,
            Optional<String> executionArn,
            Optional<Instant> startDate,
            Optional<String> error,
            Optional<String> message) {

        static Outcome started(String executionArn, Instant startDate) {
            return new Outcome(
                    "Started", Optional.of(executionArn), Optional.of(startDate), Optional.empty(), Optional.empty());
        }

        static Outcome rejected(ApiException refusal) {
            return new Outcome(
                    "Rejected",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(refusal.code().name()),
                    Optional.of(refusal.message()));
        }
    }

    /**
     * @param producer bounded in how long it tries: outcomes are not worth waiting for
     * @param allowed names of topics, or beginnings of names followed by {@code *}
     * @param executor may be held up for a moment, while the producer learns of a topic
     */
    Outcomes(Producer<byte[], byte[]> producer, Admin admin, Topics topics, List<String> allowed, Executor executor) {
        this.producer = producer;
        this.admin = admin;
        this.allowed = List.copyOf(allowed);
        this.own = topics.all().stream().map(Topics.Topic::name).collect(Collectors.toUnmodifiableSet());
        this.executor = executor;
        this.exists = Caffeine.newBuilder()
                .maximumSize(REMEMBERED_TOPICS)
                .expireAfterWrite(REMEMBERED)
                .buildAsync();
    }

    /** Throws ApiException for a topic that may not be named. */
    Optional<Wanted> wanted(Incoming incoming) {
        return incoming.header(TOPIC_HEADER).map(topic -> {
            if (own.contains(topic) || allowed.stream().noneMatch(pattern -> matches(pattern, topic))) {
                throw new ApiException(
                        ErrorCode.ValidationException,
                        "Expected " + TOPIC_HEADER + " to name a topic that outcomes may be written to, but it is '"
                                + (topic.length() > 249 ? topic.substring(0, 249) : topic) + "'");
            }
            return new Wanted(topic, incoming.header(CORRELATION_HEADER));
        });
    }

    private static boolean matches(String pattern, String topic) {
        return pattern.endsWith("*")
                ? topic.startsWith(pattern.substring(0, pattern.length() - 1))
                : topic.equals(pattern);
    }

    /** Completes when the outcome is written or has been given up; never fails. */
    CompletionStage<Void> write(Wanted wanted, Incoming incoming, Outcome outcome) {
        return exists.get(wanted.topic(), (topic, unused) -> exists(topic))
                .thenComposeAsync(
                        found -> found
                                ? send(wanted, incoming, outcome)
                                : CompletableFuture.failedStage(
                                        new UnknownTopicOrPartitionException("there is no such topic")),
                        executor)
                .exceptionally(failure -> {
                    LOG.warn(
                            "Expected to write the outcome of {} to {}, but {}",
                            incoming.origin(),
                            wanted.topic(),
                            failure.toString());
                    return null;
                });
    }

    private CompletableFuture<Boolean> exists(String topic) {
        return Objects.requireNonNull(
                        admin.describeTopics(List.of(topic)).topicNameValues().get(topic))
                .toCompletionStage()
                .handle((description, failure) -> {
                    if (failure == null) {
                        return true;
                    }
                    if (failure instanceof UnknownTopicOrPartitionException
                            || failure instanceof InvalidTopicException) {
                        return false;
                    }
                    throw new KafkaException("cannot tell whether it exists", failure);
                })
                .toCompletableFuture();
    }

    private CompletionStage<Void> send(Wanted wanted, Incoming incoming, Outcome outcome) {
        byte @Nullable [] key = wanted.correlationId()
                .map(id -> id.getBytes(StandardCharsets.UTF_8))
                .orElse(incoming.record().key());
        var record = new ProducerRecord<>(wanted.topic(), key, Json.bytes(outcome));
        wanted.correlationId()
                .ifPresent(id -> record.headers().add(CORRELATION_HEADER, id.getBytes(StandardCharsets.UTF_8)));
        record.headers().add(RejectedHeaders.ORIGIN, incoming.origin().getBytes(StandardCharsets.UTF_8));
        var written = new CompletableFuture<Void>();
        var unused = producer.send(record, (metadata, failure) -> {
            if (failure == null) {
                written.complete(null);
            } else {
                written.completeExceptionally(failure);
            }
        });
        return written;
    }
}
