package io.stepstream.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import java.util.Optional;

/** Checks a machine's or activity's configurations and fills in AWS's defaults, so that equal wishes are equal JSON. */
final class Configurations {

    private static final String OWNED_KEY = "AWS_OWNED_KEY";

    private Configurations() {}

    static ObjectNode logging(Optional<JsonNode> given) {
        var level = given.map(node -> node.path("level").asText("OFF")).orElse("OFF");
        var logging = JsonNodeFactory.instance
                .objectNode()
                .put("level", level)
                .put(
                        "includeExecutionData",
                        given.map(node -> node.path("includeExecutionData").asBoolean())
                                .orElse(false));
        var destinations = given.map(node -> node.path("destinations"));
        if (!level.equals("OFF")
                && !destinations.map(Configurations::isOneLogGroup).orElse(false)) {
            throw new ApiException(
                    ErrorCode.InvalidLoggingConfiguration,
                    "Invalid Logging Configuration: Must specify exactly one Log Destination.");
        }
        destinations.filter(JsonNode::isArray).ifPresent(list -> logging.set("destinations", list));
        return logging;
    }

    private static boolean isOneLogGroup(JsonNode destinations) {
        return destinations.size() == 1
                && destinations
                        .get(0)
                        .path("cloudWatchLogsLogGroup")
                        .path("logGroupArn")
                        .asText("")
                        .startsWith("arn:");
    }

    static ObjectNode tracing(Optional<JsonNode> given) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(
                        "enabled",
                        given.map(node -> node.path("enabled").asBoolean()).orElse(false));
    }

    static ObjectNode encryption(Optional<JsonNode> given) {
        if (given.isPresent()) {
            if (!given.get().path("type").asText().equals(OWNED_KEY)) {
                throw invalidEncryption("Customer managed KMS keys are not supported by Stepstream");
            }
            if (given.get().has("kmsKeyId") || given.get().has("kmsDataKeyReusePeriodSeconds")) {
                throw invalidEncryption("kmsKeyId and kmsDataKeyReusePeriodSeconds do not go with type " + OWNED_KEY);
            }
        }
        return JsonNodeFactory.instance.objectNode().put("type", OWNED_KEY);
    }

    private static ApiException invalidEncryption(String message) {
        return new ApiException(
                ErrorCode.InvalidEncryptionConfiguration, "Invalid Encryption Configuration: " + message);
    }
}
