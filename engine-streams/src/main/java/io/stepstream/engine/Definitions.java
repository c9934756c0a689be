package io.stepstream.engine;

import com.github.benmanes.caffeine.cache.Cache;
import io.stepstream.asl.model.StateMachine;
import io.stepstream.asl.parse.AslParser;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ExecutionCommand.DefinitionPublished;
import io.stepstream.schemas.command.ExecutionCommand.StartExecution;
import io.stepstream.schemas.event.Logging;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a partition knows of machines and activities, as the log has told it. Keys:
 *
 * <pre>
 *   R  machine ARN  revision          role and type: that the revision is known
 *   T  machine ARN  revision          the definition's text, read only to be parsed
 *   W  machine ARN  revision  offset  a start that waits for its revision
 *   X  machine ARN                    up to which revision the machine was deleted
 *   A  activity ARN                   the activity exists
 * </pre>
 */
final class Definitions {

    private static final byte[] EXISTS = {'{', '}'};

    private final Table table;
    private final Cache<String, StateMachine> parsed;

    Definitions(Table table, Cache<String, StateMachine> parsed) {
        this.table = table;
        this.parsed = parsed;
    }

    /** What is needed of a revision at each start; {@code logging} is absent where nothing is logged. */
    record Revision(String roleArn, String machineType, Optional<Logging> logging) {}

    /** The text of a definition. */
    record Definition(String text) {}

    /** Up to which revision a machine's executions are to end. */
    record Deleted(long revision) {}

    void publish(DefinitionPublished command) {
        var key = key(command.stateMachineArn(), command.revision());
        table.put(
                Key.of("R", key),
                Json.bytes(new Revision(command.roleArn(), command.machineType(), command.logging())));
        table.put(Key.of("T", key), Json.bytes(new Definition(command.definition())));
    }

    Optional<Revision> revision(String stateMachineArn, long revision) {
        return read(Key.of("R", key(stateMachineArn, revision)), Revision.class);
    }

    /** The machine of a revision that is known. */
    StateMachine machine(String stateMachineArn, long revision) {
        var key = key(stateMachineArn, revision);
        return parsed.get(key, missing -> parse(stateMachineArn, revision));
    }

    private StateMachine parse(String stateMachineArn, long revision) {
        var key = key(stateMachineArn, revision);
        var known = revision(stateMachineArn, revision);
        var text = read(Key.of("T", key), Definition.class);
        if (known.isEmpty() || text.isEmpty()) {
            throw new IllegalStateException(
                    "Expected to know revision " + revision + " of " + stateMachineArn + ", but do not");
        }
        var definition = AslParser.parse(text.get().text(), known.get().machineType());
        return definition
                .stateMachine()
                .orElseThrow(() -> new IllegalStateException("Expected revision " + revision + " of " + stateMachineArn
                        + " to be valid, but: " + definition.errors()));
    }

    /** Keeps a start until its revision is published. */
    void park(StartExecution start, long offset) {
        var prefix = Key.of("W", key(start.stateMachineArn(), start.revision()));
        table.put(Key.of(prefix, Key.number(offset)), Json.bytes(start));
    }

    /** The starts that waited for this revision, in order; they are forgotten. */
    List<StartExecution> unpark(String stateMachineArn, long revision) {
        var prefix = Key.of("W", key(stateMachineArn, revision));
        var keys = new ArrayList<String>();
        var starts = new ArrayList<StartExecution>();
        table.scan(Key.of(prefix, ""), Key.end(prefix), (key, value) -> {
            keys.add(key);
            starts.add(read(key, value, StartExecution.class));
            return true;
        });
        keys.forEach(table::delete);
        return starts;
    }

    void delete(String stateMachineArn, long revision) {
        if (!isDeleted(stateMachineArn, revision)) {
            table.put(Key.of("X", stateMachineArn), Json.bytes(new Deleted(revision)));
        }
    }

    boolean isDeleted(String stateMachineArn, long revision) {
        return read(Key.of("X", stateMachineArn), Deleted.class)
                .map(deleted -> revision <= deleted.revision())
                .orElse(false);
    }

    void addActivity(String activityArn) {
        table.put(Key.of("A", activityArn), EXISTS);
    }

    void removeActivity(String activityArn) {
        table.delete(Key.of("A", activityArn));
    }

    boolean hasActivity(String activityArn) {
        return table.get(Key.of("A", activityArn)) != null;
    }

    private static String key(String stateMachineArn, long revision) {
        return Key.of(stateMachineArn, Key.number(revision));
    }

    private <T> Optional<T> read(String key, Class<T> type) {
        var value = table.get(key);
        return value == null ? Optional.empty() : Optional.of(read(key, value, type));
    }

    private static <T> T read(String key, byte[] value, Class<T> type) {
        try {
            return Json.read(value, type);
        } catch (IOException e) {
            throw new IllegalStateException("Expected to read row " + key.replace('\0', '/') + ", but could not", e);
        }
    }
}
