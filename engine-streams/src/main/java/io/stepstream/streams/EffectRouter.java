package io.stepstream.streams;

import io.stepstream.engine.Decision;
import io.stepstream.engine.Effect;
import io.stepstream.schemas.Arn;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.event.EventRecord;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.event.HistoryEventType;
import io.stepstream.schemas.topic.CloudEvents;
import io.stepstream.schemas.topic.Position;
import io.stepstream.schemas.topic.RejectedHeaders;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Turns decisions into records: alone knows which topic, key, partition and header they get. Makes everything before
 * anything is written or sent, so that a record that cannot be sent is still a bug of the decision.
 */
final class EffectRouter {

    /** Names of the outputs that are written in the task's transaction. */
    static final String EVENTS = "events";

    static final String EXECUTIONS = "executions";
    static final String LOGS = "logs";
    static final String REGISTRY = "registry";
    static final String REJECTED = "rejected";

    /** What a record needs besides key, value and headers: a generous bound, since producers check exactly. */
    private static final int RECORD_OVERHEAD = 1_024;

    private final Topics topics;

    EffectRouter(Topics topics) {
        this.topics = topics;
    }

    /** A record of the task's transaction. */
    record Output(String sink, Record<SinkKey, byte @Nullable []> record) {}

    /** What follows from one decision; {@code calls} are the effects that no topic takes. */
    record Routed(List<Output> outputs, List<ProducerRecord<byte[], byte[]>> effects, List<Effect> calls) {}

    /**
     * Throws IllegalStateException for what cannot be sent: too large, or to a partition that does not exist.
     *
     * @param partition of the decided record, and so of the execution's events and status
     * @param source see {@link Position}
     */
    Routed route(Decision decision, int partition, String source, long offset, Instant now) {
        var outputs = new ArrayList<Output>();
        var about = About.NOTHING;
        for (var event : decision.events()) {
            about = about.of(event.executionArn(), event.event());
            var record = new EventRecord(event.executionArn(), event.event());
            var at = event.event().timestamp().toEpochMilli();
            outputs.add(output(EVENTS, partition, record.key(), record.value(), at, about.headers(event.event())));
        }
        for (var status : decision.statuses()) {
            outputs.add(output(
                    EXECUTIONS,
                    partition,
                    status.executionArn(),
                    Json.bytes(status),
                    now.toEpochMilli(),
                    headers(CloudEvents.of(status))));
        }
        for (var log : decision.logs()) {
            about = about.of(log.executionArn(), log.event());
            var at = log.event().timestamp().toEpochMilli();
            outputs.add(output(LOGS, partition, log.executionArn(), log.value(), at, about.headers(log.event())));
        }
        for (var expired : decision.expired()) {
            outputs.add(output(
                    EXECUTIONS, partition, expired.executionArn(), null, now.toEpochMilli(), new RecordHeaders()));
            for (long id = 1; id <= expired.lastEventId(); id++) {
                outputs.add(output(
                        EVENTS,
                        partition,
                        EventRecord.key(expired.executionArn(), id),
                        null,
                        now.toEpochMilli(),
                        new RecordHeaders()));
            }
        }
        for (var registration : decision.registrations()) {
            outputs.add(output(
                    REGISTRY,
                    0,
                    registration.key(),
                    registration.record().map(Json::bytes).orElse(null),
                    now.toEpochMilli(),
                    new RecordHeaders()));
        }
        for (var refusal : decision.refusals()) {
            outputs.add(rejected(refusal, now));
        }
        var effects = new ArrayList<ProducerRecord<byte[], byte[]>>();
        var calls = new ArrayList<Effect>();
        for (int index = 0; index < decision.effects().size(); index++) {
            var effect = decision.effects().get(index);
            if (effect instanceof Effect.CallService || effect instanceof Effect.EndCall) {
                calls.add(effect);
            } else {
                route(effect, new Position(source, offset, index), effects);
            }
        }
        return new Routed(outputs, effects, calls);
    }

    /** As the gateway writes what it refuses itself, but for the key, which has not come this far. */
    private static Output rejected(Decision.Refusal refusal, Instant now) {
        var headers = headers(List.of(
                new CloudEvents.Header(RejectedHeaders.ERROR, refusal.error()),
                new CloudEvents.Header(RejectedHeaders.REASON, refusal.reason()),
                new CloudEvents.Header(RejectedHeaders.ORIGIN, refusal.origin())));
        return new Output(
                REJECTED,
                new Record<>(
                        new SinkKey(SinkKey.ANY_PARTITION, null),
                        Json.bytes(refusal.request()),
                        now.toEpochMilli(),
                        headers));
    }

