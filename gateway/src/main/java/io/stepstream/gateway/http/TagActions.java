package io.stepstream.gateway.http;

import io.stepstream.gateway.bus.CommandBus;
import io.stepstream.gateway.bus.RegistryView;
import io.stepstream.schemas.Arn;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.Arns;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.view.RegistryRecord.Activity;
import io.stepstream.schemas.view.RegistryRecord.Machine;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Tags of state machines and activities. Versions and aliases have none, as in AWS. */
final class TagActions {

    private final CommandBus bus;
    private final RegistryView registry;

    TagActions(CommandBus bus, RegistryView registry) {
        this.bus = bus;
        this.registry = registry;
    }

    Map<String, Action> actions() {
        return Map.of(
                "TagResource", this::tag,
                "UntagResource", this::untag,
                "ListTagsForResource", this::list);
    }

    private CompletionStage<Answer> tag(Call call) {
        var arn = taggable(call);
        var tags = Tags.read(call.node("tags"), arn.toString());
        return ask(arn, replyTo -> new RegistryCommand.TagResource(arn.toString(), tags, Optional.of(replyTo)));
    }

    private CompletionStage<Answer> untag(Call call) {
        var arn = taggable(call);
        var keys = new ArrayList<String>();
        call.input().get("tagKeys").forEach(key -> keys.add(key.textValue()));
        return ask(arn, replyTo -> new RegistryCommand.UntagResource(arn.toString(), keys, Optional.of(replyTo)));
    }

    private CompletionStage<Answer> ask(Arn arn, Function<ReplyTo, RegistryCommand> command) {
        return bus.askRegistry(command).thenApply(reply -> {
            try {
                StateMachineActions.registered(reply);
            } catch (ApiException refusal) {
                throw refusal.with("resourceName", arn.toString());
            }
            return Answer.NOTHING;
        });
    }

    private CompletionStage<Answer> list(Call call) {
        var arn = taggable(call);
        return registry.caughtUp().thenApply(done -> {
            var tags = tags(arn.toString()).orElseThrow(() -> notFound(arn));
            return members -> members.list(
                    "tags",
                    tags.entrySet(),
                    (item, tag) -> item.text("key", tag.getKey()).text("value", tag.getValue()));
        });
    }

    private Optional<Map<String, String>> tags(String arn) {
        return registry.machine(arn)
                .map(Machine::tags)
                .or(() -> registry.activity(arn).map(Activity::tags));
    }

    /** The resource if it is of a kind that has tags. Whether it is there is for the registry to say. */
    private static Arn taggable(Call call) {
        var arn = Arns.taggable(call.text("resourceArn"));
        if (arn.qualifier().isPresent() || arn.isLabelled()) {
            throw notFound(arn);
        }
        return arn;
    }

    private static ApiException notFound(Arn arn) {
        return new ApiException(ErrorCode.ResourceNotFound, "Resource not found: '" + arn + "'")
                .with("resourceName", arn.toString());
    }
}
