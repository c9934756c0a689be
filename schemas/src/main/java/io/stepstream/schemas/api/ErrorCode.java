package io.stepstream.schemas.api;

import java.util.Optional;

/** Every error that a caller of the API can get, by AWS's name, with the HTTP status it travels under. */
public enum ErrorCode {
    ActivityAlreadyExists,
    ActivityDoesNotExist,
    ActivityLimitExceeded,
    ActivityWorkerLimitExceeded,
    ConflictException,
    ExecutionAlreadyExists,
    ExecutionDoesNotExist,
    ExecutionLimitExceeded,
    ExecutionNotRedrivable,
    InvalidArn,
    InvalidDefinition,
    InvalidEncryptionConfiguration,
    InvalidExecutionInput,
    InvalidLoggingConfiguration,
    InvalidName,
    InvalidOutput,
    InvalidToken,
    InvalidTracingConfiguration,
    KmsAccessDeniedException,
    KmsInvalidStateException,
    KmsThrottlingException,
    MissingRequiredParameter,
    ResourceNotFound,
    ServiceQuotaExceededException,
    StateMachineAlreadyExists,
    StateMachineDeleting,
    StateMachineDoesNotExist,
    StateMachineLimitExceeded,
    StateMachineTypeNotSupported,
    TaskDoesNotExist,
    TaskTimedOut,
    TooManyTags,
    ValidationException,

    // Outside the service model: what the protocol itself answers.
    UnknownOperationException,
    SerializationException,
    MissingAuthenticationTokenException,
    IncompleteSignatureException,
    UnrecognizedClientException,
    InvalidSignatureException,
    AccessDeniedException,
    ThrottlingException,
    MethodNotAllowedException(405),
    RequestEntityTooLargeException(413),
    UnsupportedMediaTypeException(415),
    InternalFailure(500),
    ServiceUnavailable(503);

    private final int httpStatus;

    ErrorCode() {
        this(400);
    }

    ErrorCode(int httpStatus) {
        this.httpStatus = httpStatus;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** Empty for a name that the API does not have. */
    public static Optional<ErrorCode> named(String name) {
        for (var code : values()) {
            if (code.name().equals(name)) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }
}
