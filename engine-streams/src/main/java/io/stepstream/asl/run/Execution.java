package io.stepstream.asl.run;

import java.time.Instant;
import java.util.Optional;

/**
 * What never changes about a running execution. A row of its own, so that a large input is written once and not at each step.
 *
 * @param stateMachineArn the unqualified machine
 * @param nameGiven whether the caller chose the name
 * @param roleArn as the revision says
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
        String input,
        Optional<String> traceHeader,
        Instant startDate,
        long startOffset,
        Optional<String> startRequestId) {}
