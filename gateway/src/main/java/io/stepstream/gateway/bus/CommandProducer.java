package io.stepstream.gateway.bus;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The gateway's producer of commands. {@code KafkaProducer.send} waits for two things: metadata, which is fetched before the
 * first command and kept, and memory, which is counted here so that a caller is refused instead of held up.
 */
final class CommandProducer implements CommandSender, AutoCloseable {

    private static final long BUFFER_BYTES = 64L * 1024 * 1024;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final long maxUnacknowledgedBytes;
    private final AtomicLong unacknowledgedBytes = new AtomicLong();

    /** @param maxUnacknowledgedBytes what may wait for brokers; above that, commands fail at once */
    CommandProducer(Producer<byte[], byte[]> producer, long maxUnacknowledgedBytes) {
        this.producer = producer;
        this.maxUnacknowledgedBytes = maxUnacknowledgedBytes;
    }

    /** @param deliveryTimeout how long a command may wait for brokers, the caller waiting too */
    static CommandProducer connect(ClientProperties clients, Topics topics, Duration deliveryTimeout) {
        var defaults = new LinkedHashMap<String, Object>();
        defaults.put(ProducerConfig.CLIENT_ID_CONFIG, topics.prefix() + "gateway-commands");
        defaults.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        defaults.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(deliveryTimeout.toMillis()));
        defaults.put(
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(Math.max(1, deliveryTimeout.toMillis() / 3)));
        defaults.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
        defaults.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Integer.MAX_VALUE);
        var fixed = Map.of(
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG,
                false,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                BUFFER_BYTES,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                Topics.MAX_MESSAGE_BYTES);
        var producer = new KafkaProducer<>(
                clients.producer(defaults, fixed), new ByteArraySerializer(), new ByteArraySerializer());
        return new CommandProducer(producer, BUFFER_BYTES * 3 / 4);
    }

    /** Fetches the metadata of these topics, blocking; throws a KafkaException where a topic is missing. */
    void warmUp(Iterable<String> topics) {
        for (var topic : topics) {
            producer.partitionsFor(topic);
        }
    }

    @Override
    public void send(String topic, String key, Object command, Consumer<UnknownFateException> failed) {
        var value = Json.bytes(command);
        long waiting = unacknowledgedBytes.addAndGet(value.length);
        if (waiting > maxUnacknowledgedBytes) {
            unacknowledgedBytes.addAndGet(-value.length);
            failed.accept(new UnknownFateException("Expected brokers to keep up, but " + waiting
                    + " bytes of commands wait for them, more than " + maxUnacknowledgedBytes));
            return;
        }
        var record = new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
        try {
            var unused = producer.send(record, (metadata, failure) -> {
                unacknowledgedBytes.addAndGet(-value.length);
                if (failure != null) {
                    failed.accept(unsent(topic, key, failure));
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            unacknowledgedBytes.addAndGet(-value.length);
            failed.accept(unsent(topic, key, e));
        }
    }

    private static UnknownFateException unsent(String topic, String key, Exception cause) {
        return new UnknownFateException(
                "Expected " + topic + " to take the command for " + key + ", but " + cause.getMessage(), cause);
    }

    /** Waits a moment for what is on its way. */
    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }
}
