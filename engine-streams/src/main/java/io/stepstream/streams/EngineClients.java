package io.stepstream.streams;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Makes the clients of Kafka Streams, so that effects can leave before the commit and still bind it: with each thread's
 * transactional producer comes a producer for its effects, the thread's polls flush them, and its commits wait for them.
 */
final class EngineClients implements KafkaClientSupplier {

    private static final String PRODUCER_SUFFIX = "-producer";
    private static final String CONSUMER_SUFFIX = "-consumer";

    private final int effectsAtOnce;
    private final Duration effectsTimeout;
    private final Failpoints failpoints;
    private final Map<String, EffectsProducer> effectsByThread = new ConcurrentHashMap<>();

    EngineClients(EngineConfig config, Failpoints failpoints) {
        this.effectsAtOnce = config.get(EngineConfig.EFFECTS_AT_ONCE);
        this.effectsTimeout = config.effectsTimeout();
        this.failpoints = failpoints;
    }

    /** The newest producer for effects of the calling stream thread. */
    EffectsProducer effects() {
        return Objects.requireNonNull(
                effectsByThread.get(Thread.currentThread().getName()), "Expected to be called on a stream thread");
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        var thread = thread(config, PRODUCER_SUFFIX);
        var effects = new EffectsProducer(effectsProducer(config, thread), effectsAtOnce, System::nanoTime, failpoints);
        effectsByThread.put(thread, effects);
        return bound(
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()),
                effects,
                effectsTimeout,
                failpoints);
    }

    private Producer<byte[], byte[]> effectsProducer(Map<String, Object> transactional, String thread) {
        return new KafkaProducer<>(
                effectsConfig(transactional, thread, effectsTimeout),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    static Map<String, Object> effectsConfig(
            Map<String, Object> transactional, String thread, Duration effectsTimeout) {
        var config = new HashMap<>(transactional);
        config.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        config.remove(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, thread + "-effects");
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, effectsTimeout.toMillis());
        // Brokers take any sequence number as the first of a producer that they do not know. So with two requests under
        // way, and a leader that becomes ready between them, the second could be written and the first be refused.
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        return config;
    }

    /** The transactional producer, with its flush, commit and end bound to the effects. */
    @SuppressWarnings("unchecked")
    static Producer<byte[], byte[]> bound(
            Producer<byte[], byte[]> producer,
            EffectsProducer effects,
            Duration effectsTimeout,
            Failpoints failpoints) {
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        // the records of the transaction and the effects travel at the same time
                        case "flush" -> effects.flush();
                        case "commitTransaction" -> {
                            failpoints.at(Failpoints.Point.BEFORE_EFFECTS_ARE_CONFIRMED);
                            effects.awaitConfirmed(effectsTimeout);
                            failpoints.at(Failpoints.Point.BEFORE_COMMIT);
                            producer.commitTransaction();
                            failpoints.at(Failpoints.Point.AFTER_COMMIT);
                            return null;
                        }
                        case "close" -> effects.close();
                        default -> {}
                    }
                    return call(() -> method.invoke(producer, arguments));
                });
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        var thread = thread(config, CONSUMER_SUFFIX);
        return flushing(consumer(config), thread);
    }

    /** The main consumer; its poll is where a batch of commands ends. */
    @SuppressWarnings("unchecked")
    private Consumer<byte[], byte[]> flushing(Consumer<byte[], byte[]> consumer, String thread) {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("poll")) {
                        var effects = effectsByThread.get(thread);
                        if (effects != null) {
                            effects.flush();
                        }
                    }
                    return call(() -> method.invoke(consumer, arguments));
                });
    }

    private interface Call {
        Object run() throws ReflectiveOperationException;
    }

    private static Object call(Call call) throws Throwable {
        try {
            return call.run();
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    /** Streams names a thread's clients after the thread. */
    private static String thread(Map<String, Object> config, String suffix) {
        var clientId = String.valueOf(config.get(ProducerConfig.CLIENT_ID_CONFIG));
        if (!clientId.endsWith(suffix)) {
            throw new IllegalStateException("Expected a client id that ends in " + suffix + ", but " + clientId);
        }
        return clientId.substring(0, clientId.length() - suffix.length());
    }
}
