package io.stepstream.bench;

import io.stepstream.schemas.event.EventRecord;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer that reads only committed records finds on the public topics, from their beginning: whether each execution's
 * events are there once, in order and without a gap, and whether it ended once.
 */
final class Ledger {

    private long events;
    private long repeated;
    private long gaps;
    private long endedTwice;
    private final Map<String, Long> lastEvents = new HashMap<>();
    private final Map<String, Integer> ends = new HashMap<>();

    static Ledger read(Map<String, Object> client, Topics topics) {
        var ledger = new Ledger();
        readAll(client, topics.events(), (key, value) -> {
            int separator = key.lastIndexOf(EventRecord.SEPARATOR);
            ledger.event(key.substring(0, separator), Long.parseLong(key.substring(separator + 1)));
        });
        readAll(client, topics.executions(), (key, value) -> {
            if (value != null && !value.contains("\"status\":\"RUNNING\"")) {
                ledger.end(key);
            }
        });
        return ledger;
    }

    long executions() {
        return lastEvents.size();
    }

    long events() {
        return events;
    }

    /** Events that came twice, or after one with a higher id. */
    long repeated() {
        return repeated;
    }

    /** Places where an id is missing. */
    long gaps() {
        return gaps;
    }

    /** Executions with more than one end. */
    long endedTwice() {
        return endedTwice;
    }

    boolean ended(String executionArn) {
        return ends.containsKey(executionArn);
    }

    void event(String executionArn, long id) {
        events++;
        long last = lastEvents.getOrDefault(executionArn, 0L);
        if (id <= last) {
            repeated++;
        } else {
            if (id > last + 1) {
                gaps++;
            }
            lastEvents.put(executionArn, id);
        }
    }

    void end(String executionArn) {
        if (ends.merge(executionArn, 1, Integer::sum) == 2) {
            endedTwice++;
        }
    }

    private static void readAll(
            Map<String, Object> client, String topic, BiConsumer<String, @Nullable String> onRecord) {
        var properties = new HashMap<>(client);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                for (var row : consumer.poll(Duration.ofMillis(500))) {
                    onRecord.accept(
                            new String(row.key(), StandardCharsets.UTF_8),
                            row.value() == null ? null : new String(row.value(), StandardCharsets.UTF_8));
                }
            }
        }
    }
}
