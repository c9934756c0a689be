package io.stepstream.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.gateway.Resources;
import io.stepstream.gateway.bus.CommandBus;
import io.stepstream.gateway.bus.RegistryView;
import io.stepstream.schemas.Arn;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.Arns;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.view.RegistryRecord.Alias;
import io.stepstream.schemas.view.RegistryRecord.Machine;
import io.stepstream.schemas.view.RegistryRecord.MachineStatus;
import io.stepstream.schemas.view.RegistryRecord.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Aliases: names for one version or two. Messages are AWS's. */
final class AliasActions {

    private final CommandBus bus;
    private final RegistryView registry;
    private final Resources resources;
    private final PageTokens pages;

    AliasActions(CommandBus bus, RegistryView registry, PageTokens pages) {
        this.bus = bus;
        this.registry = registry;
        this.resources = new Resources(registry);
        this.pages = pages;
    }

    Map<String, Action> actions() {
        return Map.of(
                "CreateStateMachineAlias", this::create,
                "DescribeStateMachineAlias", this::describe,
                "UpdateStateMachineAlias", this::update,
                "DeleteStateMachineAlias", this::delete,
                "ListStateMachineAliases", this::list);
    }

    private CompletionStage<Answer> create(Call call) {
        var routes = routes(call.input().get("routingConfiguration"));
        var machine = machineOf(routes);
        var arn = machine.sibling(Arn.STATE_MACHINE, machine.resource() + ":" + call.text("name"));
        return bus.askRegistry(replyTo -> new RegistryCommand.CreateAlias(
                        arn.toString(), call.optional("description"), routes, Optional.of(replyTo)))
                .thenApply(reply -> {
                    var alias = StateMachineActions.record(reply, Alias.class);
                    return members -> members.text("stateMachineAliasArn", alias.arn())
                            .date("creationDate", alias.creationDate());
                });
    }

    private CompletionStage<Answer> describe(Call call) {
        var arn = aliasArn(call);
        return resources
                .alias(arn.toString(), AliasActions::notFound)
                .thenApply(alias -> members -> members.text("stateMachineAliasArn", alias.arn())
                        .text("name", alias.name())
                        .text("description", alias.description())
                        .list(
                                "routingConfiguration",
                                alias.routes(),
                                (item, route) -> item.text("stateMachineVersionArn", route.versionArn())
                                        .number("weight", route.weight()))
                        .date("creationDate", alias.creationDate())
                        .date("updateDate", alias.updateDate()));
    }

    private CompletionStage<Answer> update(Call call) {
        var arn = aliasArn(call);
        var given = call.node("routingConfiguration");
        if (given.isEmpty() && call.node("description").isEmpty()) {
            throw invalid("Expected description or routingConfiguration to be given, but found neither");
        }
        var routes = given.map(AliasActions::routes);
        if (routes.isPresent() && !machineOf(routes.get()).equals(arn.stateMachine())) {
            throw invalid("Expected routing configuration to name versions of " + arn.stateMachine()
                    + ", but it names those of " + machineOf(routes.get()));
        }
        return bus.askRegistry(replyTo -> new RegistryCommand.UpdateAlias(
                        arn.toString(), call.optional("description"), routes, Optional.of(replyTo)))
                .thenApply(reply -> {
                    var alias = StateMachineActions.record(reply, Alias.class);
                    return members -> members.date("updateDate", alias.updateDate());
                });
    }

    private CompletionStage<Answer> delete(Call call) {
        var arn = aliasArn(call);
        return bus.askRegistry(replyTo -> new RegistryCommand.DeleteAlias(arn.toString(), Optional.of(replyTo)))
                .thenApply(StateMachineActions::registered)
                .thenApply(done -> Answer.NOTHING);
    }

    private CompletionStage<Answer> list(Call call) {
        var arn = Arns.unlabelledStateMachine(call.text("stateMachineArn"));
        return resources
                .machine(arn.stateMachine().toString())
                .thenApply(AliasActions::active)
                .thenApply(machine -> {
                    if (arn.qualifier().isPresent()
                            && registry.version(arn.toString()).isEmpty()) {
                        throw notFound();
                    }
                    var aliases = registry.aliases(machine.arn()).stream()
                            .filter(alias -> arn.qualifier().isEmpty() || leadsTo(alias, arn.toString()))
                            .toList();
                    var page = Page.of(call, pages, aliases, AliasActions::oldestFirst);
                    return members -> members.list(
                                    "stateMachineAliases",
                                    page.items(),
                                    (item, alias) -> item.text("stateMachineAliasArn", alias.arn())
                                            .date("creationDate", alias.creationDate()))
                            .text("nextToken", page.nextToken());
                });
    }

    private static Machine active(Machine machine) {
        if (machine.status() == MachineStatus.DELETING) {
            throw Resources.deleting(machine.arn());
        }
        return machine;
    }

    private static boolean leadsTo(Alias alias, String versionArn) {
        return alias.routes().stream().anyMatch(route -> route.versionArn().equals(versionArn));
    }

    /** The order in which AWS was seen to list them. */
    private static String oldestFirst(Alias alias) {
        return String.format("%019d", alias.creationDate().toEpochMilli()) + alias.arn();
    }

    private static Arn aliasArn(Call call) {
        var arn = Arns.unlabelledStateMachine(call.text("stateMachineAliasArn"));
        if (arn.qualifier().isEmpty() || arn.isVersion()) {
            throw invalid("Expected the ARN of a state machine alias, but found '" + arn + "'");
        }
        return arn;
    }

    /** Where the alias is to lead: its constraints were checked, what the model cannot say is checked here. */
    private static List<Route> routes(JsonNode list) {
        var routes = new ArrayList<Route>();
        for (var item : list) {
            routes.add(new Route(
                    item.get("stateMachineVersionArn").textValue(),
                    item.get("weight").intValue()));
        }
        var arns = routes.stream().map(Route::versionArn).toList();
        if (new HashSet<>(arns).size() < arns.size()) {
            throw invalid("Routing configuration must contain distinct state machine version ARNs. Received: " + arns);
        }
        for (var arn : arns) {
            if (!Arns.unlabelledStateMachine(arn).isVersion()) {
                throw invalid("Routing configuration must contain state machine version ARNs. Received: " + arns);
            }
        }
        var weights = routes.stream().map(Route::weight).toList();
        if (weights.stream().mapToInt(Integer::intValue).sum() != 100) {
            throw invalid("Sum of routing configuration weights must equal 100. Received: " + weights);
        }
        return routes;
    }

    private static Arn machineOf(List<Route> routes) {
        var machines = routes.stream()
                .map(route -> Arns.stateMachine(route.versionArn()).stateMachine())
                .distinct()
                .toList();
        if (machines.size() > 1) {
            throw invalid("Routing configuration must contain versions of the same state machine. Received: "
                    + routes.stream().map(Route::versionArn).toList());
        }
        return machines.get(0);
    }

    private static ApiException notFound() {
        return new ApiException(ErrorCode.ResourceNotFound, "Request references a resource that does not exist.");
    }

    private static ApiException invalid(String message) {
        return new ApiException(ErrorCode.ValidationException, message);
    }
}