    private void route(Effect effect, Position position, List<ProducerRecord<byte[], byte[]>> effects) {
        if (effect instanceof Effect.SendReply reply) {
            int to = reply.to().partition();
            if (to < 0 || to >= topics.partitions().replies()) {
                // whoever asked reads no partition of ours; nobody can be told
                return;
            }
            effects.add(effect(topics.replies(), to, reply.to().correlationId(), Json.bytes(reply.reply()), position));
        } else if (effect instanceof Effect.ToActivity activity) {
            var command = activity.command();
            effects.add(effect(topics.activityTasks(), null, command.activityArn(), Json.bytes(command), position));
        } else if (effect instanceof Effect.ToExecution execution) {
            effects.add(effect(
                    topics.commands(), null, execution.executionArn(), Json.bytes(execution.command()), position));
        } else if (effect instanceof Effect.ToEveryPartition everywhere) {
            var command = Json.bytes(everywhere.command());
            for (int partition = 0; partition < topics.partitions().commands(); partition++) {
                effects.add(effect(topics.commands(), partition, everywhere.key(), command, position));
            }
        } else {
            throw new IllegalStateException("Expected an effect that has a topic, but " + effect.getClass());
        }
    }

    private static ProducerRecord<byte[], byte[]> effect(
            String topic, @Nullable Integer partition, String key, byte[] value, Position position) {
        var keyBytes = key.getBytes(StandardCharsets.UTF_8);
        checkSize(topic, key, keyBytes, value);
        Headers headers = new RecordHeaders();
        headers.add(Position.HEADER, position.text().getBytes(StandardCharsets.UTF_8));
        return new ProducerRecord<>(topic, partition, null, keyBytes, value, headers);
    }

    private static Output output(
            String sink, int partition, String key, byte @Nullable [] value, long timestamp, Headers headers) {
        var keyBytes = key.getBytes(StandardCharsets.UTF_8);
        checkSize(sink, key, keyBytes, value);
        return new Output(sink, new Record<>(new SinkKey(partition, Bytes.wrap(keyBytes)), value, timestamp, headers));
    }

    /** The headers that the events of one execution at one time share: most decisions make them once. */
    private record About(String executionArn, Instant time, List<Header> shared) {

        private static final Map<HistoryEventType, Header> TYPES = new EnumMap<>(HistoryEventType.class);

        static {
            for (var type : HistoryEventType.values()) {
                TYPES.put(type, header(CloudEvents.type(type)));
            }
        }

        static final About NOTHING = new About("", Instant.EPOCH, List.of());

        About of(String arn, HistoryEvent event) {
            if (arn.equals(executionArn) && event.timestamp().equals(time)) {
                return this;
            }
            var shared = CloudEvents.shared(arn, stateMachine(arn), event.timestamp()).stream()
                    .map(EffectRouter::header)
                    .toList();
            return new About(arn, event.timestamp(), shared);
        }

        Headers headers(HistoryEvent event) {
            var headers = new RecordHeaders(shared);
            headers.add(header(CloudEvents.id(executionArn, event)));
            headers.add(Objects.requireNonNull(TYPES.get(event.type())));
            return headers;
        }
    }

    private static Headers headers(List<CloudEvents.Header> all) {
        var headers = new RecordHeaders();
        all.forEach(header -> headers.add(header(header)));
        return headers;
    }

    private static Header header(CloudEvents.Header header) {
        return new RecordHeader(header.name(), header.value().getBytes(StandardCharsets.UTF_8));
    }

    private static String stateMachine(String executionArn) {
        return Arn.parse(executionArn).map(arn -> arn.stateMachine().toString()).orElse(executionArn);
    }

    private static void checkSize(String topic, String key, byte[] keyBytes, byte @Nullable [] value) {
        long size = (long) keyBytes.length + (value == null ? 0 : value.length) + RECORD_OVERHEAD;
        if (size > Topics.MAX_MESSAGE_BYTES) {
            throw new IllegalStateException("Expected a record of at most " + Topics.MAX_MESSAGE_BYTES + " bytes for "
                    + topic + ", but that of " + key + " has " + size);
        }
    }
}
