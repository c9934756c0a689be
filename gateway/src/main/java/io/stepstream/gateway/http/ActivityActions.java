package io.stepstream.gateway.http;

import io.stepstream.gateway.Refusal;
import io.stepstream.gateway.Resources;
import io.stepstream.gateway.bus.CommandBus;
import io.stepstream.gateway.bus.RegistryView;
import io.stepstream.gateway.shape.ShapeValidator;
import io.stepstream.schemas.Arn;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.Arns;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.api.JsonText;
import io.stepstream.schemas.api.Names;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.view.RegistryRecord.Activity;
import io.stepstream.schemas.view.Views;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Activities, the workers that poll them, and what workers say of their tasks. */
final class ActivityActions {

    private final ApiSettings settings;
    private final byte[] secret;
    private final CommandBus bus;
    private final RegistryView registry;
    private final Resources resources;
    private final Views views;
    private final PageTokens pages;

    /** Open polls by activity. */
    private final Map<String, Integer> pollers = new ConcurrentHashMap<>();

    ActivityActions(
            ApiSettings settings, byte[] secret, CommandBus bus, RegistryView registry, Views views, PageTokens pages) {
        this.settings = settings;
        this.secret = secret.clone();
        this.bus = bus;
        this.registry = registry;
        this.resources = new Resources(registry);
        this.views = views;
        this.pages = pages;
    }

    Map<String, Action> actions() {
        return Map.of(
                "CreateActivity", this::create,
                "DescribeActivity", this::describe,
                "DeleteActivity", this::delete,
                "ListActivities", this::list,
                "GetActivityTask", this::poll,
                "SendTaskSuccess", this::succeed,
                "SendTaskFailure", this::fail,
                "SendTaskHeartbeat", this::heartbeat);
    }

    private CompletionStage<Answer> create(Call call) {
        var name = Names.require(call.text("name"));
        var arn = settings.arn(call.caller().account(), Arn.ACTIVITY, name).toString();
        var encryption = Configurations.encryption(call.node("encryptionConfiguration"));
        var tags = Tags.read(call.node("tags"), arn);
        return bus.askRegistry(replyTo ->
                        new RegistryCommand.CreateActivity(arn, name, encryption, tags, Optional.of(replyTo)))
                .thenApply(reply -> {
                    var activity = StateMachineActions.record(reply, Activity.class);
                    return members ->
                            members.text("activityArn", activity.arn()).date("creationDate", activity.creationDate());
                });
    }

    private CompletionStage<Answer> describe(Call call) {
        var arn = Arns.activity(call.text("activityArn")).toString();
        return resources
                .activity(arn)
                .thenApply(activity -> members -> members.text("activityArn", activity.arn())
                        .text("name", activity.name())
                        .date("creationDate", activity.creationDate())
                        .json("encryptionConfiguration", activity.encryptionConfiguration()));
    }

    private CompletionStage<Answer> delete(Call call) {
        var arn = Arns.activity(call.text("activityArn")).toString();
        return bus.askRegistry(replyTo -> new RegistryCommand.DeleteActivity(arn, Optional.of(replyTo)))
                .thenApply(StateMachineActions::registered)
                .thenApply(done -> Answer.NOTHING);
    }

    private CompletionStage<Answer> list(Call call) {
        int wanted = call.pageSize();
        var first = settings.arn(call.caller().account(), Arn.ACTIVITY, "").toString();
        var after = pages.place(call).or(() -> Optional.of(first));
        // What follows is another account's, or another region's.
        var found = registry.activities(after, wanted + 1).stream()
                .takeWhile(activity -> activity.arn().startsWith(first))
                .toList();
        var page = found.subList(0, Math.min(wanted, found.size()));
        var next = found.size() > wanted
                ? Optional.of(pages.next(call, page.get(wanted - 1).arn()))
                : Optional.<String>empty();
        return CompletableFuture.completedStage(members -> members.list(
                        "activities",
                        page,
                        (item, activity) -> item.text("activityArn", activity.arn())
                                .text("name", activity.name())
                                .date("creationDate", activity.creationDate()))
                .text("nextToken", next));
    }

    private CompletionStage<Answer> poll(Call call) {
        var arn = Arns.activity(call.text("activityArn")).toString();
        return resources.activity(arn).thenCompose(activity -> {
            enter(arn);
            CommandBus.ActivityPoll poll;
            try {
                poll = bus.poll(
                        arn, call.optional("workerName"), settings.limits().pollHold());
            } catch (RuntimeException e) {
                leave(arn);
                throw e;
            }
            return answer(call, poll).whenComplete((answer, failure) -> leave(arn));
        });
    }

