package io.stepstream.engine;

import io.stepstream.asl.query.Env;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Chance for one decision: HMAC of (topic, partition, offset, draw number) under the cluster's secret. A replay draws the
 * same, and nobody without the secret can foretell it.
 */
public final class Entropy implements Env.Draws {

    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] secret;
    private final String topic;
    private final int partition;
    private final long offset;
    private int drawn;

    public Entropy(byte[] secret, String topic, int partition, long offset) {
        this.secret = secret;
        this.topic = topic;
        this.partition = partition;
        this.offset = offset;
    }

    @Override
    public long next() {
        return draw().getLong();
    }

    /** A random (version 4) UUID. */
    public UUID uuid() {
        var bits = draw();
        long high = (bits.getLong() & ~0xF000L) | 0x4000L;
        long low = (bits.getLong() & ~(0b11L << 62)) | (0b10L << 62);
        return new UUID(high, low);
    }

    private ByteBuffer draw() {
        var name = topic.getBytes(StandardCharsets.UTF_8);
        var seed = ByteBuffer.allocate(name.length + 16)
                .put(name)
                .putInt(partition)
                .putLong(offset)
                .putInt(drawn++);
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return ByteBuffer.wrap(mac.doFinal(seed.array()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected the JDK to know " + ALGORITHM, e);
        }
    }
}
