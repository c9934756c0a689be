package io.stepstream.asl.run;

import java.time.Duration;

/**
 * What one execution may use up. All of it is counted, so that a replay comes to the same result.
 *
 * @param historyEvents the highest event id; the event that has it is the failure
 * @param payloadBytes how long a state's input or output may be, in bytes of UTF-8
 * @param transitions how many states one decision enters before it yields to its neighbours
 * @param mapConcurrency how many iterations of an inline Map run at once at most
 * @param pageEntries how many items or results stand in one row
 * @param longest how long an execution may run; found out at its next transition unless the machine has a TimeoutSeconds
 * @param acceptedRequests how many request ids of accepted answers an execution remembers
 * @param assignBytes how long all values together may be that one state assigns, in bytes of UTF-8
 * @param variablesBytes the same for all variables that an execution has at a time
 */
public record RunLimits(
        long historyEvents,
        int payloadBytes,
        int transitions,
        int mapConcurrency,
        int pageEntries,
        Duration longest,
        int acceptedRequests,
        int assignBytes,
        int variablesBytes) {

    /** AWS's limits where AWS has one. */
    public static final RunLimits DEFAULTS =
            new RunLimits(25_000, 262_144, 1_000, 40, 32, Duration.ofDays(365), 16, 262_144, 10 * 1024 * 1024);

    /** By how many tokens an execution knows its redrives, as AWS does. */
    public static final int REDRIVE_TOKENS = 10;

    public RunLimits {
        if (historyEvents < 3
                || payloadBytes < 2
                || transitions < 1
                || mapConcurrency < 1
                || pageEntries < 1
                || acceptedRequests < 1
                || assignBytes < 1
                || variablesBytes < assignBytes) {
            throw new IllegalArgumentException("Expected limits that leave room to run");
        }
    }

    /** AWS's for Express executions: five minutes, and a history that nobody keeps has no end. */
    public RunLimits express() {
        return withHistoryEvents(Long.MAX_VALUE).withLongest(Duration.ofMinutes(5));
    }

    public RunLimits withHistoryEvents(long events) {
        return new RunLimits(
                events,
                payloadBytes,
                transitions,
                mapConcurrency,
                pageEntries,
                longest,
                acceptedRequests,
                assignBytes,
                variablesBytes);
    }

    public RunLimits withPayloadBytes(int bytes) {
        return new RunLimits(
                historyEvents,
                bytes,
                transitions,
                mapConcurrency,
                pageEntries,
                longest,
                acceptedRequests,
                assignBytes,
                variablesBytes);
    }

    public RunLimits withTransitions(int states) {
        return new RunLimits(
                historyEvents,
                payloadBytes,
                states,
                mapConcurrency,
                pageEntries,
                longest,
                acceptedRequests,
                assignBytes,
                variablesBytes);
    }

    public RunLimits withMapConcurrency(int iterations) {
        return new RunLimits(
                historyEvents,
                payloadBytes,
                transitions,
                iterations,
                pageEntries,
                longest,
                acceptedRequests,
                assignBytes,
                variablesBytes);
    }

    public RunLimits withPageEntries(int entries) {
        return new RunLimits(
                historyEvents,
                payloadBytes,
                transitions,
                mapConcurrency,
                entries,
                longest,
                acceptedRequests,
                assignBytes,
                variablesBytes);
    }

    public RunLimits withLongest(Duration time) {
        return new RunLimits(
                historyEvents,
                payloadBytes,
                transitions,
                mapConcurrency,
                pageEntries,
                time,
                acceptedRequests,
                assignBytes,
                variablesBytes);
    }

    public RunLimits withVariables(int bytesPerAssign, int bytesInAll) {
        return new RunLimits(
                historyEvents,
                payloadBytes,
                transitions,
                mapConcurrency,
                pageEntries,
                longest,
                acceptedRequests,
                bytesPerAssign,
                bytesInAll);
    }
}
