package io.stepstream.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.stepstream.asl.model.State.Integration;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ServiceCall;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Lambda functions: {@code lambda:invoke}, and functions that a Task names by their own ARN. Any endpoint will do that speaks
 * Lambda's Invoke, the Runtime Interface Emulator among them.
 */
public final class LambdaService implements TaskService {

    private static final String SERVICE = "lambda";
    private static final String SDK_NAME = "AWSLambda";
    private static final String SDK_EXCEPTION = "AWSLambdaException";
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    @Override
    public boolean serves(Integration integration) {
        return integration.service().equals(SERVICE)
                && (integration.action().equals("invoke")
                        || integration.action().isEmpty())
                && (integration.pattern() == Integration.Pattern.REQUEST_RESPONSE
                        || integration.pattern() == Integration.Pattern.WAIT_FOR_TASK_TOKEN);
    }

    @Override
    public String errorPrefix(ServiceCall call) {
        return "Lambda";
    }

    @Override
    public String lane(ServiceCall call, ServiceContext context) {
        return SERVICE + " " + Invocation.of(call).function();
    }

    @Override
    public CompletableFuture<ServiceOutcome> call(ServiceCall call, ServiceContext context) {
        var invocation = Invocation.of(call);
        if (invocation.function().isEmpty()) {
            return CompletableFuture.completedFuture(ServiceOutcome.failed(
                    "States.Runtime", "The Parameters of a lambda:invoke must have a string 'FunctionName'"));
        }
        return invocation
                .request(call, context.settings())
                .send(call, context)
                .thenApply(response -> outcome(invocation, new AwsResponse(response)));
    }

    private static ServiceOutcome outcome(Invocation invocation, AwsResponse response) {
        if (!response.isSuccess()) {
            return refusal(response);
        }
        if (response.header("X-Amz-Function-Error").isPresent()) {
            return functionError(response);
        }
        if (!invocation.optimized()) {
            return ServiceOutcome.succeeded(Json.text(response.jsonOrText()));
        }
        var result = AwsResponse.object();
        response.header("X-Amz-Executed-Version").ifPresent(version -> result.put("ExecutedVersion", version));
        response.header("X-Amz-Log-Result").ifPresent(log -> result.put("LogResult", log));
        if (!response.text().isEmpty()) {
            result.set("Payload", response.jsonOrText());
        }
        response.addSdkMetadata(result);
        result.put("StatusCode", response.status());
        return ServiceOutcome.succeeded(Json.text(result));
    }

    /** The function's own error: its type is the error's name, and all that it says the cause. */
    private static ServiceOutcome functionError(AwsResponse response) {
        var type = response.json().path("errorType").asText("");
        return type.isEmpty()
                ? ServiceOutcome.failed(
                        "Lambda.Unknown",
                        "The cause could not be determined because Lambda did not return an error type. Returned payload: "
                                + response.text())
                : ServiceOutcome.failed(type, response.text());
    }

    private static ServiceOutcome refusal(AwsResponse response) {
        var code = response.errorCode();
        if (code.isEmpty() && response.status() == TOO_MANY_REQUESTS) {
            code = "TooManyRequestsException";
        } else if (code.isEmpty() && response.status() >= SERVER_ERROR) {
            code = "ServiceException";
        }
        var message = response.errorMessage().isEmpty() ? response.text() : response.errorMessage();
        return response.failure("Lambda", SDK_NAME, SDK_EXCEPTION, code, message);
    }

    /** What is to be invoked: the call's arguments as Lambda wants them. {@code optimized} for {@code lambda:invoke}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Invocation(boolean optimized, String function, JsonNode arguments, byte[] payload) {

        static Invocation of(ServiceCall call) {
            if (call.action().isEmpty()) {
                return new Invocation(
                        false,
                        call.resourceArn(),
                        AwsResponse.object(),
                        call.arguments().getBytes(StandardCharsets.UTF_8));
            }
            var arguments = CallArguments.of(call);
            return new Invocation(
                    true, arguments.path("FunctionName").asText(""), arguments, payload(arguments.path("Payload")));
        }

        /** A string is the payload's JSON text, anything else the JSON itself. */
        private static byte[] payload(JsonNode payload) {
            if (payload.isMissingNode() || payload.isNull()) {
                return new byte[0];
            }
            var text = payload instanceof TextNode string ? string.textValue() : Json.text(payload);
            return text.getBytes(StandardCharsets.UTF_8);
        }

        AwsRequest request(ServiceCall call, ServiceSettings settings) {
            var region = AwsRequest.region(call, settings);
            var headers = new LinkedHashMap<String, String>();
            headers.put("Content-Type", "application/json");
            text("ClientContext").ifPresent(value -> headers.put("X-Amz-Client-Context", value));
            text("InvocationType").ifPresent(value -> headers.put("X-Amz-Invocation-Type", value));
            text("LogType").ifPresent(value -> headers.put("X-Amz-Log-Type", value));
            return new AwsRequest("POST", uri(settings, region), headers, payload, SERVICE, region);
        }

        private Optional<String> text(String name) {
            return Optional.ofNullable(arguments.path(name).textValue());
        }

        private URI uri(ServiceSettings settings, String region) {
            var own = Optional.ofNullable(settings.functions().get(function))
                    .or(() -> Optional.ofNullable(settings.functions().get(name())));
            if (own.isPresent() && own.get().getPath().length() > 1) {
                return own.get();
            }
            var base = own.orElseGet(() -> settings.endpoint("Lambda", SERVICE, region))
                    .toString();
            var path = "/2015-03-31/functions/" + SigV4.encode(function) + "/invocations";
            var query = text("Qualifier")
                    .map(value -> "?Qualifier=" + SigV4.encode(value))
                    .orElse("");
            return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path + query);
        }

        /** The function's name alone, whatever it was called by. */
        private String name() {
            int at = function.indexOf("function:");
            var name = at < 0 ? function : function.substring(at + "function:".length());
            int colon = name.indexOf(':');
            return colon < 0 ? name : name.substring(0, colon);
        }
    }
}
