package io.stepstream.schemas.event;

/**
 * The types of a history event, and the member that carries a type's details in the API and on the {@code events} topic.
 * Names as in AWS's service model.
 */
public enum HistoryEventType {
    ActivityFailed("activityFailedEventDetails"),
    ActivityScheduled("activityScheduledEventDetails"),
    ActivityScheduleFailed("activityScheduleFailedEventDetails"),
    ActivityStarted("activityStartedEventDetails"),
    ActivitySucceeded("activitySucceededEventDetails"),
    ActivityTimedOut("activityTimedOutEventDetails"),
    ChoiceStateEntered("stateEnteredEventDetails"),
    ChoiceStateExited("stateExitedEventDetails"),
    ExecutionAborted("executionAbortedEventDetails"),
    ExecutionFailed("executionFailedEventDetails"),
    ExecutionStarted("executionStartedEventDetails"),
    ExecutionSucceeded("executionSucceededEventDetails"),
    ExecutionTimedOut("executionTimedOutEventDetails"),
    FailStateEntered("stateEnteredEventDetails"),
    LambdaFunctionFailed("lambdaFunctionFailedEventDetails"),
    LambdaFunctionScheduled("lambdaFunctionScheduledEventDetails"),
    LambdaFunctionScheduleFailed("lambdaFunctionScheduleFailedEventDetails"),
    LambdaFunctionStarted(""),
    LambdaFunctionStartFailed("lambdaFunctionStartFailedEventDetails"),
    LambdaFunctionSucceeded("lambdaFunctionSucceededEventDetails"),
    LambdaFunctionTimedOut("lambdaFunctionTimedOutEventDetails"),
    MapIterationAborted("mapIterationAbortedEventDetails"),
    MapIterationFailed("mapIterationFailedEventDetails"),
    MapIterationStarted("mapIterationStartedEventDetails"),
    MapIterationSucceeded("mapIterationSucceededEventDetails"),
    MapStateAborted(""),
    MapStateEntered("stateEnteredEventDetails"),
    MapStateExited("stateExitedEventDetails"),
    MapStateFailed(""),
    MapStateStarted("mapStateStartedEventDetails"),
    MapStateSucceeded(""),
    ParallelStateAborted(""),
    ParallelStateEntered("stateEnteredEventDetails"),
    ParallelStateExited("stateExitedEventDetails"),
    ParallelStateFailed(""),
    ParallelStateStarted(""),
    ParallelStateSucceeded(""),
    PassStateEntered("stateEnteredEventDetails"),
    PassStateExited("stateExitedEventDetails"),
    SucceedStateEntered("stateEnteredEventDetails"),
    SucceedStateExited("stateExitedEventDetails"),
    TaskFailed("taskFailedEventDetails"),
    TaskScheduled("taskScheduledEventDetails"),
    TaskStarted("taskStartedEventDetails"),
    TaskStartFailed("taskStartFailedEventDetails"),
    TaskStateAborted(""),
    TaskStateEntered("stateEnteredEventDetails"),
    TaskStateExited("stateExitedEventDetails"),
    TaskSubmitFailed("taskSubmitFailedEventDetails"),
    TaskSubmitted("taskSubmittedEventDetails"),
    TaskSucceeded("taskSucceededEventDetails"),
    TaskTimedOut("taskTimedOutEventDetails"),
    WaitStateAborted(""),
    WaitStateEntered("stateEnteredEventDetails"),
    WaitStateExited("stateExitedEventDetails"),
    MapRunAborted(""),
    MapRunFailed("mapRunFailedEventDetails"),
    MapRunStarted("mapRunStartedEventDetails"),
    MapRunSucceeded(""),
    ExecutionRedriven("executionRedrivenEventDetails"),
    MapRunRedriven("mapRunRedrivenEventDetails"),
    EvaluationFailed("evaluationFailedEventDetails");

    private final String detailsMember;

    HistoryEventType(String detailsMember) {
        this.detailsMember = detailsMember;
    }

    /** The member with the details; empty for the types that have none. */
    public String detailsMember() {
        return detailsMember;
    }
}
