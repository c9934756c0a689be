package io.stepstream.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.access.Caller;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One call of an operation.
 *
 * @param caller may do this to the resources that are named
 * @param operation its name
 * @param input the known members, within the constraints of the model
 * @param traceHeader the header X-Amzn-Trace-Id
 * @param invocationId the SDK's id of the call, the same for its own retries
 * @param whenGone takes what is to be done should the caller leave before the answer
 */
record Call(
        Caller caller,
        String operation,
        ObjectNode input,
        Optional<String> traceHeader,
        Optional<String> invocationId,
        Consumer<Runnable> whenGone) {

    /** A required member. */
    String text(String name) {
        return input.get(name).textValue();
    }

    Optional<String> optional(String name) {
        return node(name).map(JsonNode::textValue);
    }

    Optional<JsonNode> node(String name) {
        return Optional.ofNullable(input.get(name));
    }

    boolean flag(String name, boolean absent) {
        return input.path(name).asBoolean(absent);
    }

    /** The size of a page: {@code maxResults}, where 0 means the default of 100. */
    int pageSize() {
        int given = input.path("maxResults").asInt(0);
        return given == 0 ? 100 : given;
    }

    /** False for METADATA_ONLY. */
    boolean wantsData() {
        return !input.path("includedData").asText("ALL_DATA").equals("METADATA_ONLY");
    }
}
