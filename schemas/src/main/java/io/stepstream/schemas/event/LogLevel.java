package io.stepstream.schemas.event;

import java.util.EnumSet;
import java.util.Set;

/** Which history events are logged, as AWS's table of CloudWatch Logs levels for Step Functions says. */
public enum LogLevel {
    OFF,
    FATAL,
    ERROR,
    ALL;

    private static final Set<HistoryEventType> FATAL_EVENTS = EnumSet.of(
            HistoryEventType.ExecutionAborted, HistoryEventType.ExecutionFailed, HistoryEventType.ExecutionTimedOut);

    private static final Set<HistoryEventType> ERROR_EVENTS = EnumSet.of(
            HistoryEventType.ActivityFailed,
            HistoryEventType.ActivityScheduleFailed,
            HistoryEventType.ActivityTimedOut,
            HistoryEventType.EvaluationFailed,
            HistoryEventType.FailStateEntered,
            HistoryEventType.LambdaFunctionFailed,
            HistoryEventType.LambdaFunctionScheduleFailed,
            HistoryEventType.LambdaFunctionStartFailed,
            HistoryEventType.LambdaFunctionTimedOut,
            HistoryEventType.MapIterationAborted,
            HistoryEventType.MapIterationFailed,
            HistoryEventType.MapRunAborted,
            HistoryEventType.MapRunFailed,
            HistoryEventType.MapStateAborted,
            HistoryEventType.MapStateFailed,
            HistoryEventType.ParallelStateAborted,
            HistoryEventType.ParallelStateFailed,
            HistoryEventType.TaskFailed,
            HistoryEventType.TaskStartFailed,
            HistoryEventType.TaskStateAborted,
            HistoryEventType.TaskSubmitFailed,
            HistoryEventType.TaskTimedOut,
            HistoryEventType.WaitStateAborted);

    public boolean takes(HistoryEventType type) {
        return switch (this) {
            case OFF -> false;
            case FATAL -> FATAL_EVENTS.contains(type);
            case ERROR -> FATAL_EVENTS.contains(type) || ERROR_EVENTS.contains(type);
            case ALL -> true;
        };
    }
}
