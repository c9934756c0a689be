package io.stepstream.services;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.Payload;
import io.stepstream.schemas.command.ServiceCall;

/** Reads what a Task has given its call. */
final class CallArguments {

    private CallArguments() {}

    /** Any JSON; whoever needs an object asks it for its members. */
    static JsonNode of(ServiceCall call) {
        try {
            return Payload.parse(call.arguments());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected the arguments of a call to be JSON, but they are not", e);
        }
    }
}
