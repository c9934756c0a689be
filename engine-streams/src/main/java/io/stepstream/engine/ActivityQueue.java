package io.stepstream.engine;

import io.stepstream.engine.ActivityRows.Lease;
import io.stepstream.engine.ActivityRows.Offer;
import io.stepstream.engine.ActivityRows.Poll;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.command.ActivityCommand;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings the tasks of an activity and the workers that poll for them together, first come, first served on both sides.
 *
 * <p>A task is queued, then leased to the gateway that holds the poll, then (once that gateway says that the response is
 * written) its execution's own matter. A lease that nobody confirms runs out: the task goes back to the head of the queue,
 * and the polls of that gateway incarnation are forgotten, since it may be gone; if it is not, it registers them again.
 */
public final class ActivityQueue implements Decider<ActivityCommand> {

    /** The store of this decider. */
    public static final String TABLE = "activities";

    /** AWS's quota of workers that wait on one activity at a time. */
    public static final int MAX_POLLERS = 1_000;

    private final byte[] tokenSecret;
    private final Duration lease;

    /** {@code lease} is how long a gateway has to confirm that a task was delivered. */
    public ActivityQueue(byte[] tokenSecret, Duration lease) {
        this.tokenSecret = tokenSecret.clone();
        this.lease = lease;
    }

    @Override
    public Decision decide(String key, ActivityCommand command, Moment moment, Rows<ActivityCommand> rows) {
        return command.match(
                new Step(new ActivityRows(rows.table(TABLE), command.activityArn()), moment, rows.timers()));
    }

    @Override
    public Decision failed(
            String key, ActivityCommand command, Moment moment, Rows<ActivityCommand> rows, IllegalStateException bug) {
        if (command instanceof ActivityCommand.PollRequested poll) {
            return Decision.of(new Effect.SendReply(
                    poll.replyTo(), new Reply.Rejected("InternalFailure", "The poll could not be registered.")));
        }
        return Decision.NOTHING;
    }

    private static String leaseTimer(String taskId, long delivery) {
        return taskId + Key.SEPARATOR + delivery;
    }

    /** One decision. */
    private final class Step implements ActivityCommand.Cases<Decision> {

        private final ActivityRows rows;
        private final Moment moment;
        private final Timers<ActivityCommand> timers;
        private final List<Effect> effects = new ArrayList<>();

        Step(ActivityRows rows, Moment moment, Timers<ActivityCommand> timers) {
            this.rows = rows;
            this.moment = moment;
            this.timers = timers;
        }

        @Override
        public Decision taskOffered(ActivityCommand.TaskOffered command) {
            var offer = new Offer(command.executionArn(), command.task(), command.input(), command.traceHeader(), 0);
            rows.takeFirstPoll(moment.now())
                    .ifPresentOrElse(poll -> assign(offer, poll), () -> rows.enqueueLast(offer));
            return decision();
        }

        @Override
        public Decision taskWithdrawn(ActivityCommand.TaskWithdrawn command) {
            var taskId = Offer.id(command.executionArn(), command.task());
            rows.removeOffer(taskId);
            rows.lease(taskId).ifPresent(lease -> end(taskId, lease));
            return Decision.NOTHING;
        }

        @Override
        public Decision pollRequested(ActivityCommand.PollRequested command) {
            if (!command.expires().isAfter(moment.now())
                    || rows.hasPoll(command.replyTo().correlationId())) {
                return Decision.NOTHING; // its gateway has answered already, or says it twice
            }
            var poll = new Poll(command.gateway(), command.workerName(), command.expires(), command.replyTo());
            var waiting = rows.firstOffer();
            if (waiting.isPresent()) {
                rows.removeOffer(waiting.get().id());
                assign(waiting.get(), poll);
                return decision();
            }
            if (rows.polls() >= MAX_POLLERS) {
                rows.forgetPolls(other -> !other.expires().isAfter(moment.now()));
            }
            if (rows.polls() >= MAX_POLLERS) {
                return Decision.of(new Effect.SendReply(
                        command.replyTo(),
                        new Reply.Rejected(
                                "ActivityWorkerLimitExceeded",
                                "The maximum number of workers concurrently polling for activity tasks has been reached: "
                                        + MAX_POLLERS)));
            }
            rows.addPoll(poll);
            return decision();
        }

