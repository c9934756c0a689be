package io.stepstream.bench.micro;

import io.stepstream.asl.parse.KnownServices;
import io.stepstream.asl.run.RunLimits;
import io.stepstream.engine.Decision;
import io.stepstream.engine.Effect;
import io.stepstream.engine.Entropy;
import io.stepstream.engine.ExecutionDecider;
import io.stepstream.engine.Limits;
import io.stepstream.engine.Moment;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;

/** One partition with one machine: starts its executions and decides what they send themselves, until they are over. */
final class Partition {

    private static final String MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:bench";
    private static final String EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:bench:";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);

    /** A Map of 10,000 items has more than AWS's number of events. */
    private static final int EVENTS = 1_000_000;

    private final ExecutionDecider decider = new ExecutionDecider(
            new Limits(RunLimits.DEFAULTS.withHistoryEvents(EVENTS), Limits.DEFAULTS.rememberedOffsets()),
            SECRET,
            KnownServices.ANY);
    private final RowsInMemory rows = new RowsInMemory();
    private final ArrayDeque<ExecutionCommand> toItself = new ArrayDeque<>();
    private long offset;

    Partition(String definition) {
        decide(
                MACHINE,
                new ExecutionCommand.DefinitionPublished(
                        MACHINE, 1, definition, "arn:aws:iam::123456789012:role/bench", "STANDARD", Optional.empty()));
    }

    /** Runs one execution; it must succeed without waiting for anything. Gives the number of its events. */
    long run(String input) {
        var name = Long.toString(offset);
        var arn = EXECUTION + name;
        toItself.add(new ExecutionCommand.StartExecution(
                arn,
                MACHINE,
                Optional.empty(),
                Optional.empty(),
                1,
                name,
                false,
                input,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty()));
        long events = 0;
        boolean succeeded = false;
        while (!toItself.isEmpty()) {
            var decision = decide(arn, toItself.removeFirst());
            events += decision.events().size();
            for (var status : decision.statuses()) {
                succeeded |= status.status() == Status.SUCCEEDED;
            }
            for (var effect : decision.effects()) {
                if (effect instanceof Effect.ToExecution own) {
                    toItself.addLast(own.command());
                }
            }
        }
        if (!succeeded) {
            throw new IllegalStateException(
                    "Expected " + arn + " to succeed, but it did not after " + events + " events");
        }
        return events;
    }

    private Decision decide(String key, ExecutionCommand command) {
        long at = offset++;
        return decider.decide(key, command, new Moment(NOW, 0, at, new Entropy(SECRET, "commands", 0, at)), rows);
    }
}
