package io.stepstream.asl.model;

import java.util.List;
import java.util.OptionalLong;

/** One entry of Retry. {@code jitter} is true for JitterStrategy FULL. Times are in seconds. */
public record Retrier(
        List<String> errorEquals,
        long intervalSeconds,
        long maxAttempts,
        double backoffRate,
        OptionalLong maxDelaySeconds,
        boolean jitter) {

    public Retrier {
        errorEquals = List.copyOf(errorEquals);
    }
}
