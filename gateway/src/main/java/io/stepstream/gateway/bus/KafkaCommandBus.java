package io.stepstream.gateway.bus;

import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.topic.Topics;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commands through one producer, replies through one partition: the gateway's conversation with the engine. */
public final class KafkaCommandBus implements CommandBus, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaCommandBus.class);

    private final Topics topics;
    private final CommandSender sender;
    private final PendingReplies replies;
    private final ActivityPolls polls;
    private final KafkaRegistryView registry;
    private final Duration replyTimeout;
    private final Executor callers;
    private final ScheduledThreadPoolExecutor timers;
    private final List<AutoCloseable> closeables;

    private KafkaCommandBus(
            Topics topics,
            ClientProperties clients,
            KafkaRegistryView registry,
            Duration replyTimeout,
            Executor callers) {
        var incarnation = new BigInteger(80, new SecureRandom()).toString(Character.MAX_RADIX);
        this.topics = topics;
        this.registry = registry;
        this.replyTimeout = replyTimeout;
        this.callers = callers;
        this.timers = new ScheduledThreadPoolExecutor(1, task -> {
            var thread = new Thread(task, "bus-timers");
            thread.setDaemon(true);
            return thread;
        });
        timers.setRemoveOnCancelPolicy(true);
        var producer = CommandProducer.connect(clients, topics, replyTimeout);
        this.sender = producer;
        this.replies = new PendingReplies(
                PendingReplies.connect(clients, topics),
                topics.replies(),
                incarnation,
                replyTimeout,
                timers,
                callers,
                this::unclaimed);
        this.polls = new ActivityPolls(
                incarnation,
                topics.activityTasks(),
                sender,
                replies::newReplyTo,
                InstantSource.system(),
                timers,
                callers);
        this.closeables = List.of(producer, replies);
        producer.warmUp(List.of(topics.commands(), topics.registryCommands(), topics.activityTasks()));
        replies.start();
    }

    /**
     * Connects; {@link #ready} tells when the first command can be sent. Throws a KafkaException when brokers or topics are
     * out of reach.
     *
     * @param replyTimeout how long a caller waits for brokers and engine
     * @param callers runs what callers chain to the stages; it may have few threads, and they should not be blocked
     */
    public static KafkaCommandBus start(
            Topics topics,
            ClientProperties clients,
            KafkaRegistryView registry,
            Duration replyTimeout,
            Executor callers) {
        return new KafkaCommandBus(topics, clients, registry, replyTimeout, callers);
    }

    public CompletionStage<Void> ready() {
        return replies.ready();
    }

    /** For those who send commands by themselves: begins to wait for the reply to one. */
    public ExpectedReply expectReply() {
        return replies.expect();
    }

    /** How many calls wait for replies. */
    public int waiting() {
        return replies.size();
    }

    @Override
    public CompletionStage<Reply> ask(String executionArn, Function<ReplyTo, ExecutionCommand> command) {
        return ask(executionArn, command, replyTimeout);
    }

    @Override
    public CompletionStage<Reply> ask(
            String executionArn, Function<ReplyTo, ExecutionCommand> command, Duration patience) {
        return expect(patience, expected -> {
            send(topics.commands(), executionArn, command.apply(expected.to()), expected);
            return expected.reply();
        });
    }

    @Override
    public CompletionStage<Reply> askRegistry(Function<ReplyTo, RegistryCommand> command) {
        return expect(replyTimeout, expected -> {
            var asked = command.apply(expected.to());
            send(topics.registryCommands(), asked.resourceArn(), asked, expected);
            return expected.reply().thenCompose(reply -> whenVisible(asked, reply));
        });
    }

    private CompletionStage<Reply> whenVisible(RegistryCommand asked, Reply reply) {
        if (!(reply instanceof Reply.Registered registered)
                || registered.position().isEmpty()) {
            return CompletableFuture.completedFuture(reply);
        }
        var deleted = deletes(asked) ? Optional.of(asked.resourceArn()) : Optional.<String>empty();
        var visible = registry.applied(registered.position().getAsLong(), deleted);
        var timer = timers.schedule(
                () -> callers.execute(() -> visible.completeExceptionally(new UnknownFateException(
                        "Expected " + asked.resourceArn() + " to show in the registry within " + replyTimeout))),
                replyTimeout.toMillis(),
                TimeUnit.MILLISECONDS);
        return visible.whenComplete((done, failure) -> timer.cancel(false)).thenApply(done -> reply);
    }

    /** Whether nothing is left that could show the command's offset. */
    private static boolean deletes(RegistryCommand asked) {
        return asked instanceof RegistryCommand.DeleteActivity
                || asked instanceof RegistryCommand.DeleteVersion
                || asked instanceof RegistryCommand.DeleteAlias
                || asked instanceof RegistryCommand.FinishDeletion;
    }

    private CompletionStage<Reply> expect(Duration patience, Function<ExpectedReply, CompletionStage<Reply>> ask) {
        ExpectedReply expected;
        try {
            expected = replies.expect(patience);
        } catch (UnknownFateException e) {
            return CompletableFuture.failedFuture(e);
        }
        return ask.apply(expected);
    }

    private void send(String topic, String key, Object command, ExpectedReply expected) {
        sender.send(topic, key, command, expected.reply()::completeExceptionally);
    }

    @Override
    public ActivityPoll poll(String activityArn, Optional<String> workerName, Duration hold) {
        return polls.open(activityArn, workerName, hold);
    }

    private void unclaimed(String correlationId, Reply reply) {
        if (reply instanceof Reply.TaskAssigned task) {
            polls.assigned(task);
        } else if (reply instanceof Reply.PollsForgotten forgotten) {
            polls.forgotten(forgotten);
        } else if (reply instanceof Reply.Rejected rejected) {
            polls.rejected(correlationId, rejected);
        } else {
            LOG.debug("Reply {} came too late or twice", correlationId);
        }
    }

    /** Tells all workers that wait that there is no task, and sends back what is not yet on the wire. */
    public void endPolls() {
        polls.close();
    }

    /** Ends all polls, tells who still waits for a reply that none will come, and waits a moment for what is being sent. */
    @Override
    public void close() {
        endPolls();
        for (var closeable : closeables) {
            try {
                closeable.close();
            } catch (Exception e) {
                LOG.warn("Expected to close cleanly, but {}", e.toString());
            }
        }
        timers.shutdownNow();
    }
}
