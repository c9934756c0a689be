package io.stepstream.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.stepstream.asl.model.State.Integration;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ServiceCall;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Stepstream itself: nested executions ({@code states:startExecution}), and its API's calls as {@code aws-sdk:sfn}. A start
 * whose end is awaited carries the Task's token as the request's id; with that, the child tells of its end by itself.
 */
public final class StatesService implements TaskService {

    private static final String STATES = "states";
    private static final String SDK = "aws-sdk:sfn";
    private static final String INVOCATION_ID = "amz-sdk-invocation-id";
    private static final BigDecimal MILLIS = BigDecimal.valueOf(1_000);

    private static final Set<String> ACTIONS = Set.of(
            "describeActivity",
            "describeExecution",
            "describeStateMachine",
            "getExecutionHistory",
            "listActivities",
            "listExecutions",
            "listStateMachines",
            "sendTaskFailure",
            "sendTaskHeartbeat",
            "sendTaskSuccess",
            "startExecution",
            "startSyncExecution",
            "stopExecution");

    @Override
    public boolean serves(Integration integration) {
        if (integration.service().equals(STATES)) {
            return integration.action().equals("startExecution");
        }
        return integration.service().equals(SDK)
                && ACTIONS.contains(integration.action())
                && (integration.pattern() == Integration.Pattern.REQUEST_RESPONSE
                        || integration.pattern() == Integration.Pattern.WAIT_FOR_TASK_TOKEN);
    }

    @Override
    public String errorPrefix(ServiceCall call) {
        return call.service().equals(SDK) ? "Sfn" : "StepFunctions";
    }

    @Override
    public CompletableFuture<ServiceOutcome> call(ServiceCall call, ServiceContext context) {
        var settings = context.settings();
        var region = AwsRequest.region(call, settings);
        var operation = first(call.action(), true);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", "application/x-amz-json-1.0");
        headers.put("X-Amz-Target", "AWSStepFunctions." + operation);
        headers.put(INVOCATION_ID, call.awaitsEnd() ? call.taskToken().orElseThrow() : call.idempotencyKey());
        var body = Json.bytes(arguments(call));
        return new AwsRequest("POST", AwsRequest.root(settings.api()), headers, body, STATES, region)
                .send(call, context)
                .thenApply(response -> outcome(call, new AwsResponse(response)));
    }

    /** Members begin with a small letter in the API; what it wants as text may be written as JSON. */
    private static ObjectNode arguments(ServiceCall call) {
        var written = AwsResponse.object();
        for (var argument : CallArguments.of(call).properties()) {
            var value = argument.getValue();
            if (!value.isNull()) {
                boolean asText =
                        argument.getKey().equals("Input") || argument.getKey().equals("Output");
                written.set(
                        first(argument.getKey(), false),
                        asText && !value.isTextual() ? TextNode.valueOf(Json.text(value)) : value);
            }
        }
        if (call.action().equals("startExecution") && !written.has("name")) {
            // the same name if the call is made again
            var name = UUID.nameUUIDFromBytes(call.idempotencyKey().getBytes(StandardCharsets.UTF_8));
            written.put("name", name.toString());
        }
        return written;
    }

    private static ServiceOutcome outcome(ServiceCall call, AwsResponse response) {
        boolean sdk = call.service().equals(SDK);
        if (!response.isSuccess()) {
            return sdk ? sdkFailure(response) : failure(response);
        }
        if (!(capitalized(response.json(), sdk) instanceof ObjectNode result)) {
            return ServiceOutcome.succeeded("{}");
        }
        if (!sdk) {
            response.addSdkMetadata(result);
        }
        return ServiceOutcome.succeeded(Json.text(result));
    }

    private static ServiceOutcome failure(AwsResponse response) {
        return response.failure(
                "StepFunctions",
                "AWSStepFunctions",
                "AWSStepFunctionsException",
                response.errorCode(),
                response.errorMessage());
    }

    private static ServiceOutcome sdkFailure(AwsResponse response) {
        var failure = response.sdkFailure("Sfn", response.errorCode(), response.errorMessage(), "");
        return new ServiceOutcome(
                failure.output(), failure.error(), failure.cause().map(cause -> cause + " (SDK Attempt Count: 1)"));
    }

    /** With the names that Step Functions gives members, and times as text with the SDK, as milliseconds without. */
    private static JsonNode capitalized(JsonNode json, boolean sdk) {
        if (json instanceof ArrayNode array) {
            var all = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> all.add(capitalized(element, sdk)));
            return all;
        }
        if (!(json instanceof ObjectNode object)) {
            return json;
        }
        var written = AwsResponse.object();
        for (var member : object.properties()) {
            var name = first(member.getKey(), true);
            if (name.endsWith("Date") && member.getValue().isNumber()) {
                long millis = member.getValue().decimalValue().multiply(MILLIS).longValue();
                if (sdk) {
                    written.put(name, Instant.ofEpochMilli(millis).toString());
                } else {
                    written.put(name, millis);
                }
            } else {
                written.set(name, capitalized(member.getValue(), sdk));
            }
        }
        return written;
    }

    private static String first(String name, boolean large) {
        var letter = name.substring(0, 1);
        return (large ? letter.toUpperCase(Locale.ROOT) : letter.toLowerCase(Locale.ROOT)) + name.substring(1);
    }
}
