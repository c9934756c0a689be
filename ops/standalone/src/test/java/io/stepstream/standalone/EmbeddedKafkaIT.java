package io.stepstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {

    private static final TopicPartition PARTITION = new TopicPartition("kept", 0);

    @Test
    void whatWasWrittenIsThereAfterARestart(@TempDir Path directory) throws Exception {
        try (var kafka = EmbeddedKafka.start(new EmbeddedKafka.Options(directory, 0, false));
                var admin = admin(kafka);
                var producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                    .all()
                    .get(10, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>("kept", "key", "value")).get(10, TimeUnit.SECONDS);
        }
        try (var kafka = EmbeddedKafka.start(new EmbeddedKafka.Options(directory, 0, true));
                var admin = admin(kafka)) {
            var end = admin.listOffsets(Map.of(PARTITION, OffsetSpec.latest()))
                    .partitionResult(PARTITION)
                    .get(10, TimeUnit.SECONDS);
            assertThat(end.offset()).isEqualTo(1);
        }
    }

    @Test
    void aTakenPortIsRefusedWithAdvice(@TempDir Path directory) throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            EmbeddedKafka.start(new EmbeddedKafka.Options(directory, taken.getLocalPort(), false)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("--kafka-port");
        }
    }

    private static Admin admin(EmbeddedKafka kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }
}
