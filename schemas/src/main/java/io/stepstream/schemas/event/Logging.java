package io.stepstream.schemas.event;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What of a machine's executions is logged.
 *
 * @param includeExecutionData whether inputs, outputs and parameters are logged too
 */
public record Logging(LogLevel level, boolean includeExecutionData) {

    public static final Logging OFF = new Logging(LogLevel.OFF, false);

    /** Of a {@code loggingConfiguration} as CreateStateMachine takes it; absent members have AWS's defaults. */
    public static Logging of(JsonNode configuration) {
        return new Logging(
                LogLevel.valueOf(configuration.path("level").asText(LogLevel.OFF.name())),
                configuration.path("includeExecutionData").asBoolean());
    }
}
