package io.stepstream.schemas.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The caller's mistake, or the answer that something cannot be done: ends as an error of the API, with no stack trace. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Map<String, String> members;

    /** {@code message} in AWS's wording where AWS has one. */
    public ApiException(ErrorCode code, String message) {
        this(code, message, Map.of());
    }

    private ApiException(ErrorCode code, String message, Map<String, String> members) {
        super(message, null, false, false);
        this.code = code;
        this.members = members;
    }

    /** With a further member of the error shape: {@code reason} or {@code resourceName}. */
    public ApiException with(String member, String value) {
        var more = new LinkedHashMap<>(members);
        more.put(member, value);
        return new ApiException(code, message(), more);
    }

    public ErrorCode code() {
        return code;
    }

    public String message() {
        return Objects.requireNonNullElse(getMessage(), code.name());
    }

    /** Members besides {@code __type} and {@code message}, in order. */
    public Map<String, String> members() {
        return members;
    }
}
