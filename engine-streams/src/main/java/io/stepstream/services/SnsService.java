package io.stepstream.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.model.State.Integration;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ServiceCall;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Amazon SNS: {@code publish}, as AWS integrates it and as the SDK's call. Speaks AWS's Query protocol. */
public final class SnsService implements TaskService {

    private static final String SERVICE = "sns";
    private static final String SDK = "aws-sdk:sns";
    private static final String API_VERSION = "2010-03-31";

    @Override
    public boolean serves(Integration integration) {
        return (integration.service().equals(SERVICE) || integration.service().equals(SDK))
                && integration.action().equals("publish")
                && (integration.pattern() == Integration.Pattern.REQUEST_RESPONSE
                        || integration.pattern() == Integration.Pattern.WAIT_FOR_TASK_TOKEN);
    }

    @Override
    public String errorPrefix(ServiceCall call) {
        return call.service().equals(SDK) ? "Sns" : "SNS";
    }

    @Override
    public CompletableFuture<ServiceOutcome> call(ServiceCall call, ServiceContext context) {
        var form = new LinkedHashMap<String, String>();
        form.put("Action", "Publish");
        form.put("Version", API_VERSION);
        if (CallArguments.of(call) instanceof ObjectNode arguments) {
            flatten(arguments, form);
        }
        var body = form.entrySet().stream()
                .map(field -> SigV4.encode(field.getKey()) + "=" + SigV4.encode(field.getValue()))
                .collect(Collectors.joining("&"));
        var region = AwsRequest.region(call, context.settings());
        var headers = Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        return new AwsRequest(
                        "POST",
                        AwsRequest.root(context.settings().endpoint("SNS", SERVICE, region)),
                        headers,
                        body.getBytes(StandardCharsets.UTF_8),
                        SERVICE,
                        region)
                .send(call, context)
                .thenApply(response -> outcome(call, new AwsResponse(response)));
    }

    /** A message, or anything else that SNS wants as a string, may be written as JSON. */
    private static void flatten(ObjectNode arguments, Map<String, String> form) {
        for (var field : arguments.properties()) {
            if (field.getKey().equals("MessageAttributes")) {
                int number = 1;
                for (var attribute : field.getValue().properties()) {
                    var entry = "MessageAttributes.entry." + number++ + ".";
                    form.put(entry + "Name", attribute.getKey());
                    attribute
                            .getValue()
                            .properties()
                            .forEach(part -> form.put(entry + "Value." + part.getKey(), text(part.getValue())));
                }
            } else if (!field.getValue().isNull()) {
                form.put(field.getKey(), text(field.getValue()));
            }
        }
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : Json.text(value);
    }

    private static ServiceOutcome outcome(ServiceCall call, AwsResponse response) {
        var xml = Xml.parse(response.text());
        if (!response.isSuccess()) {
            var code = xml.map(root -> root.find("Code")).orElse("");
            var message = xml.map(root -> root.find("Message")).orElseGet(response::text);
            return call.service().equals(SDK)
                    ? response.sdkFailure("Sns", code, message, "")
                    : response.failure("SNS", "AmazonSNS", "AmazonSNSException", code, message);
        }
        var result = AwsResponse.object();
        xml.ifPresent(root -> {
            result.put("MessageId", root.find("MessageId"));
            if (!root.find("SequenceNumber").isEmpty()) {
                result.put("SequenceNumber", root.find("SequenceNumber"));
            }
        });
        if (call.service().equals(SERVICE)) {
            response.addSdkMetadata(result);
        }
        return ServiceOutcome.succeeded(Json.text(result));
    }
}
