package io.stepstream.streams.views;

import io.stepstream.schemas.event.EventRecord;
import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.view.Views;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Reads the stores of one partition. Any thread; InvalidStateStoreException when the partition moves away meanwhile. */
record PartitionView(
        ReadOnlyKeyValueStore<Bytes, byte[]> historyStore,
        ReadOnlyKeyValueStore<Bytes, byte[]> executionStore,
        ReadOnlyKeyValueStore<Bytes, byte[]> indexStore,
        ReadOnlyKeyValueStore<Bytes, byte[]> coveredStore) {

    private static final long LAST_ID = 9_999_999_999L;

    /** The status record of an execution, as JSON. */
    Optional<byte[]> status(String executionArn) {
        return Optional.ofNullable(executionStore.get(key(executionArn)));
    }

    boolean hasEvent(String executionArn, long eventId) {
        return historyStore.get(Bytes.wrap(EventRecord.keyBytes(executionArn, eventId))) != null;
    }

    Views.Closed closed(String executionArn) {
        // first how far, then what: an answer must not cover more than it has looked at
        long covered = StatusProcessor.covered(coveredStore.get(StatusProcessor.COVERED_KEY));
        boolean exists = status(executionArn)
                .map(value -> summary(value).status().isClosed())
                .orElse(false);
        return new Views.Closed(exists, covered);
    }

    /** The event records, as JSON. */
    List<byte[]> history(Views.HistoryQuery query) {
        var events = new ArrayList<byte[]>();
        long highest = query.fromId() > 0 ? Math.min(query.fromId(), LAST_ID) : LAST_ID;
        try (var rows = query.reverse()
                ? historyStore.reverseRange(event(query, 1), event(query, highest))
                : historyStore.range(
                        event(query, Math.min(Math.max(1, query.fromId()), LAST_ID)), event(query, LAST_ID))) {
            while (rows.hasNext() && events.size() < query.limit()) {
                events.add(rows.next().value);
            }
        }
        return events;
    }

    private static Bytes event(Views.HistoryQuery query, long id) {
        return Bytes.wrap(EventRecord.keyBytes(query.executionArn(), id));
    }

    Views.ExecutionPage executions(Views.ExecutionQuery query) {
        var machine = query.stateMachineArn();
        char kind = IndexKey.kindOf(machine);
        var after = query.after()
                .map(last -> IndexKey.row(
                        kind, machine, IndexKey.statusPart(query.status()), last.startDate(), last.executionArn()));
        var page = new ArrayList<ExecutionStatus>();
        try (var rows = indexStore.range(
                IndexKey.from(kind, machine, query.status(), after), IndexKey.to(kind, machine, query.status()))) {
            while (rows.hasNext()) {
                var row = rows.next().key;
                var status = status(IndexKey.executionOf(row)).map(PartitionView::summary);
                if (status.isEmpty() || !belongs(kind, row, status.get(), query)) {
                    continue;
                }
                if (page.size() == query.limit()) {
                    return new Views.ExecutionPage(page, true);
                }
                page.add(status.get().listed());
            }
        }
        return new Views.ExecutionPage(page, false);
    }

    private static boolean belongs(char kind, Bytes row, StatusSummary status, Views.ExecutionQuery query) {
        if (query.status().isPresent() && query.status().get() != status.status()) {
            return false;
        }
        return row.equals(IndexKey.row(
                        kind,
                        query.stateMachineArn(),
                        IndexKey.statusPart(query.status()),
                        status.startDate(),
                        status.executionArn()))
                && status.listedUnder().contains(query.stateMachineArn());
    }

    /**
     * Closed executions that are to be forgotten, and where to go on looking.
     *
     * @param next absent when the end has been reached
     */
    record Expired(List<StatusSummary> executions, Optional<Bytes> next) {}

    /**
     * Executions of all machines that closed at {@code closedBy} or before. Per machine only those are looked at that also started by
     * then: they stand at the end of its list.
     *
     * @param from where the last call ended
     * @param rows how many rows to look at
     */
    Expired expired(Instant closedBy, Optional<Bytes> from, int rows) {
        var found = new ArrayList<StatusSummary>();
        var at = from.orElseGet(() -> IndexKey.firstOf(IndexKey.MACHINE));
        int looked = 0;
        for (var machine = machineAt(at); machine.isPresent(); machine = machineAt(at)) {
            var oldest = IndexKey.startedBy(IndexKey.MACHINE, machine.get(), closedBy);
            try (var candidates = indexStore.range(
                    at.compareTo(oldest) > 0 ? at : oldest,
                    IndexKey.to(IndexKey.MACHINE, machine.get(), Optional.empty()))) {
                while (candidates.hasNext()) {
                    var row = candidates.next().key;
                    if (looked++ == rows) {
                        return new Expired(found, Optional.of(row));
                    }
                    status(IndexKey.executionOf(row))
                            .map(PartitionView::summary)
                            .filter(status -> status.status().isClosed())
                            .filter(status -> status.stopDate()
                                    .map(stopDate -> !stopDate.isAfter(closedBy))
                                    .orElse(false))
                            .ifPresent(found::add);
                }
            }
            at = IndexKey.afterLastOf(IndexKey.MACHINE, machine.get());
        }
        return new Expired(found, Optional.empty());
    }

    /** The machine of the first row at the given key or behind it. */
    private Optional<String> machineAt(Bytes key) {
        try (var rows = indexStore.range(key, IndexKey.afterLastOf(IndexKey.MACHINE))) {
            return rows.hasNext() ? Optional.of(IndexKey.resourceOf(rows.next().key)) : Optional.empty();
        }
    }

    static StatusSummary summary(byte[] value) {
        try {
            return StatusSummary.read(value);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected an execution's status in the store", e);
        }
    }

    private static Bytes key(String executionArn) {
        return Bytes.wrap(executionArn.getBytes(StandardCharsets.UTF_8));
    }
}
