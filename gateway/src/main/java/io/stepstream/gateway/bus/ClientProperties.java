package io.stepstream.gateway.bus;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Kafka client properties as an operator gives them: some for every client, some for producers or consumers alone. Ours come
 * first as defaults, theirs override them, and only what correctness rests upon cannot be changed.
 *
 * @param common for every client ({@code kafka.*}), {@code bootstrap.servers} among them
 * @param producer for producers ({@code kafka.producer.*}), over {@code common}
 * @param consumer for consumers ({@code kafka.consumer.*}), over {@code common}
 */
public record ClientProperties(Map<String, Object> common, Map<String, Object> producer, Map<String, Object> consumer) {

    private static final String PREFIX = "kafka.";
    private static final String PRODUCER = "producer.";
    private static final String CONSUMER = "consumer.";

    public ClientProperties {
        common = Map.copyOf(common);
        producer = Map.copyOf(producer);
        consumer = Map.copyOf(consumer);
    }

    /** Sorts {@code kafka.*}, {@code kafka.producer.*} and {@code kafka.consumer.*}; other keys are not looked at. */
    public static ClientProperties of(Map<String, ?> settings) {
        var common = new LinkedHashMap<String, Object>();
        var producer = new LinkedHashMap<String, Object>();
        var consumer = new LinkedHashMap<String, Object>();
        settings.forEach((key, value) -> {
            if (!key.startsWith(PREFIX)) {
                return;
            }
            var name = key.substring(PREFIX.length());
            if (name.startsWith(PRODUCER)) {
                producer.put(name.substring(PRODUCER.length()), value);
            } else if (name.startsWith(CONSUMER)) {
                consumer.put(name.substring(CONSUMER.length()), value);
            } else {
                common.put(name, value);
            }
        });
        return new ClientProperties(common, producer, consumer);
    }

    public static ClientProperties of(String bootstrapServers) {
        return new ClientProperties(Map.of("bootstrap.servers", bootstrapServers), Map.of(), Map.of());
    }

    /** What a producer is made with. */
    public Map<String, Object> producer(Map<String, ?> defaults, Map<String, ?> fixed) {
        return merged(defaults, producer, fixed);
    }

    /** What a consumer is made with. */
    public Map<String, Object> consumer(Map<String, ?> defaults, Map<String, ?> fixed) {
        return merged(defaults, consumer, fixed);
    }

    /** What an admin client is made with. */
    public Map<String, Object> admin(Map<String, ?> defaults) {
        return merged(defaults, Map.of(), Map.of());
    }

    private Map<String, Object> merged(Map<String, ?> defaults, Map<String, Object> own, Map<String, ?> fixed) {
        var merged = new LinkedHashMap<String, Object>(defaults);
        merged.putAll(common);
        merged.putAll(own);
        merged.putAll(fixed);
        return merged;
    }
}
