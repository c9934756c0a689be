package io.stepstream.schemas.topic;

/** Names of the headers that a record of {@code rejected} has besides those that came with it. */
public final class RejectedHeaders {

    /** The error's name, one of the API's. */
    public static final String ERROR = "stepstream-error";

    /** The error's message. */
    public static final String REASON = "stepstream-reason";

    /** Topic, partition and offset of the refused record. */
    public static final String ORIGIN = "stepstream-origin";

    /** Present where the value was too large to come along with these headers; it is still where it came from. */
    public static final String VALUE_OMITTED = "stepstream-value-omitted";

    private RejectedHeaders() {}
}
