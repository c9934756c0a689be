package io.stepstream.engine;

import io.stepstream.asl.run.Execution;
import io.stepstream.asl.run.RunLimits;
import io.stepstream.schemas.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of executions that ended badly, as they stood when they ended: what RedriveExecution begins with. They lie apart
 * from those of open executions, which every command reads. Forgotten when their time is over: one that comes takes a few old
 * ones along. Keys, besides those of {@link ExecutionRows}:
 *
 * <pre>
 *   execution ARN  U         until when the execution can be redriven
 *   O  date  execution ARN   the same in the order of dates
 *   P                        up to which date everything is forgotten
 * </pre>
 */
final class Redrivables {

    /** For so long after its end an execution can be redriven, as with AWS. */
    static final Duration PERIOD = Duration.ofDays(14);

    /** For so long a client's token is remembered. */
    static final Duration TOKEN_PERIOD = Duration.ofMinutes(15);

    /** More than one, so that what a busy time has left is gone sometime. */
    private static final int FORGOTTEN_PER_WRITE = 4;

    private final Table table;
    private final Table open;

    /** @param open the rows of open executions */
    Redrivables(Table table, Table open) {
        this.table = table;
        this.open = open;
    }

    /** A date, and the execution if it is about one. */
    record Until(Instant date, Optional<String> executionArn) {}

    /** Until when the execution can be redriven; empty if its rows are not here. */
    Optional<Instant> until(String executionArn) {
        return read(Key.of(executionArn, "U")).map(Until::date);
    }

    ExecutionRows rows(String executionArn) {
        return new ExecutionRows(table, executionArn);
    }

    /**
     * AWS's reason why an execution cannot be redriven that has not succeeded; empty if it can.
     *
     * @param until empty if it runs
     */
    static Optional<String> refusal(
            Execution execution, Optional<Instant> until, boolean machineDeleted, Instant now, RunLimits limits) {
        if (until.isEmpty()) {
            return Optional.of("Execution is RUNNING and cannot be redriven");
        } else if (machineDeleted) {
            return Optional.of("State machine is in DELETING status");
        } else if (execution.startDate().plus(limits.longest()).isBefore(now)) {
            return Optional.of("Execution has exceeded the max execution time");
        } else if (until.get().isBefore(now)) {
            return Optional.of("Execution redrivable period exceeded");
        }
        return Optional.empty();
    }

    /** Takes over the rows of an execution that has just ended. */
    void keep(String executionArn, Instant now) {
        move(executionArn, open, table);
        var until = new Until(now.plus(PERIOD), Optional.of(executionArn));
        table.put(Key.of(executionArn, "U"), Json.bytes(until));
        table.put(orderKey(until.date(), executionArn), Json.bytes(until));
        forgetOld(now);
    }

    /** Gives the rows back: from now on the execution is open. */
    void reopen(String executionArn) {
        until(executionArn).ifPresent(date -> table.delete(orderKey(date, executionArn)));
        table.delete(Key.of(executionArn, "U"));
        move(executionArn, table, open);
    }

    void forget(String executionArn) {
        until(executionArn).ifPresent(date -> {
            table.delete(orderKey(date, executionArn));
            all(executionArn, table).keySet().forEach(table::delete);
        });
    }

    private void forgetOld(Instant now) {
        var old = new ArrayList<Until>();
        // From where the last one was: a store keeps the traces of deleted rows for a while.
        long from = read("P").map(last -> last.date().toEpochMilli()).orElse(0L);
        table.scan(Key.of("O", Key.number(from)), Key.of("O", Key.number(now.toEpochMilli())), (key, value) -> {
            old.add(parse(key, value));
            return old.size() < FORGOTTEN_PER_WRITE;
        });
        for (var execution : old) {
            execution.executionArn().ifPresent(this::forget);
            table.put("P", Json.bytes(new Until(execution.date(), Optional.empty())));
        }
    }

    private static String orderKey(Instant date, String executionArn) {
        return Key.of("O", Key.number(date.toEpochMilli()), executionArn);
    }

    private static void move(String executionArn, Table from, Table to) {
        all(executionArn, from).forEach((key, value) -> {
            to.put(key, value);
            from.delete(key);
        });
    }

    private static Map<String, byte[]> all(String executionArn, Table table) {
        var rows = new LinkedHashMap<String, byte[]>();
        table.scan(Key.of(executionArn, ""), Key.end(executionArn), (key, value) -> {
            rows.put(key, value);
            return true;
        });
        return rows;
    }

    private Optional<Until> read(String key) {
        var value = table.get(key);
        return value == null ? Optional.empty() : Optional.of(parse(key, value));
    }

    private static Until parse(String key, byte[] value) {
        try {
            return Json.read(value, Until.class);
        } catch (IOException e) {
            throw new IllegalStateException("Expected to read row " + key.replace('\0', '/') + ", but could not", e);
        }
    }
}
