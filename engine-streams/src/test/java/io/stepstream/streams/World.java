package io.stepstream.streams;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ExecutionCommand;
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
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What the system tests see of an engine on a real broker: topics under a prefix of their own. */
final class World {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EmbeddedKafka kafka;
    private final String prefix;

    World(EmbeddedKafka kafka, String prefix) {
        this.kafka = kafka;
        this.prefix = prefix;
    }

    EngineConfig config(Path folder) {
        return EngineConfig.of(
                Map.of(
                        EngineConfig.TOPIC_PREFIX.key(), prefix,
                        EngineConfig.DATA_DIR.key(), folder.resolve("engine").toString(),
                        EngineConfig.THREADS.key(), "1",
                        EngineConfig.COMMAND_PARTITIONS.key(), "2",
                        EngineConfig.ACTIVITY_PARTITIONS.key(), "2",
                        EngineConfig.REPLY_PARTITIONS.key(), "1",
                        EngineConfig.SESSION_TIMEOUT.key(), "3s"),
                "a secret of the tests".getBytes(StandardCharsets.UTF_8));
    }

    Topics topics() {
        return config(Path.of("unused")).topics();
    }

    void send(String key, ExecutionCommand command) {
        send(topics().commands(), key, Json.bytes(command));
    }

    void send(String topic, String key, byte[] value) {
        try (var producer =
                new KafkaProducer<>(kafka.properties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value));
        }
    }

    /** Committed events of a key in the order of the log, once there are so many. */
    List<EventRecord> awaitEvents(String key, int count) {
        var found = new ArrayList<EventRecord>();
        read(topics().events(), true, record -> {
            var event = event(record);
            if (event.executionArn().equals(key)) {
                found.add(event);
            }
            return found.size() >= count;
        });
        return found;
    }

    /** Ids of the replies there are that begin so. */
    Set<String> repliesOf(String prefix) {
        var found = new TreeSet<String>();
        read(topics().replies(), false, record -> {
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

    /** Reads a topic from its beginning, until there is enough or, unless {@code wait}, to its end. */
    void read(String topic, boolean wait, Reader reader) {
        var properties = new HashMap<>(kafka.properties());
        properties.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < deadline) {
                for (var record : consumer.poll(Duration.ofMillis(50))) {
                    if (reader.enough(record)) {
                        return;
                    }
                }
                if (!wait && partitions.stream().allMatch(at -> consumer.position(at) >= ends.get(at))) {
                    return;
                }
            }
            throw new AssertionError("Expected to read enough of " + topic + " within " + PATIENCE);
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
