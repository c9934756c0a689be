package io.stepstream.asl.run;

import io.stepstream.schemas.command.TaskRef;
import io.stepstream.schemas.command.TimerRef;
import java.time.Instant;

/** What an execution asks of the world around it. Nothing here is done at once: it becomes part of the decision. */
public interface Outside {

    boolean activityExists(String activityArn);

    /** Whether executions of this revision are to end because the machine was deleted. */
    boolean machineDeleted();

    void offerTask(String activityArn, TaskRef task, String input);

    void withdrawTask(String activityArn, TaskRef task);

    void setTimer(Instant due, TimerRef timer);

    void cancelTimer(Instant due, TimerRef timer);

    /** The work that one decision may do is done: go on with this stamp when it is our turn again. */
    void continueLater(long stamp);
}