    /** Whoever completes the answer first, the task or the worker's leaving, decides how the poll ends. */
    private static CompletableFuture<Answer> answer(Call call, CommandBus.ActivityPoll poll) {
        var answer = new CompletableFuture<Answer>();
        poll.task().whenComplete((task, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else if (task.isEmpty()) {
                answer.complete(Answer.NOTHING);
            } else if (!answer.complete(new TaskAnswer(poll, task.get()))) {
                poll.returned(task.get());
            }
        });
        call.whenGone().accept(() -> {
            if (answer.complete(Answer.NOTHING)) {
                poll.cancel();
            }
        });
        return answer;
    }

    /** A task on its way to the worker; the queue hears whether it got there. */
    private record TaskAnswer(CommandBus.ActivityPoll poll, Reply.TaskAssigned task) implements Answer {

        @Override
        public void write(Members members) throws IOException {
            members.text("taskToken", task.taskToken()).text("input", task.input());
        }

        @Override
        public void written() {
            poll.delivered(task);
        }

        @Override
        public void lost() {
            poll.returned(task);
        }
    }

    private void enter(String arn) {
        int limit = settings.limits().pollersPerActivity();
        pollers.compute(arn, (key, open) -> {
            if (open != null && open >= limit) {
                throw new ApiException(
                        ErrorCode.ActivityWorkerLimitExceeded,
                        "Activity Worker Limit Exceeded: '" + limit + " workers are polling " + arn + "'");
            }
            return open == null ? 1 : open + 1;
        });
    }

    private void leave(String arn) {
        pollers.computeIfPresent(arn, (key, open) -> open == 1 ? null : open - 1);
    }

    private CompletionStage<Answer> succeed(Call call) {
        var output = call.text("output");
        if (JsonText.utf8Length(output) > JsonText.MAX_PAYLOAD_BYTES) {
            throw ShapeValidator.tooLong("output", JsonText.MAX_PAYLOAD_BYTES);
        }
        var token = token(call);
        JsonText.problem(output).ifPresent(problem -> {
            throw new ApiException(ErrorCode.InvalidOutput, "Invalid Output: '" + problem + "'");
        });
        return send(
                token,
                replyTo -> new ExecutionCommand.TaskSucceeded(
                        token.executionArn(),
                        token.task(),
                        token.workerName(),
                        output,
                        call.invocationId(),
                        Optional.of(replyTo)));
    }

    private CompletionStage<Answer> fail(Call call) {
        var token = token(call);
        return send(
                token,
                replyTo -> new ExecutionCommand.TaskFailed(
                        token.executionArn(),
                        token.task(),
                        token.workerName(),
                        call.optional("error"),
                        call.optional("cause"),
                        call.invocationId(),
                        Optional.of(replyTo)));
    }

    private CompletionStage<Answer> heartbeat(Call call) {
        var token = token(call);
        return send(
                token,
                replyTo -> new ExecutionCommand.TaskHeartbeat(
                        token.executionArn(),
                        token.task(),
                        token.workerName(),
                        call.invocationId(),
                        Optional.of(replyTo)));
    }

    private TaskToken token(Call call) {
        return TaskToken.verify(call.text("taskToken"), secret)
                .orElseThrow(() -> new ApiException(ErrorCode.InvalidToken, "Invalid Token: 'Invalid token'"));
    }

    private CompletionStage<Answer> send(TaskToken token, Function<ReplyTo, ExecutionCommand> command) {
        return bus.ask(token.executionArn(), command).thenCompose(reply -> {
            if (reply instanceof Reply.Accepted) {
                return CompletableFuture.completedStage(Answer.NOTHING);
            }
            if (reply instanceof Reply.Rejected rejected) {
                throw Refusal.of(rejected);
            }
            if (reply instanceof Reply.NotOpen) {
                return views.execution(token.executionArn()).thenApply(found -> {
                    throw found.isPresent()
                            ? new ApiException(
                                    ErrorCode.TaskTimedOut, "Task Timed Out: 'Provided task does not exist anymore'")
                            : new ApiException(
                                    ErrorCode.TaskDoesNotExist,
                                    "Task Does Not Exist: 'Nothing is known of the provided task'");
                });
            }
            throw Refusal.unexpected(reply);
        });
    }
}
