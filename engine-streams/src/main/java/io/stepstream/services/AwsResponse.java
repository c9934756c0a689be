package io.stepstream.services;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.stepstream.asl.query.Payload;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** An AWS service's answer: its JSON, its error, and what an SDK would say about how it came. */
final class AwsResponse {

    private static final int OK = 200;
    private static final int MULTIPLE_CHOICES = 300;

    private final HttpResponse<byte[]> response;

    AwsResponse(HttpResponse<byte[]> response) {
        this.response = response;
    }

    boolean isSuccess() {
        return response.statusCode() >= OK && response.statusCode() < MULTIPLE_CHOICES;
    }

    int status() {
        return response.statusCode();
    }

    Optional<String> header(String name) {
        return response.headers().firstValue(name);
    }

    /** Those whose names begin so, without that beginning. */
    Map<String, String> headers(String prefix) {
        var found = new TreeMap<String, String>();
        response.headers().map().forEach((name, values) -> {
            if (name.regionMatches(true, 0, prefix, 0, prefix.length())) {
                found.put(name.substring(prefix.length()), values.get(0));
            }
        });
        return found;
    }

    String text() {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** The body as JSON; missing where it is none. */
    JsonNode json() {
        try {
            return text().isBlank() ? MissingNode.getInstance() : Payload.parse(text());
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** The body as JSON, or as a string where it is none. */
    JsonNode jsonOrText() {
        var json = json();
        return json.isMissingNode() ? TextNode.valueOf(text()) : json;
    }

    String requestId() {
        return header("x-amzn-RequestId").or(() -> header("x-amz-request-id")).orElse("");
    }

    /**
     * What the service calls its error: from the header, or the body's {@code __type} or {@code code}, without the namespace
     * and the address that may stand around it. Empty where it gives none.
     */
    String errorCode() {
        var said = header("x-amzn-ErrorType").orElseGet(() -> {
            var body = json();
            return body.path("__type").asText(body.path("code").asText(""));
        });
        var code = said.substring(said.lastIndexOf('#') + 1);
        int colon = code.indexOf(':');
        return colon < 0 ? code : code.substring(0, colon);
    }

    String errorMessage() {
        var body = json();
        var message = body.path("message").asText(body.path("Message").asText(""));
        return message.isEmpty() ? body.path("errorMessage").asText("") : message;
    }

    /** Adds what the Java SDK tells of a response, as AWS's own integrations put it into their results. */
    void addSdkMetadata(ObjectNode result) {
        var metadata = result.putObject("SdkHttpMetadata");
        var all = metadata.putObject("AllHttpHeaders");
        var first = metadata.putObject("HttpHeaders");
        new TreeMap<>(response.headers().map()).forEach((name, values) -> {
            if (!name.startsWith(":")) {
                var array = all.putArray(name);
                values.forEach(array::add);
                first.put(name, values.get(0));
            }
        });
        metadata.put("HttpStatusCode", response.statusCode());
        result.putObject("SdkResponseMetadata").put("RequestId", requestId());
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Codes that any service may answer with, and that are no service's own: its SDK has no exception for them. */
    private static final Set<String> COMMON = Set.of(
            "AccessDenied",
            "AccessDeniedException",
            "ExpiredToken",
            "ExpiredTokenException",
            "IncompleteSignature",
            "InternalFailure",
            "InvalidAction",
            "InvalidClientTokenId",
            "InvalidParameterCombination",
            "InvalidQueryParameter",
            "InvalidSignatureException",
            "MalformedQueryString",
            "MissingAction",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "MissingParameter",
            "NotAuthorized",
            "OptInRequired",
            "RequestExpired",
            "SerializationException",
            "ServiceUnavailable",
            "SignatureDoesNotMatch",
            "Throttling",
            "ThrottlingException",
            "UnknownOperationException",
            "UnrecognizedClientException",
            "ValidationError",
            "ValidationException");

    /**
     * The error as AWS's optimized integrations name it, which use the Java SDK 1.
     *
     * @param prefix like {@code Lambda}
     * @param serviceName the SDK's name for the service, like {@code AWSLambda}
     * @param otherwise the SDK's exception for what has none of its own, like {@code AWSLambdaException}
     */
    ServiceOutcome failure(String prefix, String serviceName, String otherwise, String code, String message) {
        var cause = message + " (Service: " + serviceName + "; Status Code: " + status() + "; Error Code: " + code
                + "; Request ID: " + requestId() + "; Proxy: null)";
        return ServiceOutcome.failed(prefix + "." + exception(code, otherwise), cause);
    }

    /** The same as integrations of the whole SDK name it, which use the Java SDK 2. {@code id} is like {@code DynamoDb}. */
    ServiceOutcome sdkFailure(String id, String code, String message, String more) {
        var cause = message + " (Service: " + id + ", Status Code: " + status() + ", Request ID: " + requestId() + more
                + ")";
        return ServiceOutcome.failed(id + "." + exception(code, id + "Exception"), cause);
    }

    private static String exception(String code, String otherwise) {
        if (code.isEmpty() || COMMON.contains(code)) {
            return otherwise;
        }
        return code.endsWith("Exception") ? code : code + "Exception";
    }
}
