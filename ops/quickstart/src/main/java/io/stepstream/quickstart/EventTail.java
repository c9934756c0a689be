package io.stepstream.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads what happens from the {@code events} topic, as any consumer could. */
final class EventTail implements AutoCloseable {

    private final KafkaConsumer<String, byte[]> consumer;
    private final ObjectMapper json = new ObjectMapper();

    private EventTail(KafkaConsumer<String, byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Everything from now on, committed only. */
    static EventTail fromNow(String bootstrapServers, String topic) {
        var properties = new HashMap<String, Object>();
        properties.put("bootstrap.servers", bootstrapServers);
        properties.put("isolation.level", "read_committed");
        var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        var partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        return new EventTail(consumer);
    }

    /**
     * Hands over each event of the machine's executions until so many of them have ended or the time is over.
     *
     * @return how each ended: the type of the last event by the execution's ARN
     */
    Map<String, String> follow(String machineName, int ends, Duration atMost, Consumer<JsonNode> onEvent)
            throws IOException {
        var ended = new HashMap<String, String>();
        Set<String> seen = new HashSet<>();
        long until = System.nanoTime() + atMost.toNanos();
        while (ended.size() < ends && System.nanoTime() - until < 0) {
            for (var row : consumer.poll(Duration.ofMillis(200))) {
                if (row.value() == null
                        || !row.key().contains(":execution:" + machineName + ":")
                        || !seen.add(row.key())) {
                    continue;
                }
                var event = json.readTree(row.value());
                onEvent.accept(event);
                var type = event.path("type").asText();
                if (type.startsWith("Execution") && !type.equals("ExecutionStarted")) {
                    ended.put(event.path("executionArn").asText(), type);
                }
            }
        }
        return ended;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
