package io.stepstream.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.Starts;
import io.stepstream.gateway.access.Caller;
import io.stepstream.gateway.bus.CommandBus;
import io.stepstream.gateway.bus.RegistryView;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.view.Views;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The operations that this version performs, by name. */
public final class Actions {

    private final Map<String, Action> actions;
    private final Permissions permissions;

    private Actions(Map<String, Action> actions, Permissions permissions) {
        this.actions = actions;
        this.permissions = permissions;
    }

    /**
     * All of them.
     *
     * @param secret the cluster's, which signs task and page tokens
     * @param clock for what depends on today's date: page tokens, and whether an execution can still be redriven
     */
    public static Actions of(
            ApiSettings settings, byte[] secret, Clock clock, CommandBus bus, RegistryView registry, Views views) {
        var pages = new PageTokens(secret, clock);
        var actions = new LinkedHashMap<String, Action>();
        actions.putAll(new StateMachineActions(settings, bus, registry, views, pages).actions());
        actions.putAll(new VersionActions(bus, registry, pages).actions());
        actions.putAll(new AliasActions(bus, registry, pages).actions());
        actions.putAll(new DefinitionActions(settings, bus).actions());
        actions.putAll(new TagActions(bus, registry).actions());
        actions.putAll(new ExecutionActions(bus, registry, views, Starts.ofCalls(bus, registry, views), pages, clock)
                .actions());
        actions.putAll(new MapRunActions(views).actions());
        actions.putAll(new ActivityActions(settings, secret, bus, registry, views, pages).actions());
        return new Actions(actions, new Permissions(settings, secret));
    }

    /** The action of that name. */
    Action named(String operation) {
        var action = actions.get(operation);
        if (action == null) {
            throw new ApiException(
                    ErrorCode.UnknownOperationException,
                    "Expected an operation of AWS Step Functions, but found '" + operation + "'");
        }
        return action;
    }

    /** Throws AccessDeniedException where the caller may not. */
    void permit(Caller caller, String operation, ObjectNode input) {
        permissions.check(caller, operation, input);
    }

    Set<String> names() {
        return actions.keySet();
    }
}
