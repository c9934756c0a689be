package io.stepstream.asl.run;

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
        Optional<String> startRequestId) {}
