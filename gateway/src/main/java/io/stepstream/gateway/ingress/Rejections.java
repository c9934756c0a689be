package io.stepstream.gateway.ingress;

import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.topic.RejectedHeaders;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The records of {@code rejected}: what came, byte by byte with its headers, and why it was refused. */
final class Rejections {

    /** Bytes of a record that a broker counts besides what is added up here. */
    private static final int OVERHEAD_BYTES = 64 * 1024;

    private Rejections() {}

    static ProducerRecord<byte[], byte[]> record(String topic, Incoming incoming, ApiException refusal) {
        var original = incoming.record();
        int bytes = OVERHEAD_BYTES + length(original.key()) + length(original.value());
        for (var header : original.headers()) {
            bytes += header.key().length() * 3 + length(header.value());
        }
        bytes += refusal.message().length() * 3;
        boolean fits = bytes <= Topics.MAX_MESSAGE_BYTES;
        return describe(
                new ProducerRecord<>(topic, null, original.key(), fits ? original.value() : null, original.headers()),
                incoming,
                refusal,
                fits);
    }

    /** Without what its writer chose, for a broker that takes the whole no more. */
    static ProducerRecord<byte[], byte[]> bareRecord(String topic, Incoming incoming, ApiException refusal) {
        return describe(new ProducerRecord<>(topic, null, null), incoming, refusal, false);
    }

    private static ProducerRecord<byte[], byte[]> describe(
            ProducerRecord<byte[], byte[]> record, Incoming incoming, ApiException refusal, boolean whole) {
        record.headers()
                .add(RejectedHeaders.ERROR, utf8(refusal.code().name()))
                .add(RejectedHeaders.REASON, utf8(refusal.message()))
                .add(RejectedHeaders.ORIGIN, utf8(incoming.origin()));
        if (!whole) {
            record.headers().add(RejectedHeaders.VALUE_OMITTED, utf8("true"));
        }
        return record;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
