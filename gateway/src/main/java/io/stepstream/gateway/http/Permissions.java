package io.stepstream.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.access.Caller;
import io.stepstream.schemas.Arn;
import io.stepstream.schemas.TaskToken;
import java.util.ArrayList;
import java.util.List;

/** Finds out which resources a call concerns, and asks whether its caller may. */
final class Permissions {

    private static final List<String> ARN_MEMBERS = List.of(
            "stateMachineArn",
            "stateMachineVersionArn",
            "stateMachineAliasArn",
            "executionArn",
            "activityArn",
            "mapRunArn",
            "resourceArn");

    private final ApiSettings settings;
    private final byte[] secret;

    Permissions(ApiSettings settings, byte[] secret) {
        this.settings = settings;
        this.secret = secret.clone();
    }

    /** Throws AccessDeniedException. */
    void check(Caller caller, String operation, ObjectNode input) {
        if (caller.rules().isEmpty()) {
            return;
        }
        var resources = resources(caller, operation, input);
        if (resources.isEmpty()) {
            caller.require(operation, Caller.NO_RESOURCE);
        }
        resources.forEach(resource -> caller.require(operation, resource));
    }

    private List<String> resources(Caller caller, String operation, ObjectNode input) {
        var resources = new ArrayList<String>();
        switch (operation) {
            case "CreateStateMachine" -> resources.add(named(caller, Arn.STATE_MACHINE, input));
            case "CreateActivity" -> resources.add(named(caller, Arn.ACTIVITY, input));
            default -> {
                for (var member : ARN_MEMBERS) {
                    if (input.path(member).isTextual()) {
                        resources.add(input.get(member).textValue());
                    }
                }
            }
        }
        for (var route : input.path("routingConfiguration")) {
            resources.add(route.path("stateMachineVersionArn").asText());
        }
        if (input.path("taskToken").isTextual()) {
            // A token that is none of ours is refused as such in a moment.
            TaskToken.verify(input.get("taskToken").textValue(), secret)
                    .ifPresent(token -> resources.add(token.executionArn()));
        }
        return resources;
    }

    private String named(Caller caller, String type, ObjectNode input) {
        return settings.arn(caller.account(), type, input.path("name").asText()).toString();
    }
}
