package io.stepstream.gateway.http;

import io.stepstream.gateway.bus.CommandBus;
import io.stepstream.gateway.bus.RegistryView;
import io.stepstream.schemas.Arn;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.Arns;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.view.RegistryRecord.Version;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Publishing, listing and deleting versions. */
final class VersionActions {

    private final CommandBus bus;
    private final RegistryView registry;
    private final PageTokens pages;

    VersionActions(CommandBus bus, RegistryView registry, PageTokens pages) {
        this.bus = bus;
        this.registry = registry;
        this.pages = pages;
    }

    Map<String, Action> actions() {
        return Map.of(
                "PublishStateMachineVersion", this::publish,
                "ListStateMachineVersions", this::list,
                "DeleteStateMachineVersion", this::delete);
    }

    private CompletionStage<Answer> publish(Call call) {
        var arn = unqualified(call.text("stateMachineArn"));
        return bus.askRegistry(replyTo -> new RegistryCommand.PublishVersion(
                        arn.toString(),
                        call.optional("revisionId"),
                        call.optional("description"),
                        Optional.of(replyTo)))
                .thenApply(reply -> {
                    var version = StateMachineActions.record(reply, Version.class);
                    return members -> members.text("stateMachineVersionArn", version.arn())
                            .date("creationDate", version.creationDate());
                });
    }

    private CompletionStage<Answer> list(Call call) {
        var arn = unqualified(call.text("stateMachineArn"));
        // A machine that is not there has no versions: the operation has no other word for it.
        return registry.caughtUp().thenApply(done -> {
            var page = Page.of(call, pages, registry.versions(arn.toString()), VersionActions::newestFirst);
            return members -> members.list(
                            "stateMachineVersions",
                            page.items(),
                            (item, version) -> item.text("stateMachineVersionArn", version.arn())
                                    .date("creationDate", version.creationDate()))
                    .text("nextToken", page.nextToken());
        });
    }

    private static String newestFirst(Version version) {
        return String.format("%019d", Long.MAX_VALUE - version.number());
    }

    private CompletionStage<Answer> delete(Call call) {
        var arn = Arns.unlabelledStateMachine(call.text("stateMachineVersionArn"));
        if (!arn.isVersion()) {
            throw new ApiException(
                    ErrorCode.ValidationException,
                    "Expected the ARN of a state machine version, but found '" + arn + "'");
        }
        return bus.askRegistry(replyTo -> new RegistryCommand.DeleteVersion(arn.toString(), Optional.of(replyTo)))
                .thenApply(StateMachineActions::registered)
                .thenApply(done -> Answer.NOTHING);
    }

    private static Arn unqualified(String text) {
        var arn = Arns.unlabelledStateMachine(text);
        if (arn.qualifier().isPresent()) {
            throw new ApiException(
                    ErrorCode.ValidationException,
                    "Expected the ARN of a state machine without version or alias, but found '" + arn + "'");
        }
        return arn;
    }
}
