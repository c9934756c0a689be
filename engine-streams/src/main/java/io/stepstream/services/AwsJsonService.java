package io.stepstream.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.model.State.Integration;
import io.stepstream.schemas.Arn;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ServiceCall;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Services that speak AWS JSON: {@code aws-sdk:<service>:<action>} for all of a table's, and what AWS integrates in a way of its
 * own: SQS, DynamoDB and EventBridge. Arguments and answers pass as they are; timestamps stay as the service writes them.
 */
public final class AwsJsonService implements TaskService {

    private static final String SDK = "aws-sdk:";

    private static final Map<String, Target> TARGETS = targets();

    /** Services with an integration of AWS's own, and what of it differs from the SDK's. */
    private static final Map<String, Optimized> OPTIMIZED = Map.of(
            "sqs", new Optimized("sqs", "SQS", "AmazonSQS", "AmazonSQSException", Set.of("sendMessage"), true),
            "dynamodb",
                    new Optimized(
                            "dynamodb",
                            "DynamoDB",
                            "AmazonDynamoDBv2",
                            "AmazonDynamoDBException",
                            Set.of("getItem", "putItem", "updateItem", "deleteItem"),
                            false),
            "events",
                    new Optimized(
                            "eventbridge",
                            "EventBridge",
                            "AmazonCloudWatchEvents",
                            "AmazonCloudWatchEventsException",
                            Set.of("putEvents"),
                            true));

    /** A row of the table. */
    private record Target(
            String errorName,
            String serviceId,
            String hostPrefix,
            String signingName,
            String targetPrefix,
            String version,
            Set<String> actions) {}

    private record Optimized(
            String target, String prefix, String sdkName, String otherwise, Set<String> actions, boolean takesTokens) {}

    @Override
    public boolean serves(Integration integration) {
        var pattern = integration.pattern();
        if (pattern != Integration.Pattern.REQUEST_RESPONSE && pattern != Integration.Pattern.WAIT_FOR_TASK_TOKEN) {
            return false;
        }
        var optimized = OPTIMIZED.get(integration.service());
        if (optimized != null) {
            return optimized.actions().contains(integration.action())
                    && (optimized.takesTokens() || pattern == Integration.Pattern.REQUEST_RESPONSE);
        }
        return sdkTarget(integration.service())
                .filter(target -> target.actions().contains(integration.action()))
                .isPresent();
    }

    private static Optional<Target> sdkTarget(String service) {
        return service.startsWith(SDK)
                ? Optional.ofNullable(TARGETS.get(service.substring(SDK.length())))
                : Optional.empty();
    }

    @Override
    public String errorPrefix(ServiceCall call) {
        var optimized = OPTIMIZED.get(call.service());
        return optimized == null ? target(call).errorName() : optimized.prefix();
    }

    private static Target target(ServiceCall call) {
        var optimized = OPTIMIZED.get(call.service());
        return optimized == null
                ? sdkTarget(call.service()).orElseThrow()
                : Objects.requireNonNull(TARGETS.get(optimized.target()));
    }

    @Override
    public CompletableFuture<ServiceOutcome> call(ServiceCall call, ServiceContext context) {
        var target = target(call);
        var region = AwsRequest.region(call, context.settings());
        var endpoint = context.settings().endpoint(target.serviceId(), target.hostPrefix(), region);
        var operation = call.action().substring(0, 1).toUpperCase(Locale.ROOT)
                + call.action().substring(1);
        var headers = Map.of(
                "Content-Type", "application/x-amz-json-" + target.version(),
                "X-Amz-Target", target.targetPrefix() + "." + operation);
        var body = Json.bytes(arguments(call));
        return new AwsRequest("POST", AwsRequest.root(endpoint), headers, body, target.signingName(), region)
                .send(call, context)
                .thenApply(response -> outcome(call, target, new AwsResponse(response)));
    }

    private static JsonNode arguments(ServiceCall call) {
        var arguments = CallArguments.of(call);
        if (arguments instanceof ObjectNode object) {
            if (call.service().equals("sqs")) {
                return withText(object, "MessageBody");
            } else if (call.service().equals("events")) {
                return events(call, object);
            }
        }
        return arguments;
    }

    /** What the service wants as a string may be written as JSON. */
    static ObjectNode withText(ObjectNode object, String field) {
        var value = object.path(field);
        var written = object.deepCopy();
        if (value.isNull()) {
            written.remove(field);
        } else if (!value.isMissingNode() && !value.isTextual()) {
            written.put(field, Json.text(value));
        }
        return written;
    }

    /** Events say which machine and execution they come from, and their details may be written as JSON. */
    private static ObjectNode events(ServiceCall call, ObjectNode arguments) {
        var written = arguments.deepCopy();
        var entries = written.putArray("Entries");
        for (var entry : arguments.path("Entries")) {
            if (entry instanceof ObjectNode object) {
                var event = withText(object, "Detail");
                var resources = event.putArray("Resources");
                Arn.parse(call.executionArn())
                        .ifPresent(arn -> resources.add(arn.stateMachine().toString()));
                resources.add(call.executionArn());
                object.path("Resources").forEach(resources::add);
                entries.add(event);
            } else {
                entries.add(entry);
            }
        }
        return written;
    }

    private static ServiceOutcome outcome(ServiceCall call, Target target, AwsResponse response) {
        var optimized = OPTIMIZED.get(call.service());
        if (!response.isSuccess()) {
            var code = response.errorCode();
            return optimized == null
                    ? response.sdkFailure(target.errorName(), code, response.errorMessage(), "")
                    : response.failure(
                            optimized.prefix(),
                            optimized.sdkName(),
                            optimized.otherwise(),
                            code,
                            response.errorMessage());
        }
        var json = response.json();
        if (!(json instanceof ObjectNode result)) {
            return ServiceOutcome.succeeded("{}");
        }
        if (call.service().equals("events")) {
            return result.path("FailedEntryCount").asInt() == 0
                    ? ServiceOutcome.succeeded(Json.text(result))
                    : ServiceOutcome.failed("EventBridge.FailedEntry", Json.text(result));
        }
        if (optimized != null) {
            response.addSdkMetadata(result);
        }
        return ServiceOutcome.succeeded(Json.text(result));
    }

    private static Map<String, Target> targets() {
        var targets = new HashMap<String, Target>();
        var resource = Objects.requireNonNull(
                AwsJsonService.class.getResourceAsStream("aws-json.tsv"), "Expected the table of AWS's services");
        try (var lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    var cells = line.split("\t", -1);
                    var actions = Set.copyOf(Arrays.asList(cells[7].split(",", -1)));
                    targets.put(
                            cells[0], new Target(cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], actions));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to read the table of AWS's services", e);
        }
        return Map.copyOf(targets);
    }
}
