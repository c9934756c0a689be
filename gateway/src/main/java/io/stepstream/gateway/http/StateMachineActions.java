package io.stepstream.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.stepstream.gateway.Refusal;
import io.stepstream.gateway.Resources;
import io.stepstream.gateway.bus.CommandBus;
import io.stepstream.gateway.bus.RegistryView;
import io.stepstream.schemas.Arn;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.Arns;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.api.Names;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.view.RegistryRecord;
import io.stepstream.schemas.view.RegistryRecord.Machine;
import io.stepstream.schemas.view.RegistryRecord.MachineStatus;
import io.stepstream.schemas.view.RegistryRecord.Revision;
import io.stepstream.schemas.view.Views;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Making, describing, changing and deleting state machines. Definitions are the engine's to judge. */
final class StateMachineActions {

    private final ApiSettings settings;
    private final CommandBus bus;
    private final RegistryView registry;
    private final Resources resources;
    private final Views views;
    private final PageTokens pages;

    StateMachineActions(ApiSettings settings, CommandBus bus, RegistryView registry, Views views, PageTokens pages) {
        this.settings = settings;
        this.bus = bus;
        this.registry = registry;
        this.resources = new Resources(registry);
        this.views = views;
        this.pages = pages;
    }

    Map<String, Action> actions() {
        return Map.of(
                "CreateStateMachine", this::create,
                "DescribeStateMachine", this::describe,
                "DescribeStateMachineForExecution", this::describeForExecution,
                "UpdateStateMachine", this::update,
                "DeleteStateMachine", this::delete,
                "ListStateMachines", this::list);
    }

    private CompletionStage<Answer> create(Call call) {
        var name = Names.require(call.text("name"));
        Arns.role(call.text("roleArn"));
        checkVersionDescription(call);
        var arn = settings.arn(call.caller().account(), Arn.STATE_MACHINE, name).toString();
        var type = call.optional("type").orElse("STANDARD");
        var logging = Configurations.logging(call.node("loggingConfiguration"));
        var tracing = Configurations.tracing(call.node("tracingConfiguration"));
        var encryption = Configurations.encryption(call.node("encryptionConfiguration"));
        var tags = Tags.read(call.node("tags"), arn);
        return bus.askRegistry(replyTo -> new RegistryCommand.CreateStateMachine(
                        arn,
                        name,
                        call.text("definition"),
                        call.text("roleArn"),
                        type,
                        logging,
                        tracing,
                        encryption,
                        tags,
                        call.flag("publish", false),
                        call.optional("versionDescription"),
                        Optional.of(replyTo)))
                .thenApply(reply -> {
                    var machine = record(reply, Machine.class);
                    return members -> members.text("stateMachineArn", machine.arn())
                            .date("creationDate", machine.creationDate())
                            .text("stateMachineVersionArn", registered(reply).versionArn());
                });
    }

    private CompletionStage<Answer> describe(Call call) {
        var text = call.text("stateMachineArn");
        var arn = Arns.stateMachine(text);
        if (arn.isVersion()) {
            return describeVersion(call, arn);
        }
        if (arn.qualifier().isPresent()) {
            return CompletableFuture.failedStage(Resources.noMachine(text));
        }
        var label = label(arn);
        return resources
                .machine(unlabelled(arn).toString())
                .thenCompose(machine -> resources
                        .revision(machine.arn(), machine.revision())
                        .thenApply(revision -> {
                            if (label.isPresent() && !hasLabel(revision.definition(), label.get())) {
                                throw Resources.noMachine(text);
                            }
                            return members -> {
                                writeMachine(members, text, machine);
                                members.date("creationDate", machine.creationDate())
                                        .text("label", label);
                                writeRevision(members, revision, call.wantsData());
                            };
                        }));
    }

    private CompletionStage<Answer> describeVersion(Call call, Arn arn) {
        return resources
                .version(arn.toString())
                .thenCompose(version -> resources
                        .machine(version.stateMachineArn())
                        .thenCompose(machine -> resources
                                .revision(version.stateMachineArn(), version.revision())
                                .thenApply(revision -> members -> {
                                    writeMachine(members, version.arn(), machine);
                                    members.date("creationDate", version.creationDate())
                                            .text("description", version.description());
                                    writeRevision(members, revision, call.wantsData());
                                })));
    }

    private static void writeMachine(Members members, String arn, Machine machine) throws IOException {
        members.text("stateMachineArn", arn)
                .text("name", machine.name())
                .text("status", machine.status().name())
                .text("type", machine.machineType());
    }

    private CompletionStage<Answer> describeForExecution(Call call) {
        var arn = Arns.execution(call.text("executionArn"));
        return views.execution(arn.toString()).thenCompose(found -> {
            var execution = found.orElseThrow(() -> ExecutionActions.noExecution(arn.toString()));
            return resources
                    .revision(execution.stateMachineArn(), execution.revision())
                    .thenApply(revision -> members -> {
                        members.text("stateMachineArn", execution.stateMachineArn())
                                .text("name", arn.machineName())
                                .date("updateDate", revision.updateDate());
                        writeRevision(members, revision, call.wantsData());
                    });
        });
    }

    private static void writeRevision(Members members, Revision revision, boolean withData) throws IOException {
        members.text("definition", withData ? revision.definition() : "{}")
                .text("roleArn", revision.roleArn())
                .json("loggingConfiguration", revision.loggingConfiguration())
                .json("tracingConfiguration", revision.tracingConfiguration())
                .json("encryptionConfiguration", revision.encryptionConfiguration())
                .text("revisionId", revision.revisionId());
        // A part of the definition; a machine without variables has none.
        if (withData && !revision.variableReferences().isEmpty()) {
            members.json("variableReferences", Json.shared().valueToTree(revision.variableReferences()));
        }
    }

