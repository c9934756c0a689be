package io.stepstream.schemas;

import io.stepstream.schemas.command.TaskRef;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a worker holds of its task: opaque to it, and for us the way to the scope and attempt that waits. Signed, so that a
 * forged or altered one is told from an outdated one without a look-up.
 *
 * @param delivery which hand-out of the task this is, from 1
 * @param workerName the poll's worker, so that an answer which overtakes the delivery's confirmation can still be recorded
 *     with its ActivityStarted event
 */
public record TaskToken(String executionArn, TaskRef task, long delivery, Optional<String> workerName) {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE_BYTES = 16;
    private static final char SEPARATOR = '\n';

    /** The text that the worker gets: URL-safe Base64 of the content and 16 bytes of its HMAC. */
    public String sign(byte[] secret) {
        var content = (task.startOffset() + "" + SEPARATOR + task.scope() + SEPARATOR + task.stamp() + SEPARATOR
                        + delivery + SEPARATOR + executionArn
                        + workerName.map(name -> SEPARATOR + name).orElse(""))
                .getBytes(StandardCharsets.UTF_8);
        var signed = Arrays.copyOf(content, content.length + SIGNATURE_BYTES);
        System.arraycopy(signature(content, secret), 0, signed, content.length, SIGNATURE_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
    }

    /** Empty for anything that was not signed with this secret. */
    public static Optional<TaskToken> verify(String token, byte[] secret) {
        byte[] signed;
        try {
            signed = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (signed.length <= SIGNATURE_BYTES) {
            return Optional.empty();
        }
        var content = Arrays.copyOf(signed, signed.length - SIGNATURE_BYTES);
        var given = Arrays.copyOfRange(signed, content.length, signed.length);
        if (!MessageDigest.isEqual(given, signature(content, secret))) {
            return Optional.empty();
        }
        var parts = new String(content, StandardCharsets.UTF_8).split(String.valueOf(SEPARATOR), 6);
        var task = new TaskRef(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
        return Optional.of(new TaskToken(
                parts[4], task, Long.parseLong(parts[3]), parts.length > 5 ? Optional.of(parts[5]) : Optional.empty()));
    }

    private static byte[] signature(byte[] content, byte[] secret) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return Arrays.copyOf(mac.doFinal(content), SIGNATURE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected the JDK to know " + ALGORITHM, e);
        }
    }
}
