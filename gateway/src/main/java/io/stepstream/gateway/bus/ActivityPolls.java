package io.stepstream.gateway.bus;

import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.command.ActivityCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers that wait at this gateway, each with its place in the queue of an activity.
 *
 * <p>A poll is WAITING, then ASSIGNED a task, then over; or over without a task. It stays known until it is over, since the
 * queue may repeat an assignment; a task for a poll that is over goes straight back. None costs a thread.
 */
final class ActivityPolls {

    private static final Logger LOG = LoggerFactory.getLogger(ActivityPolls.class);

    private final String gateway;
    private final String topic;
    private final CommandSender sender;
    private final Supplier<ReplyTo> ids;
    private final InstantSource clock;
    private final ScheduledExecutorService timers;
    private final Executor callers;
    private final ConcurrentMap<String, Poll> polls = new ConcurrentHashMap<>();

    /**
     * @param gateway this gateway's incarnation
     * @param topic that activity commands go to
     * @param ids a new poll id, and where replies to it go
     */
    ActivityPolls(
            String gateway,
            String topic,
            CommandSender sender,
            Supplier<ReplyTo> ids,
            InstantSource clock,
            ScheduledExecutorService timers,
            Executor callers) {
        this.gateway = gateway;
        this.topic = topic;
        this.sender = sender;
        this.ids = ids;
        this.clock = clock;
        this.timers = timers;
        this.callers = callers;
    }

    CommandBus.ActivityPoll open(String activityArn, Optional<String> workerName, Duration hold) {
        var poll = new Poll(activityArn, workerName, clock.instant().plus(hold), ids.get());
        polls.put(poll.id(), poll);
        poll.hold = timers.schedule(() -> callers.execute(poll::expire), hold.toMillis(), TimeUnit.MILLISECONDS);
        poll.register();
        return poll;
    }

    /** A task for one of our polls, be it live or over. */
    void assigned(Reply.TaskAssigned task) {
        var poll = polls.get(task.pollId());
        if (poll == null) {
            giveBack(task);
        } else {
            poll.assign(task);
        }
    }

    /** The queue has lost sight of this gateway and dropped its polls: those that still wait queue up again. */
    void forgotten(Reply.PollsForgotten forgotten) {
        for (var pollId : forgotten.pollIds()) {
            var poll = polls.get(pollId);
            if (poll != null) {
                poll.register();
            }
        }
    }

    /** The queue does not take the poll. */
    void rejected(String pollId, Reply.Rejected rejected) {
        var poll = polls.get(pollId);
        if (poll != null) {
            var code = ErrorCode.named(rejected.error()).orElse(ErrorCode.InternalFailure);
            poll.fail(new ApiException(code, rejected.message()));
        }
    }

    int size() {
        return polls.size();
    }

    /** Ends all polls: workers that wait get no task, and tasks that are not yet on the wire go back. */
    void close() {
        polls.values().forEach(Poll::close);
    }

    private void giveBack(Reply.TaskAssigned task) {
        send(
                new ActivityCommand.TaskReturned(task.activityArn(), task.taskId(), task.delivery()),
                failure -> LOG.warn(
                        "Expected to give task {} back, but it waits for its lease to expire: {}",
                        task.taskId(),
                        failure.getMessage()));
    }

    private void send(ActivityCommand command, Consumer<UnknownFateException> failed) {
        sender.send(topic, command.activityArn(), command, failed);
    }

    private enum State {
        WAITING,
        ASSIGNED,
        OVER
    }

    /** Its monitor guards its state; commands are sent within, so that they leave in the order of the states. */
    private final class Poll implements CommandBus.ActivityPoll {

        private final String activityArn;
        private final Optional<String> workerName;
        private final Instant expires;
        private final ReplyTo replyTo;
        private final CompletableFuture<Optional<Reply.TaskAssigned>> task = new CompletableFuture<>();
        private volatile @Nullable Future<?> hold;
        private State state = State.WAITING;
        private Reply.@Nullable TaskAssigned assignment;

        Poll(String activityArn, Optional<String> workerName, Instant expires, ReplyTo replyTo) {
            this.activityArn = activityArn;
            this.workerName = workerName;
            this.expires = expires;
            this.replyTo = replyTo;
        }

        String id() {
            return replyTo.correlationId();
        }

        @Override
        public CompletionStage<Optional<Reply.TaskAssigned>> task() {
            return task;
        }

        synchronized void register() {
            if (state == State.WAITING) {
                send(
                        new ActivityCommand.PollRequested(activityArn, gateway, workerName, expires, replyTo),
                        failure -> callers.execute(() -> fail(failure)));
            }
        }

        void assign(Reply.TaskAssigned offered) {
            synchronized (this) {
                var before = assignment;
                if (before != null
                        && before.taskId().equals(offered.taskId())
                        && before.delivery() == offered.delivery()) {
                    return;
                }
                if (state != State.WAITING) {
                    giveBack(offered);
                    return;
                }
                state = State.ASSIGNED;
                assignment = offered;
            }
            stopHolding();
            if (!task.complete(Optional.of(offered))) {
                returned(offered);
            }
        }

        void expire() {
            if (leave()) {
                task.complete(Optional.empty());
            }
        }

        @Override
        public void cancel() {
            if (leave()) {
                task.complete(Optional.empty());
            }
        }

        /** Leaves the queue without a task; false when the poll has one or is over. */
        private synchronized boolean leave() {
            if (state != State.WAITING) {
                return false;
            }
            end();
            send(
                    new ActivityCommand.PollCancelled(activityArn, id()),
                    failure -> LOG.debug("Poll {} ends by its expiry alone: {}", id(), failure.getMessage()));
            return true;
        }

        private void fail(RuntimeException failure) {
            synchronized (this) {
                if (state != State.WAITING) {
                    return;
                }
                end();
            }
            task.completeExceptionally(failure);
        }

        @Override
        public synchronized void delivered(Reply.TaskAssigned written) {
            if (state != State.ASSIGNED) {
                return;
            }
            end();
            send(
                    new ActivityCommand.TaskDelivered(activityArn, written.taskId(), written.delivery()),
                    failure -> LOG.warn(
                            "Expected to confirm task {}, but it may be handed out again: {}",
                            written.taskId(),
                            failure.getMessage()));
        }

        @Override
        public synchronized void returned(Reply.TaskAssigned unwritten) {
            if (state != State.ASSIGNED) {
                return;
            }
            end();
            giveBack(unwritten);
        }

        void close() {
            Reply.@Nullable TaskAssigned unconfirmed;
            synchronized (this) {
                unconfirmed = state == State.ASSIGNED ? assignment : null;
            }
            if (unconfirmed != null) {
                returned(unconfirmed);
            } else {
                cancel();
            }
        }

        /** Called with the monitor held. */
        private void end() {
            state = State.OVER;
            polls.remove(id());
            stopHolding();
        }

        private void stopHolding() {
            var timer = hold;
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }
}
