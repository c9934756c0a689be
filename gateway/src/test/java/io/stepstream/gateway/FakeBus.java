package io.stepstream.gateway;

import io.stepstream.gateway.bus.CommandBus;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/** Answers commands as the test says, keeps them, and shows who polls. */
public final class FakeBus implements CommandBus {

    public final List<Object> commands = new CopyOnWriteArrayList<>();
    public final List<FakePoll> polls = new CopyOnWriteArrayList<>();

    private volatile Function<Object, Reply> replies = command -> {
        throw new AssertionError("Expected no command, but " + command);
    };
    private volatile Optional<Throwable> failure = Optional.empty();
    private volatile Consumer<FakePoll> onPoll = poll -> {};

    /** From now on this answers every command. */
    public void reply(Function<Object, Reply> replies) {
        this.replies = replies;
    }

    public void reply(Reply reply) {
        reply(command -> reply);
    }

    /** From now on no command gets a reply. */
    public void fail(Throwable failure) {
        this.failure = Optional.of(failure);
    }

    /** From now on this hears of every poll. */
    public void onPoll(Consumer<FakePoll> onPoll) {
        this.onPoll = onPoll;
    }

    public <T> T last(Class<T> type) {
        return type.cast(commands.get(commands.size() - 1));
    }

    @Override
    public CompletionStage<Reply> ask(String executionArn, Function<ReplyTo, ExecutionCommand> command) {
        return answer(command.apply(new ReplyTo(0, "c")));
    }

    @Override
    public CompletionStage<Reply> ask(
            String executionArn, Function<ReplyTo, ExecutionCommand> command, Duration patience) {
        return ask(executionArn, command);
    }

    @Override
    public CompletionStage<Reply> askRegistry(Function<ReplyTo, RegistryCommand> command) {
        return answer(command.apply(new ReplyTo(0, "c")));
    }

    private CompletionStage<Reply> answer(Object command) {
        commands.add(command);
        return failure.<CompletionStage<Reply>>map(CompletableFuture::failedStage)
                .orElseGet(() -> CompletableFuture.completedStage(replies.apply(command)));
    }

    @Override
    public ActivityPoll poll(String activityArn, Optional<String> workerName, Duration hold) {
        var poll = new FakePoll(activityArn, workerName);
        polls.add(poll);
        onPoll.accept(poll);
        return poll;
    }

    /** A poll whose fate the test decides and can look up. */
    public static final class FakePoll implements ActivityPoll {

        public final String activityArn;
        public final Optional<String> workerName;
        public final CompletableFuture<Optional<Reply.TaskAssigned>> task = new CompletableFuture<>();
        public final List<String> ends = new CopyOnWriteArrayList<>();

        FakePoll(String activityArn, Optional<String> workerName) {
            this.activityArn = activityArn;
            this.workerName = workerName;
        }

        public void assign(String input) {
            task.complete(Optional.of(new Reply.TaskAssigned(activityArn, "p", "token", input, 1, "t")));
        }

        @Override
        public CompletionStage<Optional<Reply.TaskAssigned>> task() {
            return task;
        }

        @Override
        public void delivered(Reply.TaskAssigned assigned) {
            ends.add("delivered");
        }

        @Override
        public void returned(Reply.TaskAssigned assigned) {
            ends.add("returned");
        }

        @Override
        public void cancel() {
            ends.add("cancelled");
        }
    }
}
