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
 */
public record RunLimits(
        long historyEvents,
        int payloadBytes,
        int transitions,
        int mapConcurrency,
        int pageEntries,
        Duration longest,
        int acceptedRequests) {

    /** AWS's limits where AWS has one. */
    public static final RunLimits DEFAULTS = new RunLimits(25_000, 262_144, 1_000, 40, 32, Duration.ofDays(365), 16);

    /** AWS's for Express executions: five minutes, and a history that nobody keeps has no end. */
    public RunLimits express() {
        return new RunLimits(
                Long.MAX_VALUE,
                payloadBytes,
                transitions,
                mapConcurrency,
                pageEntries,
                Duration.ofMinutes(5),
                acceptedRequests);
    }

    public RunLimits {
        if (historyEvents < 3
                || payloadBytes < 2
                || transitions < 1
                || mapConcurrency < 1
                || pageEntries < 1
                || acceptedRequests < 1) {
            throw new IllegalArgumentException("Expected limits that leave room to run");
        }
    }
}
