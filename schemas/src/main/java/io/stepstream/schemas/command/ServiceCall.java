package io.stepstream.schemas.command;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A call that a Task wants to be made. Its row stands for as long as somebody waits for the outcome, so that the partition's
 * next owner makes it again; the row is the same, and with it the {@link #idempotencyKey}.
 *
 * @param resourceArn the Task's resource
 * @param service like {@code sqs} or {@code aws-sdk:s3}; {@code lambda} for a function's own ARN
 * @param action like {@code sendMessage}; empty for a function's own ARN
 * @param arguments JSON text
 * @param roleArn who it is to be made as, where the Task has credentials
 * @param taskToken for what may be told later, where the Task waits for it
 */
public record ServiceCall(
        String executionArn,
        TaskRef task,
        String resourceArn,
        String service,
        String action,
        String arguments,
        Optional<String> roleArn,
        Optional<String> taskToken,
        Optional<String> traceHeader) {

    /** Whether the Task waits for the end of what the call begins. */
    public boolean awaitsEnd() {
        return resourceArn.endsWith(".sync") || resourceArn.endsWith(".sync:2");
    }

    /** The same for every repetition of this call, and no other's: 64 hexadecimal digits. */
    public String idempotencyKey() {
        var identity = executionArn + " " + task.startOffset() + " " + task.scope() + " " + task.stamp();
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected the JDK to know SHA-256", e);
        }
    }
}
