package io.stepstream.streams;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.config.Setting;
import io.stepstream.schemas.event.EventRecord;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What the system tests see of an engine on a real broker: topics under a prefix of their own. */
final class World {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EmbeddedKafka kafka;
    private final String prefix;
    private final Map<String, String> settings = new HashMap<>();

    World(EmbeddedKafka kafka, String prefix) {
        this.kafka = kafka;
        this.prefix = prefix;
    }

    /** This world with one setting more. */
    World with(Setting<?> setting, String value) {
        settings.put(setting.key(), value);
        return this;
    }

    EngineConfig config(Path folder) {
        var values = new HashMap<>(Map.of(
                EngineConfig.TOPIC_PREFIX.key(), prefix,
                EngineConfig.DATA_DIR.key(), folder.resolve("engine").toString(),
                EngineConfig.THREADS.key(), "1",
                EngineConfig.COMMAND_PARTITIONS.key(), "2",
                EngineConfig.ACTIVITY_PARTITIONS.key(), "2",
                EngineConfig.REPLY_PARTITIONS.key(), "1",
                EngineConfig.SESSION_TIMEOUT.key(), "3s"));
        values.putAll(settings);
        return EngineConfig.of(values, "a secret of the tests".getBytes(StandardCharsets.UTF_8));
    }

    Topics topics() {
        return config(Path.of("unused")).topics();
    }

    void send(String key, ExecutionCommand command) {
        send(topics().commands(), key, Json.bytes(command));
    }

    /** Sends them in one go. */
    void sendAll(List<String> keys, Function<String, ExecutionCommand> command) {
        send(keys.stream()
                .map(key -> record(topics().commands(), key, Json.bytes(command.apply(key))))
                .toList());
    }

    void send(String topic, String key, byte[] value) {
        send(List.of(record(topic, key, value)));
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String key, byte[] value) {
        return new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) {
        try (var producer =
                new KafkaProducer<>(kafka.properties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            var sends = new ArrayList<Future<RecordMetadata>>();
            records.forEach(record -> sends.add(producer.send(record)));
            for (var sent : sends) {
                sent.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("Expected the broker to take what was sent", e);
        }
    }

    /** Committed events of a key in the order of the log, once there are so many. */
    List<EventRecord> awaitEvents(String key, int count) {
        return awaitEvents(key::equals, count);
    }

    /** The same of several keys. */
    List<EventRecord> awaitEvents(Predicate<String> keys, int count) {
        var found = new ArrayList<EventRecord>();
        boolean enough = read(topics().events(), PATIENCE, record -> {
            var event = event(record);
            if (keys.test(event.executionArn())) {
                found.add(event);
            }
            return found.size() >= count;
        });
        if (!enough) {
            throw new AssertionError("Expected " + count + " events within " + PATIENCE + ", but " + found);
        }
        return found;
    }

    /** Committed events of a key that are there or come within that time. */
    List<EventRecord> eventsWithin(Duration time, String key) {
        var found = new ArrayList<EventRecord>();
        read(topics().events(), time, record -> {
            var event = event(record);
            if (event.executionArn().equals(key)) {
                found.add(event);
            }
            return false;
        });
        return found;
    }

    /** How many committed records the topic holds. */
    int count(String topic) {
        var count = new AtomicInteger();
        read(topic, Duration.ZERO, record -> {
            count.incrementAndGet();
            return false;
        });
        return count.get();
    }

    /** Waits until the topic holds a record. */
    void awaitAny(String topic) {
        if (!read(topic, PATIENCE, record -> true)) {
            throw new AssertionError("Expected a record in " + topic + " within " + PATIENCE);
        }
    }

    /** Ids of the replies there are that begin so. */
    Set<String> repliesOf(String prefix) {
        var found = new TreeSet<String>();
        read(topics().replies(), Duration.ZERO, record -> {
            var id = new String(record.key(), StandardCharsets.UTF_8);
            if (id.startsWith(prefix)) {
                found.add(id);
            }
            return false;
        });
        return found;
    }

    /** Asked for one record after the other until it has seen enough. */
    interface Reader {
        boolean enough(ConsumerRecord<byte[], byte[]> record);
    }

    /** Reads from the beginning at least to the end as it is now, and longer if told; true if there was enough. */
    private boolean read(String topic, Duration atLeast, Reader reader) {
        var properties = new HashMap<>(kafka.properties());
        properties.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            long from = System.nanoTime();
            do {
                for (var record : consumer.poll(Duration.ofMillis(50))) {
                    if (reader.enough(record)) {
                        return true;
                    }
                }
            } while (System.nanoTime() - from < atLeast.toNanos()
                    || partitions.stream()
                            .anyMatch(at -> consumer.position(at) < Objects.requireNonNull(ends.get(at))));
            return false;
        }
    }

    static EventRecord event(ConsumerRecord<byte[], byte[]> record) {
        try {
            return EventRecord.read(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String output(EventRecord event) {
        return event.event().details().orElseThrow().path("output").asText();
    }
}
