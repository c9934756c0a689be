package io.stepstream.asl.run;

import io.stepstream.asl.model.State.Resource;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.schemas.command.TimerRef;
import java.time.Instant;
import java.util.Optional;

/** What an execution asks of the world around it. Nothing here is done at once: it becomes part of the decision. */
public interface Outside {

    boolean activityExists(String activityArn);

    /** Whether executions of this revision are to end because the machine was deleted. */
    boolean machineDeleted();

    void offerTask(String activityArn, TaskRef task, String input);

    void withdrawTask(String activityArn, TaskRef task);

    /**
     * Asks for a call to a service. Its outcome is told with the same reference.
     *
     * @param arguments JSON text
     * @param roleArn who it is made as, if the Task says so
     */
    void callService(TaskRef task, Resource resource, String arguments, Optional<String> roleArn);

    /** Nobody waits for the call's outcome any more. */
    void endCall(TaskRef task);

    /** An execution that a Task has started is not awaited any more, and has no reason to go on. */
    void stopExecution(String executionArn);

    /** What somebody needs to have to tell how the task ended. */
    String taskToken(TaskRef task);

    void setTimer(Instant due, TimerRef timer);

    void cancelTimer(Instant due, TimerRef timer);

    /** The work that one decision may do is done: go on with this stamp when it is our turn again. */
    void continueLater(long stamp);
}
