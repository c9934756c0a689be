package io.stepstream.streams.views;

import io.stepstream.schemas.event.ExecutionStatus.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the latest status of each execution and its rows in the lists.
 *
 * <p>Records come at least once, and after a crash of the engine a status that was rolled back comes again, behind a later one
 * perhaps. So whatever is written depends on the record alone (the same record writes the same rows), and a status that an
 * earlier command made than the stored one is ignored.
 */
final class StatusProcessor extends ContextualProcessor<byte[], byte @Nullable [], Void, Void> {

    static final Bytes COVERED_KEY = Bytes.wrap("commands".getBytes(StandardCharsets.UTF_8));

    private static final Logger LOG = LoggerFactory.getLogger(StatusProcessor.class);
    private static final byte[] EMPTY_ROW = {};

    private final Progress progress;

    private long covered = -1;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else
    private KeyValueStore<Bytes, byte @Nullable []> executions;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<Bytes, byte @Nullable []> index;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<Bytes, byte @Nullable []> coveredStore;

    StatusProcessor(Progress progress) {
        this.progress = progress;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        super.init(context);
        executions = context.getStateStore(ViewsTopology.EXECUTIONS);
        index = context.getStateStore(ViewsTopology.INDEX);
        coveredStore = context.getStateStore(ViewsTopology.COVERED);
        covered = covered(coveredStore.get(COVERED_KEY));
        progress.began(context.taskId().partition());
    }

    @Override
    public void close() {
        progress.ended(context().taskId().partition());
    }

    /** The highest command offset of a stored row; -1 for none. */
    static long covered(byte @Nullable [] row) {
        return row == null ? -1 : ByteBuffer.wrap(row).getLong();
    }

    @Override
    public void process(Record<byte[], byte @Nullable []> record) {
        var key = Bytes.wrap(record.key());
        var value = record.value();
        var stored = summary(executions.get(key));
        if (value == null) {
            stored.ifPresent(this::forget);
            executions.put(key, null);
        } else {
            apply(key, value, stored);
        }
        var metadata = context().recordMetadata();
        progress.applied(
                context().taskId().partition(),
                metadata.map(RecordMetadata::offset).orElse(-1L),
                new String(record.key(), StandardCharsets.UTF_8));
    }

    private void apply(Bytes key, byte[] value, Optional<StatusSummary> stored) {
        var status = summary(value);
        if (status.isEmpty()) {
            executions.put(key, value);
            return;
        }
        var current = status.get();
        if (stored.isPresent() && stored.get().commandOffset() > current.commandOffset()) {
            return;
        }
        list(current, stored);
        executions.put(key, value);
        if (current.commandOffset() > covered) {
            covered = current.commandOffset();
            coveredStore.put(
                    COVERED_KEY,
                    ByteBuffer.allocate(Long.BYTES).putLong(covered).array());
        }
    }

    private void list(StatusSummary current, Optional<StatusSummary> stored) {
        for (var resource : current.listedUnder()) {
            index.put(row(resource, current, IndexKey.ANY_STATUS), EMPTY_ROW);
            if (neverLeftRunning(current, stored)) {
                // the usual life has two statuses: one deletion instead of one for each other status
                if (current.status() != Status.RUNNING) {
                    index.put(row(resource, current, Status.RUNNING.name()), null);
                }
            } else {
                for (var other : Status.values()) {
                    if (other != current.status()) {
                        index.put(row(resource, current, other.name()), null);
                    }
                }
            }
            index.put(row(resource, current, current.status().name()), EMPTY_ROW);
        }
    }

    /** Whether no row can be there but those of RUNNING and of the current status. */
    private static boolean neverLeftRunning(StatusSummary current, Optional<StatusSummary> stored) {
        return current.redriveCount() == 0
                && current.status() != Status.PENDING_REDRIVE
                && stored.map(before -> before.status() == Status.RUNNING || before.status() == current.status())
                        .orElse(true);
    }

    private void forget(StatusSummary last) {
        for (var resource : last.listedUnder()) {
            for (var status : Status.values()) {
                index.put(row(resource, last, status.name()), null);
            }
            index.put(row(resource, last, IndexKey.ANY_STATUS), null);
        }
    }

    private static Bytes row(String resourceArn, StatusSummary execution, String status) {
        return IndexKey.row(
                IndexKey.kindOf(resourceArn), resourceArn, status, execution.startDate(), execution.executionArn());
    }

    /** Empty for no value and for one that is no execution's status: such a record is kept as it is and stands in no list. */
    private Optional<StatusSummary> summary(byte @Nullable [] value) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(StatusSummary.read(value));
        } catch (IOException e) {
            LOG.error(
                    "Expected an execution's status at {}, but could not read it",
                    context().recordMetadata(),
                    e);
            return Optional.empty();
        }
    }
}
