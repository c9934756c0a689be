package io.stepstream.engine;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.command.ServiceCall;
import io.stepstream.schemas.command.TaskRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The calls of one partition whose outcomes are awaited, a row each. */
public final class ServiceCalls {

    private final Table table;
    private final byte[] secret;

    /** {@code secret} is the cluster's, which signs the tokens. */
    ServiceCalls(Table table, byte[] secret) {
        this.table = table;
        this.secret = secret;
    }

    void add(ServiceCall call) {
        table.put(key(call.executionArn(), call.task()), Json.bytes(call));
    }

    void remove(String executionArn, TaskRef task) {
        table.delete(key(executionArn, task));
    }

    /** All of the execution's, which are forgotten. */
    List<ServiceCall> removeAll(String executionArn) {
        var keys = new ArrayList<String>();
        var calls = new ArrayList<ServiceCall>();
        table.scan(Key.of(executionArn, ""), Key.end(executionArn), (key, value) -> {
            keys.add(key);
            calls.add(read(value));
            return true;
        });
        keys.forEach(table::delete);
        return calls;
    }

    /** Nobody polled for the task, so that it has no worker's name, and it is given out once. */
    String token(String executionArn, TaskRef task) {
        return new TaskToken(executionArn, task, 1, Optional.empty()).sign(secret);
    }

    /** What a token of ours stands for. */
    Optional<TaskToken> verify(String token) {
        return TaskToken.verify(token, secret);
    }

    /** A row's value. */
    public static ServiceCall read(byte[] row) {
        try {
            return Json.read(row, ServiceCall.class);
        } catch (IOException e) {
            throw new IllegalStateException("Expected to read the row of a call, but could not", e);
        }
    }

    /** Stamps are the execution's own, so that no two of its calls share one. */
    private static String key(String executionArn, TaskRef task) {
        return Key.of(executionArn, Key.number(task.stamp()));
    }
}
