package io.stepstream.asl.model;

import io.stepstream.schemas.event.HistoryEventType;
import java.util.Optional;

/** The eight kinds of state, with the events that tell of entering and leaving one. */
public enum StateType {
    TASK("Task", HistoryEventType.TaskStateEntered, HistoryEventType.TaskStateExited),
    WAIT("Wait", HistoryEventType.WaitStateEntered, HistoryEventType.WaitStateExited),
    PASS("Pass", HistoryEventType.PassStateEntered, HistoryEventType.PassStateExited),
    SUCCEED("Succeed", HistoryEventType.SucceedStateEntered, HistoryEventType.SucceedStateExited),
    FAIL("Fail", HistoryEventType.FailStateEntered, null),
    CHOICE("Choice", HistoryEventType.ChoiceStateEntered, HistoryEventType.ChoiceStateExited),
    PARALLEL("Parallel", HistoryEventType.ParallelStateEntered, HistoryEventType.ParallelStateExited),
    MAP("Map", HistoryEventType.MapStateEntered, HistoryEventType.MapStateExited);

    private final String text;
    private final HistoryEventType entered;
    private final Optional<HistoryEventType> exited;

    StateType(String text, HistoryEventType entered, @org.jspecify.annotations.Nullable HistoryEventType exited) {
        this.text = text;
        this.entered = entered;
        this.exited = Optional.ofNullable(exited);
    }

    /** As written in a definition. */
    public String text() {
        return text;
    }

    public HistoryEventType entered() {
        return entered;
    }

    /** Empty for Fail, which is never left. */
    public Optional<HistoryEventType> exited() {
        return exited;
    }
}
