package io.stepstream.asl.run;

import io.stepstream.schemas.Arn;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.event.Logging;
import java.time.Instant;
import java.util.Optional;

/**
 * What never changes about a running execution, besides its input, which is only read when somebody asks for it.
 *
 * @param stateMachineArn the unqualified machine
 * @param nameGiven whether the caller chose the name
 * @param roleArn as the revision says
 * @param shortInput the input if it is short enough to be kept here, see {@link Memory#executionInput}
 * @param startOffset offset of the StartExecution command: part of everything that is awaited
 * @param startRequestId the SDK's id of the call that started it
 * @param logging absent where nothing is logged
 * @param resultTo who waits for the end: Express only
 */
public record Execution(
        String executionArn,
        String stateMachineArn,
        Optional<String> stateMachineVersionArn,
        Optional<String> stateMachineAliasArn,
        long revision,
        String name,
        boolean nameGiven,
        String roleArn,
        Optional<String> shortInput,
        Optional<String> traceHeader,
        Instant startDate,
        long startOffset,
        Optional<String> startRequestId,
        Optional<Logging> logging,
        Optional<ReplyTo> resultTo) {

    /** An Express execution leaves no history, status or name behind; its ARN says that it is one. */
    public boolean express() {
        return Arn.parse(executionArn)
                .filter(arn -> arn.type().equals(Arn.EXPRESS))
                .isPresent();
    }
}
