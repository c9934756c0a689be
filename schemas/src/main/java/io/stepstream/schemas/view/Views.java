package io.stepstream.schemas.view;

import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.HistoryEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What the read side can be asked. Called by the gateway's actions on any thread; answers come asynchronously and never
 * block the caller. A failed stage means that the views could not be reached.
 */
public interface Views {

    /**
     * The execution, once its history is there up to the status's last event. Empty only when the views have everything that
     * was in the log when the question was asked (waits for that, at most two seconds).
     */
    CompletionStage<Optional<ExecutionStatus>> execution(String executionArn);

    /** Whether a closed execution of that name is known, at once and with the offset that this answer covers. */
    CompletionStage<Closed> closed(String executionArn);

    /** Newest first; see {@link ExecutionQuery}. */
    CompletionStage<ExecutionPage> executions(ExecutionQuery query);

    /** Events by id, from {@code query.fromId} on; empty list where there are none. */
    CompletionStage<List<HistoryEvent>> history(HistoryQuery query);

    /** See {@link #closed}. */
    record Closed(boolean exists, long coversOffset) {}

    /**
     * Executions of a machine, newest first.
     *
     * @param stateMachineArn a qualified one asks for the executions that were started through that version or alias
     * @param after the last item of the page before, absent for the first page
     * @param limit how many at most, 1 to 1,000
     */
    record ExecutionQuery(
            String stateMachineArn, Optional<ExecutionStatus.Status> status, Optional<After> after, int limit) {}

    /** A place in the order of executions: start date descending, then ARN. */
    record After(Instant startDate, String executionArn) {}

    /**
     * {@code more} tells whether there is anything behind the last item. Items come without payloads: {@code input} is empty
     * text, {@code output}, {@code error}, {@code cause} and {@code traceHeader} are absent.
     */
    record ExecutionPage(List<ExecutionStatus> executions, boolean more) {
        public ExecutionPage {
            executions = List.copyOf(executions);
        }
    }

    /**
     * Events of one execution.
     *
     * @param fromId first event id wanted, the highest one if {@code reverse}; 0 with {@code reverse} means the newest
     * @param limit how many at most, 1 to 1,001
     */
    record HistoryQuery(String executionArn, long fromId, boolean reverse, int limit) {}
}
