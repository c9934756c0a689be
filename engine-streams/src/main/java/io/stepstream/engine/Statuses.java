package io.stepstream.engine;

import io.stepstream.asl.run.Closing;
import io.stepstream.asl.run.Execution;
import io.stepstream.asl.run.Progress;
import io.stepstream.schemas.event.ExecutionStatus;
import java.time.Instant;
import java.util.Optional;

/** Makes the public status of an execution. */
final class Statuses {

    private Statuses() {}

    static ExecutionStatus running(
            Execution execution, String input, Progress progress, long lastEventId, long commandOffset) {
        var open = new Closing(
                ExecutionStatus.Status.RUNNING,
                execution.startDate(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return of(execution, input, progress, open, Optional.empty(), lastEventId, commandOffset);
    }

    static ExecutionStatus closed(
            Execution execution, String input, Progress progress, Closing how, long lastEventId, long commandOffset) {
        return of(execution, input, progress, how, Optional.of(how.stopDate()), lastEventId, commandOffset);
    }

    private static ExecutionStatus of(
            Execution execution,
            String input,
            Progress progress,
            Closing how,
            Optional<Instant> stopDate,
            long lastEventId,
            long commandOffset) {
        return new ExecutionStatus(
                execution.executionArn(),
                execution.stateMachineArn(),
                execution.name(),
                how.status(),
                execution.startDate(),
                stopDate,
                input,
                how.output(),
                how.error(),
                how.cause(),
                execution.stateMachineVersionArn(),
                execution.stateMachineAliasArn(),
                execution.traceHeader(),
                progress.redriveCount(),
                progress.redriveDate(),
                execution.revision(),
                lastEventId,
                commandOffset);
    }
}
