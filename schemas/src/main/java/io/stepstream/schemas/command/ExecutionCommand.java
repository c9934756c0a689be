package io.stepstream.schemas.command;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.stepstream.schemas.event.Logging;
import java.time.Instant;
import java.util.Optional;

/**
 * What can be said to the executions of one partition of {@code commands}. The record's key is the execution's ARN,
 * except for what concerns every execution ({@link DefinitionPublished}, say): that goes to every partition.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface ExecutionCommand {

    <R> R match(Cases<R> cases);

    /** One method per command, so that the compiler lists whoever forgets a new one. */
    interface Cases<R> {
        R startExecution(StartExecution command);

        R stopExecution(StopExecution command);

        R redriveExecution(RedriveExecution command);

        R activityStarted(ActivityStarted command);

        R taskSucceeded(TaskSucceeded command);

        R taskFailed(TaskFailed command);

        R taskHeartbeat(TaskHeartbeat command);

        R serviceCallCompleted(ServiceCallCompleted command);

        R childClosed(ChildClosed command);

        R timerDue(TimerDue command);

        R proceed(Continue command);

        R definitionPublished(DefinitionPublished command);

        R stateMachineDeleted(StateMachineDeleted command);

        R activityRegistered(ActivityRegistered command);

        R activityDeleted(ActivityDeleted command);

        R semanticsRaised(SemanticsRaised command);

        R expireExecution(ExpireExecution command);

        R validateDefinition(ValidateDefinition command);

        R testState(TestState command);
    }

    /**
     * Starts an execution. The gateway has resolved the machine, its version or alias and the revision.
     *
     * @param name the execution's name, also the last part of its ARN
     * @param nameGiven whether the caller chose the name; a generated one needs no idempotency
     * @param revision number of the revision to run: the offset of the registry command that made it
     * @param knownClosed for a given name: what the views say of that name
     * @param requestId the SDK's invocation id, the same for its own retries of one call
     * @param awaitsResult whether the reply is not that it was started but how it ended: Express only
     * @param origin the record of {@code start-requests} that asked for it ({@code topic-partition-offset}), if its refusal is to
     *     be written to {@code rejected}
     */
    record StartExecution(
            String executionArn,
            String stateMachineArn,
            Optional<String> stateMachineVersionArn,
            Optional<String> stateMachineAliasArn,
            long revision,
            String name,
            boolean nameGiven,
            String input,
            Optional<String> traceHeader,
            Optional<KnownClosed> knownClosed,
            Optional<String> requestId,
            boolean awaitsResult,
            Optional<String> origin,
            Optional<ReplyTo> replyTo)
            implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.startExecution(this);
        }
    }

    /**
     * The views' answer for a given name, so that the engine need not remember names for 90 days.
     *
     * @param exists whether a closed execution of that name is known
     * @param coversOffset the views had everything of this {@code commands} partition up to this offset
     */
    record KnownClosed(boolean exists, long coversOffset) {}

    record StopExecution(String executionArn, Optional<String> error, Optional<String> cause, Optional<ReplyTo> replyTo)
            implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.stopExecution(this);
        }
    }

    /**
     * Goes on with an execution that ended badly, where it ended.
     *
     * @param clientToken by which a repeated request is known
     */
    record RedriveExecution(String executionArn, Optional<String> clientToken, Optional<ReplyTo> replyTo)
            implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.redriveExecution(this);
        }
    }

    /** The activity queue's word that a worker has the task. {@code delivery} counts hand-outs of the same task. */
    record ActivityStarted(String executionArn, TaskRef task, Optional<String> workerName, long delivery)
            implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.activityStarted(this);
        }
    }

    /** A worker's success; {@code output} is JSON text, checked by the edge that took it. */
    record TaskSucceeded(
            String executionArn,
            TaskRef task,
            Optional<String> workerName,
            String output,
            Optional<String> requestId,
            Optional<ReplyTo> replyTo)
            implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.taskSucceeded(this);
        }
    }

    record TaskFailed(
            String executionArn,
            TaskRef task,
            Optional<String> workerName,
            Optional<String> error,
            Optional<String> cause,
            Optional<String> requestId,
            Optional<ReplyTo> replyTo)
            implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.taskFailed(this);
        }
    }

    record TaskHeartbeat(
            String executionArn,
            TaskRef task,
            Optional<String> workerName,
            Optional<String> requestId,
            Optional<ReplyTo> replyTo)
            implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.taskHeartbeat(this);
        }
    }

    /**
     * What a Task's call to a service came to: an output, or an error with its cause. Given more than once after a crash.
     *
     * @param output JSON text
     */
    record ServiceCallCompleted(
            String executionArn, TaskRef task, Optional<String> output, Optional<String> error, Optional<String> cause)
            implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.serviceCallCompleted(this);
        }
    }

    /**
     * The end of an execution that a Task of this one has started and waits for.
     *
     * @param description the child, with the members and names that the Task's result has; input and output as text
     */
    record ChildClosed(String executionArn, TaskRef task, boolean succeeded, String description)
            implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.childClosed(this);
        }
    }

    /** A timer has run out. Whether it still matters is for its stamp to say. */
    record TimerDue(String executionArn, TimerRef timer, Instant due) implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.timerDue(this);
        }
    }

    /** An execution's command to itself: go on after a counted amount of work. */
    record Continue(String executionArn, long stamp) implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.proceed(this);
        }
    }

    /**
     * A revision of a machine's definition, sent to every partition before anyone can name it.
     *
     * @param logging absent where nothing is logged
     */
    record DefinitionPublished(
            String stateMachineArn,
            long revision,
            String definition,
            String roleArn,
            String machineType,
            Optional<Logging> logging)
            implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.definitionPublished(this);
        }
    }

    /** Executions of the machine's revisions up to {@code revision} end at their next state transition. */
    record StateMachineDeleted(String stateMachineArn, long revision) implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.stateMachineDeleted(this);
        }
    }

    /** From here on a Task may name this activity. */
    record ActivityRegistered(String activityArn) implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.activityRegistered(this);
        }
    }

    /** From here on a Task that enters with this activity fails. */
    record ActivityDeleted(String activityArn) implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.activityDeleted(this);
        }
    }

    /** From here on the log is decided by these semantics; a binary that does not know the number stops. */
    record SemanticsRaised(int semantics) implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.semanticsRaised(this);
        }
    }

    /**
     * Retention has run out: tombstones for the execution's status and its events 1 to {@code lastEventId}.
     *
     * @param closedAt offset of the command that closed it: a later execution of the same name is not meant
     */
    record ExpireExecution(String executionArn, long lastEventId, long closedAt) implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.expireExecution(this);
        }
    }

    /**
     * A question that no state has to do with: any partition may answer it, and the key says nothing.
     *
     * @param machineType STANDARD or EXPRESS
     * @param warnings whether warnings are wanted besides errors
     */
    record ValidateDefinition(
            String definition, String machineType, boolean warnings, int maxResults, Optional<ReplyTo> replyTo)
            implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.validateDefinition(this);
        }
    }

    /**
     * Runs one state and keeps nothing of it; see {@link ValidateDefinition}. The members are TestState's.
     *
     * @param executionArn what the state believes to be part of, as is {@code stateMachineArn}
     * @param definition one state, or a machine if {@code stateName} is given
     * @param input JSON text; so are {@code variables} and {@code context}
     */
    record TestState(
            String executionArn,
            String stateMachineArn,
            String definition,
            Optional<String> stateName,
            Optional<String> roleArn,
            String input,
            Optional<String> variables,
            Optional<String> context,
            Optional<Mock> mock,
            StateConfiguration configuration,
            Optional<ReplyTo> replyTo)
            implements ExecutionCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.testState(this);
        }
    }

    /** What a state's work is said to have come to: exactly one of both. */
    record Mock(Optional<String> result, Optional<MockedError> errorOutput) {}

    record MockedError(Optional<String> error, Optional<String> cause) {}

    /** What has happened before the state is tested. */
    record StateConfiguration(
            Optional<Integer> retrierRetryCount,
            Optional<String> errorCausedByState,
            Optional<Integer> mapIterationFailureCount,
            Optional<String> mapItemReaderData) {

        public static final StateConfiguration NONE =
                new StateConfiguration(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
