package io.stepstream.streams;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * A record's key on its way to a topic, with the partition that it belongs to: what comes from one execution stays in the
 * partition of its commands, whatever the key says.
 *
 * @param partition -1 to leave it to Kafka
 */
record SinkKey(int partition, @Nullable Bytes key) {

    static final int ANY_PARTITION = -1;

    static final Serializer<SinkKey> SERIALIZER =
            (topic, key) -> key.key() == null ? null : key.key().get();

    static final StreamPartitioner<SinkKey, byte[]> PARTITIONER = (topic, key, value, partitions) ->
            key.partition() == ANY_PARTITION ? Optional.empty() : Optional.of(Set.of(key.partition()));
}