    private CompletionStage<Answer> update(Call call) {
        var text = call.text("stateMachineArn");
        var arn = Arns.unlabelledStateMachine(text);
        if (arn.qualifier().isPresent()) {
            return CompletableFuture.failedStage(Resources.noMachine(text));
        }
        checkVersionDescription(call);
        boolean changesSomething = call.node("definition").isPresent()
                || call.node("roleArn").isPresent()
                || call.node("loggingConfiguration").isPresent()
                || call.node("tracingConfiguration").isPresent()
                || call.node("encryptionConfiguration").isPresent();
        if (!changesSomething) {
            throw new ApiException(
                    ErrorCode.MissingRequiredParameter,
                    "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be"
                            + " specified");
        }
        call.optional("roleArn").ifPresent(Arns::role);
        var logging = call.node("loggingConfiguration").map(node -> Configurations.logging(Optional.of(node)));
        var tracing = call.node("tracingConfiguration").map(node -> Configurations.tracing(Optional.of(node)));
        var encryption = call.node("encryptionConfiguration").map(node -> Configurations.encryption(Optional.of(node)));
        return bus.askRegistry(replyTo -> new RegistryCommand.UpdateStateMachine(
                        text,
                        call.optional("definition"),
                        call.optional("roleArn"),
                        logging.map(node -> node),
                        tracing.map(node -> node),
                        encryption.map(node -> node),
                        call.flag("publish", false),
                        call.optional("versionDescription"),
                        Optional.of(replyTo)))
                .thenApply(reply -> {
                    var revision = record(reply, Revision.class);
                    return members -> members.date("updateDate", revision.updateDate())
                            .text("revisionId", revision.revisionId())
                            .text("stateMachineVersionArn", registered(reply).versionArn());
                });
    }

    private CompletionStage<Answer> delete(Call call) {
        var arn = Arns.unlabelledStateMachine(call.text("stateMachineArn"));
        if (arn.qualifier().isPresent()) {
            // Saying that a version is gone, and deleting nothing, would be true; but whoever asks means the machine or
            // DeleteStateMachineVersion, and should hear it.
            throw new ApiException(
                    ErrorCode.ValidationException,
                    "Expected the ARN of a state machine without version or alias, but found '" + arn + "'");
        }
        return bus.askRegistry(replyTo -> new RegistryCommand.DeleteStateMachine(arn.toString(), Optional.of(replyTo)))
                .thenApply(StateMachineActions::registered)
                .thenApply(done -> Answer.NOTHING);
    }

    private CompletionStage<Answer> list(Call call) {
        int wanted = call.pageSize();
        var first = settings.arn(call.caller().account(), Arn.STATE_MACHINE, "").toString();
        var after = pages.place(call).or(() -> Optional.of(first));
        var page = new ArrayList<Machine>();
        boolean more = false;
        // Machines that are being deleted are not listed, so a page may take more than one look.
        for (boolean exhausted = false; !exhausted && !more; ) {
            var batch = registry.machines(after, wanted + 1);
            for (var machine : batch) {
                if (!machine.arn().startsWith(first)) {
                    exhausted = true; // another account's, or another region's
                    break;
                }
                if (machine.status() == MachineStatus.ACTIVE) {
                    if (page.size() == wanted) {
                        more = true;
                        break;
                    }
                    page.add(machine);
                }
                after = Optional.of(machine.arn());
            }
            exhausted |= batch.size() <= wanted;
        }
        var next = more ? Optional.of(pages.next(call, page.get(page.size() - 1).arn())) : Optional.<String>empty();
        return CompletableFuture.completedStage(members -> members.list(
                        "stateMachines",
                        page,
                        (item, machine) -> item.text("stateMachineArn", machine.arn())
                                .text("name", machine.name())
                                .text("type", machine.machineType())
                                .date("creationDate", machine.creationDate()))
                .text("nextToken", next));
    }

    private static void checkVersionDescription(Call call) {
        if (!call.flag("publish", false) && call.node("versionDescription").isPresent()) {
            throw new ApiException(
                    ErrorCode.ValidationException, "Version description can only be set when publish is true");
        }
    }

    private static Arn unlabelled(Arn arn) {
        int slash = arn.resource().indexOf('/');
        return slash < 0 ? arn : arn.sibling(Arn.STATE_MACHINE, arn.resource().substring(0, slash));
    }

    private static Optional<String> label(Arn arn) {
        int slash = arn.resource().indexOf('/');
        return slash < 0 ? Optional.empty() : Optional.of(arn.resource().substring(slash + 1));
    }

    /** Whether a state of the definition carries that label. The engine has accepted the definition, so it is JSON. */
    private static boolean hasLabel(String definition, String label) {
        try (var parser = Json.shared().getFactory().createParser(definition)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME
                        && parser.currentName().equals("Label")
                        && parser.nextToken() == JsonToken.VALUE_STRING
                        && parser.getText().equals(label)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("Expected an accepted definition to be JSON, but it is not", e);
        }
    }

    /** The reply of the registry, or its refusal as an exception. */
    static Reply.Registered registered(Reply reply) {
        if (reply instanceof Reply.Registered registered) {
            return registered;
        }
        if (reply instanceof Reply.Rejected rejected) {
            throw Refusal.of(rejected);
        }
        throw Refusal.unexpected(reply);
    }

    /** The resource as the registry's reply shows it. */
    static <T extends RegistryRecord> T record(Reply reply, Class<T> type) {
        try {
            return type.cast(Json.shared().treeToValue(registered(reply).resource(), RegistryRecord.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected the registry's reply to show " + type + ", but it does not", e);
        }
    }
}
