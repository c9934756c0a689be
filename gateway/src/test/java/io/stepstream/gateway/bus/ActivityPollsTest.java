package io.stepstream.gateway.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.command.ActivityCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ActivityPollsTest {

    private static final String ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:charge";
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final List<Object> sent = new ArrayList<>();
    private Optional<UnknownFateException> broken = Optional.empty();
    private final AtomicInteger ids = new AtomicInteger();
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
    private final ActivityPolls polls = new ActivityPolls(
            "gateway-1",
            "activity-tasks",
            (topic, key, command, failed) -> {
                sent.add(command);
                broken.ifPresent(failed);
            },
            () -> new ReplyTo(2, "gateway-1-" + ids.incrementAndGet()),
            InstantSource.fixed(NOW),
            timers,
            Runnable::run);

    @AfterEach
    void stopTimers() {
        timers.shutdownNow();
    }

    private CommandBus.ActivityPoll open() {
        return polls.open(ACTIVITY, Optional.of("worker"), Duration.ofSeconds(60));
    }

    private static Reply.TaskAssigned task(String pollId, String taskId, long delivery) {
        return new Reply.TaskAssigned(ACTIVITY, pollId, "token", "{}", delivery, taskId);
    }

    private static ActivityCommand requested(String pollId) {
        return new ActivityCommand.PollRequested(
                ACTIVITY, "gateway-1", Optional.of("worker"), NOW.plusSeconds(60), new ReplyTo(2, pollId));
    }

    private static ActivityCommand returned(String taskId, long delivery) {
        return new ActivityCommand.TaskReturned(ACTIVITY, taskId, delivery);
    }

    @Test
    void aPollQueuesUpGetsItsTaskAndConfirmsIt() {
        var poll = open();
        var task = task("gateway-1-1", "t", 1);
        polls.assigned(task);
        assertThat(poll.task().toCompletableFuture().join()).contains(task);
        poll.delivered(task);
        assertThat(sent).containsExactly(requested("gateway-1-1"), new ActivityCommand.TaskDelivered(ACTIVITY, "t", 1));
        assertThat(polls.size()).isZero();
        assertThat(timers.getQueue()).allMatch(timer -> ((java.util.concurrent.Future<?>) timer).isCancelled());
    }

    @Test
    void aTaskThatWasAssignedTwiceIsHandedOutOnce() {
        var poll = open();
        var task = task("gateway-1-1", "t", 1);
        polls.assigned(task);
        polls.assigned(task);
        poll.delivered(task);
        assertThat(sent).doesNotContain(returned("t", 1)).hasSize(2);
    }

    @Test
    void aSecondTaskForOnePollGoesBack() {
        var poll = open();
        polls.assigned(task("gateway-1-1", "t", 1));
        polls.assigned(task("gateway-1-1", "other", 1));
        assertThat(poll.task().toCompletableFuture().join().orElseThrow().taskId())
                .isEqualTo("t");
        assertThat(sent).containsExactly(requested("gateway-1-1"), returned("other", 1));
    }

    @Test
    void aTaskForAWorkerWhoHasGoneGoesBack() {
        var poll = open();
        poll.cancel();
        polls.assigned(task("gateway-1-1", "t", 3));
        assertThat(poll.task().toCompletableFuture().join()).isEmpty();
        assertThat(sent)
                .containsExactly(
                        requested("gateway-1-1"),
                        new ActivityCommand.PollCancelled(ACTIVITY, "gateway-1-1"),
                        returned("t", 3));
    }

    @Test
    void aTaskThatCouldNotBeWrittenGoesBackOnce() {
        var poll = open();
        var task = task("gateway-1-1", "t", 1);
        polls.assigned(task);
        poll.returned(task);
        poll.returned(task);
        poll.delivered(task);
        assertThat(sent).containsExactly(requested("gateway-1-1"), returned("t", 1));
    }

    @Test
    void aPollThatNobodyServesEndsEmpty() {
        var poll = polls.open(ACTIVITY, Optional.of("worker"), Duration.ZERO);
        assertThat(poll.task()
                        .toCompletableFuture()
                        .orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                        .join())
                .isEmpty();
        assertThat(polls.size()).isZero();
    }

    @Test
    void forgottenPollsQueueUpAgainUnlessTheyAreOver() {
        open();
        open().cancel();
        open();
        polls.assigned(task("gateway-1-3", "t", 1));
        sent.clear();
        polls.forgotten(new Reply.PollsForgotten(
                ACTIVITY, List.of("gateway-1-1", "gateway-1-2", "gateway-1-3", "gateway-0-9")));
        assertThat(sent).containsExactly(requested("gateway-1-1"));
    }

    @Test
    void aPollThatTheQueueRefusesFailsWithTheApisError() {
        var poll = open();
        polls.rejected("gateway-1-1", new Reply.Rejected("ActivityWorkerLimitExceeded", "Too many"));
        assertThat(poll.task().toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ActivityWorkerLimitExceeded));
    }

    @Test
    void aPollThatCannotBeSentFails() {
        broken = Optional.of(new UnknownFateException("no broker"));
        var poll = open();
        assertThat(poll.task().toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(UnknownFateException.class);
        assertThat(polls.size()).isZero();
    }

    @Test
    void closingEndsEveryPoll() {
        var waiting = open();
        open();
        polls.assigned(task("gateway-1-2", "t", 1));
        sent.clear();
        polls.close();
        assertThat(waiting.task().toCompletableFuture().join()).isEmpty();
        assertThat(sent)
                .containsExactlyInAnyOrder(
                        new ActivityCommand.PollCancelled(ACTIVITY, "gateway-1-1"), returned("t", 1));
        assertThat(polls.size()).isZero();
    }
}
