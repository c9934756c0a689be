package io.stepstream.engine;

import io.stepstream.asl.run.KnownRedrive;
import io.stepstream.schemas.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Executions that were closed a short while ago: those whose name was given, so that it is not used again before the views
 * know of it, and those that accepted an answer or a redrive, so that its sender's retry is accepted again. Forgotten by log offset: one
 * write forgets a few old ones, so the table stays as large as what was closed within the window. Keys:
 *
 * <pre>
 *   C  execution ARN   what is remembered of it
 *   O  offset          which execution was closed by the command at this offset
 *   P                  the highest offset that was forgotten
 * </pre>
 */
final class ClosedNames {

    /** More than one, so that what a larger window had left is gone sometime. */
    private static final int FORGOTTEN_PER_WRITE = 4;

    private final Table table;
    private final long rememberedOffsets;

    ClosedNames(Table table, long rememberedOffsets) {
        this.table = table;
        this.rememberedOffsets = rememberedOffsets;
    }

    /**
     * @param offset offset of the command that closed it
     * @param startRequestId the SDK's id of the call that started it
     * @param accepted request ids of the last answers that it accepted
     * @param redrive the last redrive that was asked for with a token
     */
    record Closed(
            long offset,
            Instant startDate,
            Optional<String> startRequestId,
            List<String> accepted,
            Optional<KnownRedrive> redrive) {}

    /** The other way round. */
    record ClosedAt(String executionArn) {}

    /** The highest offset that was forgotten. */
    record Forgotten(long offset) {}

    Optional<Closed> closed(String executionArn) {
        return read(Key.of("C", executionArn), Closed.class);
    }

    /** What was closed at higher offsets is known here; -1 if everything is. */
    long forgottenUpTo() {
        return read("P", Forgotten.class).map(Forgotten::offset).orElse(-1L);
    }

    void add(String executionArn, Closed closed) {
        table.put(Key.of("C", executionArn), Json.bytes(closed));
        table.put(Key.of("O", Key.number(closed.offset())), Json.bytes(new ClosedAt(executionArn)));
        forgetOld(closed.offset() - rememberedOffsets);
    }

    void forget(String executionArn) {
        table.delete(Key.of("C", executionArn));
    }

    private void forgetOld(long below) {
        if (below <= forgottenUpTo()) {
            return;
        }
        var old = new ArrayList<String>();
        // From where the last one was: a store keeps the traces of deleted rows for a while.
        var from = Key.of("O", Key.number(forgottenUpTo() + 1));
        table.scan(from, Key.of("O", Key.number(below)), (key, value) -> {
            old.add(key);
            return old.size() < FORGOTTEN_PER_WRITE;
        });
        for (var key : old) {
            long offset = Key.lastNumber(key);
            var executionArn = read(key, ClosedAt.class)
                    .orElseThrow(() -> new IllegalStateException("Expected a row that was just seen, but it is gone"))
                    .executionArn();
            // The name may have been free again and closed a second time since.
            if (closed(executionArn).map(Closed::offset).equals(Optional.of(offset))) {
                forget(executionArn);
            }
            table.delete(key);
            table.put("P", Json.bytes(new Forgotten(offset)));
        }
    }

    private <T> Optional<T> read(String key, Class<T> type) {
        var value = table.get(key);
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(value, type));
        } catch (IOException e) {
            throw new IllegalStateException("Expected to read row " + key.replace('\0', '/') + ", but could not", e);
        }
    }
}
