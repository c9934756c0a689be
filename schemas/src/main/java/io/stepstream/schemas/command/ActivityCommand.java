package io.stepstream.schemas.command;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Optional;

/**
 * What can be said to the queue of one activity. The record's key is the activity's ARN.
 *
 * <p>A task is offered by its execution, handed to a poll, confirmed by the gateway that held the poll, and from then on
 * the execution's own matter: the queue knows of it no more.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface ActivityCommand {

    String activityArn();

    <R> R match(Cases<R> cases);

    interface Cases<R> {
        R taskOffered(TaskOffered command);

        R taskWithdrawn(TaskWithdrawn command);

        R pollRequested(PollRequested command);

        R pollCancelled(PollCancelled command);

        R taskDelivered(TaskDelivered command);

        R taskReturned(TaskReturned command);

        R leaseExpired(LeaseExpired command);
    }

    /** An execution has work for a worker. {@code traceHeader} travels on to the worker's token. */
    record TaskOffered(
            String activityArn, String executionArn, TaskRef task, String input, Optional<String> traceHeader)
            implements ActivityCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.taskOffered(this);
        }
    }

    /** The execution no longer waits for this task: it timed out or was stopped. */
    record TaskWithdrawn(String activityArn, String executionArn, TaskRef task) implements ActivityCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.taskWithdrawn(this);
        }
    }

    /**
     * A worker waits for a task.
     *
     * @param gateway incarnation of the gateway that holds the connection, new at each of its starts
     * @param replyTo its correlation id is the poll's id
     * @param expires when the gateway will have answered the worker by itself
     */
    record PollRequested(
            String activityArn, String gateway, Optional<String> workerName, Instant expires, ReplyTo replyTo)
            implements ActivityCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.pollRequested(this);
        }
    }

    /** The worker has left, or was told that there is no task. */
    record PollCancelled(String activityArn, String pollId) implements ActivityCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.pollCancelled(this);
        }
    }

    /** The response with the task has been written to the worker's connection. */
    record TaskDelivered(String activityArn, String taskId, long delivery) implements ActivityCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.taskDelivered(this);
        }
    }

    /** The response could not be written: back to the head of the queue. */
    record TaskReturned(String activityArn, String taskId, long delivery) implements ActivityCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.taskReturned(this);
        }
    }

    /** A hand-out was not confirmed within its lease. */
    record LeaseExpired(String activityArn, String taskId, long delivery, Instant due) implements ActivityCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.leaseExpired(this);
        }
    }
}
