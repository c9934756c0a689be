package io.stepstream.gateway.ingress;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record that somebody wrote to one of the topics for input.
 *
 * @param topicId the topic's id, so that a topic that was deleted and made again is another source
 */
record Incoming(String topicId, ConsumerRecord<byte[], byte[]> record) {

    /** Where positions of this record's partition come from. */
    String source() {
        return topicId + "-" + record.partition();
    }

    /** The same for every delivery of this record, and no other record's. */
    String identity() {
        return source() + "-" + record.offset();
    }

    /** For people: topic, partition, offset. */
    String origin() {
        return record.topic() + "-" + record.partition() + "-" + record.offset();
    }

    /** The last header of that name, as text. */
    Optional<String> header(String name) {
        var header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }
}