        @Override
        public Decision pollCancelled(ActivityCommand.PollCancelled command) {
            rows.removePoll(command.pollId());
            return Decision.NOTHING;
        }

        @Override
        public Decision taskDelivered(ActivityCommand.TaskDelivered command) {
            var current = current(command.taskId(), command.delivery());
            if (current.isEmpty()) {
                return Decision.NOTHING;
            }
            var lease = current.get();
            end(command.taskId(), lease);
            var offer = lease.offer();
            return Decision.of(new Effect.ToExecution(
                    offer.executionArn(),
                    new ExecutionCommand.ActivityStarted(
                            offer.executionArn(), offer.task(), lease.workerName(), offer.delivery())));
        }

        @Override
        public Decision taskReturned(ActivityCommand.TaskReturned command) {
            current(command.taskId(), command.delivery()).ifPresent(lease -> {
                end(command.taskId(), lease);
                handOutAgain(lease.offer());
            });
            return decision();
        }

        @Override
        public Decision leaseExpired(ActivityCommand.LeaseExpired command) {
            var timer = leaseTimer(command.taskId(), command.delivery());
            var current = current(command.taskId(), command.delivery());
            if (current.isEmpty()) {
                timers.cancel(command.due(), command.activityArn(), timer);
                return Decision.NOTHING;
            }
            if (command.due().isAfter(moment.now())) {
                timers.set(command.due(), command.activityArn(), timer, command);
                return Decision.NOTHING;
            }
            var lease = current.get();
            end(command.taskId(), lease);
            for (var poll : rows.forgetPolls(other -> other.gateway().equals(lease.gateway()))) {
                effects.add(new Effect.SendReply(
                        poll.replyTo(),
                        new Reply.PollsForgotten(
                                command.activityArn(), List.of(poll.replyTo().correlationId()))));
            }
            handOutAgain(lease.offer());
            return decision();
        }

        private void handOutAgain(Offer offer) {
            rows.takeFirstPoll(moment.now())
                    .ifPresentOrElse(poll -> assign(offer, poll), () -> rows.enqueueFirst(offer));
        }

        /** The lease that this hand-out of the task still has. */
        private Optional<Lease> current(String taskId, long delivery) {
            return rows.lease(taskId).filter(lease -> lease.offer().delivery() == delivery);
        }

        private void end(String taskId, Lease lease) {
            rows.removeLease(taskId);
            timers.cancel(
                    lease.due(),
                    rows.activityArn(),
                    leaseTimer(taskId, lease.offer().delivery()));
        }

        private Decision decision() {
            return Decision.of(effects.toArray(Effect[]::new));
        }

        /** Never does a task wait while a poll does: whichever comes second finds the first. */
        private void assign(Offer waiting, Poll poll) {
            var offer = waiting.delivered();
            var due = moment.now().plus(lease);
            rows.addLease(new Lease(offer, poll.gateway(), poll.workerName(), due));
            timers.set(
                    due,
                    rows.activityArn(),
                    leaseTimer(offer.id(), offer.delivery()),
                    new ActivityCommand.LeaseExpired(rows.activityArn(), offer.id(), offer.delivery(), due));
            var token = new TaskToken(offer.executionArn(), offer.task(), offer.delivery(), poll.workerName());
            effects.add(new Effect.SendReply(
                    poll.replyTo(),
                    new Reply.TaskAssigned(
                            rows.activityArn(),
                            poll.replyTo().correlationId(),
                            token.sign(tokenSecret),
                            offer.input(),
                            offer.delivery(),
                            offer.id())));
        }
    }
}
