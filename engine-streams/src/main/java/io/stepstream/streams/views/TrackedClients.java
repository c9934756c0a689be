package io.stepstream.streams.views;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** The Kafka clients of the views' application: its main consumers tell {@link Progress} where they stand. */
final class TrackedClients implements KafkaClientSupplier {

    private final String topic;
    private final Progress progress;

    TrackedClients(String executionsTopic, Progress progress) {
        this.topic = executionsTopic;
        this.progress = progress;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new TrackedConsumer(config, topic, progress);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return getRestoreConsumer(config);
    }

    private static final class TrackedConsumer extends KafkaConsumer<byte[], byte[]> {

        private final String topic;
        private final Progress progress;

        TrackedConsumer(Map<String, Object> config, String topic, Progress progress) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            this.topic = topic;
            this.progress = progress;
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            var records = super.poll(timeout);
            records.nextOffsets().forEach((partition, next) -> {
                if (partition.topic().equals(topic)) {
                    var delivered = records.records(partition);
                    long last = delivered.isEmpty()
                            ? -1
                            : delivered.get(delivered.size() - 1).offset();
                    progress.polled(partition.partition(), next.offset(), last);
                }
            });
            for (var partition : assignment()) {
                if (partition.topic().equals(topic)) {
                    if (progress.wantsPosition(partition.partition())) {
                        startingPosition(partition);
                    }
                    currentLag(partition).ifPresent(lag -> progress.lags(partition.partition(), lag));
                }
            }
            return records;
        }

        /** Where the consumer stands before anything has come. */
        private void startingPosition(org.apache.kafka.common.TopicPartition partition) {
            try {
                progress.polled(partition.partition(), position(partition, Duration.ZERO), -1);
            } catch (TimeoutException notYetKnown) {
                // the next poll tries again: a position that is not known yet is no failure
                return;
            }
        }
    }
}
