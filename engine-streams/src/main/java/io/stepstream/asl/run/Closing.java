package io.stepstream.asl.run;

import io.stepstream.schemas.event.ExecutionStatus.Status;
import java.time.Instant;
import java.util.Optional;

/** How an execution ended. */
public record Closing(
        Status status, Instant stopDate, Optional<String> output, Optional<String> error, Optional<String> cause) {}
