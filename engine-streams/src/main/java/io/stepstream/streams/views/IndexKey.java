package io.stepstream.streams.views;

import io.stepstream.schemas.Arn;
import io.stepstream.schemas.event.ExecutionStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/**
 * Keys of the {@code index} store. A row says only "look at this execution": it has no content, and whoever reads it compares
 * with the {@code executions} store, so that a row left behind by a crash is never shown.
 *
 * <pre>
 *   kind 0 resource ARN 0 status 0 start date 0 execution ARN
 *
 *   kind        what the resource is: {@value #MACHINE} for a state machine, {@value #VERSION} for a version,
 *               {@value #ALIAS} for an alias; others get letters of their own
 *   status      its name, or {@value #ANY_STATUS} for the row that lists the execution whatever its status is
 *   start date  Long.MAX_VALUE minus epoch milliseconds, 19 digits: newest first
 * </pre>
 */
final class IndexKey {

    static final char MACHINE = 'm';
    static final char VERSION = 'v';
    static final char ALIAS = 'a';
    static final String ANY_STATUS = "*";

    private static final char END = '\0';
    /** Sorts behind every digit, thus behind every start date. */
    private static final char AFTER_DATES = '~';

    private IndexKey() {}

    /** The kind of a state machine's ARN, qualified or not. */
    static char kindOf(String stateMachineArn) {
        var arn = Arn.parse(stateMachineArn);
        if (arn.flatMap(Arn::qualifier).isEmpty()) {
            return MACHINE;
        }
        return arn.get().isVersion() ? VERSION : ALIAS;
    }

    static Bytes row(char kind, String resourceArn, String status, Instant startDate, String executionArn) {
        return bytes(prefix(kind, resourceArn, status) + inverted(startDate) + END + executionArn);
    }

    /** The first key that can follow the given place, or the first of all. */
    static Bytes from(
            char kind, String resourceArn, Optional<ExecutionStatus.Status> status, Optional<Bytes> lastSeen) {
        return lastSeen.map(key -> Bytes.wrap(followedByZero(key.get())))
                .orElseGet(() -> bytes(prefix(kind, resourceArn, statusPart(status))));
    }

    /** Behind the last row of a list. */
    static Bytes to(char kind, String resourceArn, Optional<ExecutionStatus.Status> status) {
        return bytes(prefix(kind, resourceArn, statusPart(status)) + AFTER_DATES);
    }

    /** The first row, in whatever status, of executions that started at {@code startDate} or before. */
    static Bytes startedBy(char kind, String resourceArn, Instant startDate) {
        return bytes(prefix(kind, resourceArn, ANY_STATUS) + inverted(startDate));
    }

    /** Where the rows of a kind begin. */
    static Bytes firstOf(char kind) {
        return bytes("" + kind + END);
    }

    /** Behind all rows of a kind. */
    static Bytes afterLastOf(char kind) {
        return bytes("" + kind + (char) (END + 1));
    }

    /** Behind all rows of a resource. */
    static Bytes afterLastOf(char kind, String resourceArn) {
        return bytes("" + kind + END + resourceArn + (char) (END + 1));
    }

    static String statusPart(Optional<ExecutionStatus.Status> status) {
        return status.map(Enum::name).orElse(ANY_STATUS);
    }

    /** The resource of a row. */
    static String resourceOf(Bytes row) {
        var text = text(row);
        return text.substring(2, text.indexOf(END, 2));
    }

    /** The execution of a row. */
    static String executionOf(Bytes row) {
        var text = text(row);
        return text.substring(text.lastIndexOf(END) + 1);
    }

    private static String prefix(char kind, String resourceArn, String status) {
        return "" + kind + END + resourceArn + END + status + END;
    }

    private static String inverted(Instant startDate) {
        var digits = Long.toString(Long.MAX_VALUE - Math.max(0, startDate.toEpochMilli()));
        return "0".repeat(19 - digits.length()) + digits;
    }

    private static byte[] followedByZero(byte[] key) {
        return java.util.Arrays.copyOf(key, key.length + 1);
    }

    private static String text(Bytes key) {
        return new String(key.get(), StandardCharsets.UTF_8);
    }

    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
