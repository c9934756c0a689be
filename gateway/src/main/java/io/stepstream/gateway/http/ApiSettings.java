package io.stepstream.gateway.http;

import io.stepstream.schemas.Arn;
import java.time.Duration;

/**
 * Whose account the API plays, and its limits.
 *
 * @param partition of the ARNs that are made here, {@code aws} by default
 * @param account of callers who are not told apart: twelve digits
 */
public record ApiSettings(String partition, String region, String account, Limits limits) {

    /**
     * What one caller may ask for.
     *
     * @param bodyBytes length of a request's body, after decompression
     * @param pollersPerActivity open GetActivityTask calls for one activity at this gateway
     * @param pollHold how long GetActivityTask waits for a task
     */
    public record Limits(int bodyBytes, int pollersPerActivity, Duration pollHold) {

        /** AWS's. A body holds a definition of 1 MiB whose every character may be escaped as six bytes. */
        public static final Limits AWS = new Limits(8 * 1024 * 1024, 1_000, Duration.ofSeconds(60));
    }

    public ApiSettings(String region, String account) {
        this("aws", region, account, Limits.AWS);
    }

    /** The ARN of an account's state machine or activity. */
    public Arn arn(String ofAccount, String type, String name) {
        return new Arn(partition, "states", region, ofAccount, type, name);
    }
}
