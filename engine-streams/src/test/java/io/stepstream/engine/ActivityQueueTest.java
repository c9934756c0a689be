package io.stepstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.command.ActivityCommand;
import io.stepstream.schemas.command.ActivityCommand.LeaseExpired;
import io.stepstream.schemas.command.ActivityCommand.PollCancelled;
import io.stepstream.schemas.command.ActivityCommand.PollRequested;
import io.stepstream.schemas.command.ActivityCommand.TaskDelivered;
import io.stepstream.schemas.command.ActivityCommand.TaskOffered;
import io.stepstream.schemas.command.ActivityCommand.TaskReturned;
import io.stepstream.schemas.command.ActivityCommand.TaskWithdrawn;
import io.stepstream.schemas.command.ExecutionCommand.ActivityStarted;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.command.TaskRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActivityQueueTest {

    private static final String ARN = "arn:aws:states:us-east-1:123456789012:activity:ship";
    private static final String EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:order:e";
    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);
    private static final Duration LEASE = Duration.ofSeconds(5);

    private final Bench bench = new Bench();

    @Test
    void aTaskWaitsForAPoll() {
        assertThat(bench.offer(1)).isEmpty();

        var assigned = bench.assigned(bench.poll("a"));

        assertThat(assigned.input()).isEqualTo("{\"task\":1}");
        assertThat(assigned.pollId()).isEqualTo("a");
    }

    @Test
    void aPollWaitsForATask() {
        assertThat(bench.poll("a")).isEmpty();

        assertThat(bench.assigned(bench.offer(1)).pollId()).isEqualTo("a");
    }

    @Test
    void tasksAreHandedOutInTheOrderInWhichTheyCame() {
        LongStream.range(0, 20).forEach(bench::offer);

        var inputs = IntStream.range(0, 20)
                .mapToObj(i -> bench.assigned(bench.poll("p" + i)).input())
                .toList();

        assertThat(inputs)
                .containsExactlyElementsOf(LongStream.range(0, 20)
                        .mapToObj(i -> "{\"task\":" + i + "}")
                        .toList());
    }

    @Test
    void pollsAreServedInTheOrderInWhichTheyCame() {
        bench.poll("a");
        bench.poll("b");

        assertThat(bench.assigned(bench.offer(1)).pollId()).isEqualTo("a");
        assertThat(bench.assigned(bench.offer(2)).pollId()).isEqualTo("b");
    }

    @Test
    void theTokenLeadsBackToTheTaskAndNamesTheWorker() {
        bench.offer(7);

        var token = TaskToken.verify(bench.assigned(bench.poll("a")).taskToken(), SECRET);

        assertThat(token).hasValue(new TaskToken(EXECUTION, new TaskRef(7, 0, 1), 1, Optional.of("worker-a")));
    }

    @Test
    void aConfirmedDeliveryTellsTheExecution() {
        bench.offer(1);
        var assigned = bench.assigned(bench.poll("a"));

        var effects = bench.decide(new TaskDelivered(ARN, assigned.taskId(), assigned.delivery()));

        assertThat(effects)
                .containsExactly(new Effect.ToExecution(
                        EXECUTION, new ActivityStarted(EXECUTION, new TaskRef(1, 0, 1), Optional.of("worker-a"), 1)));
        assertThat(bench.rows.setTimers()).isEmpty();
        assertThat(bench.rows.contents()).isEmpty();
    }

    @Test
    void aSecondConfirmationChangesNothing() {
        bench.offer(1);
        var assigned = bench.assigned(bench.poll("a"));
        bench.decide(new TaskDelivered(ARN, assigned.taskId(), assigned.delivery()));

        assertThat(bench.decide(new TaskDelivered(ARN, assigned.taskId(), assigned.delivery())))
                .isEmpty();
    }

    @Test
    void aReturnedTaskGoesToTheHeadOfTheQueue() {
        bench.offer(1);
        bench.offer(2);
        var assigned = bench.assigned(bench.poll("a"));

        bench.decide(new TaskReturned(ARN, assigned.taskId(), assigned.delivery()));

        var again = bench.assigned(bench.poll("b"));
        assertThat(again.taskId()).isEqualTo(assigned.taskId());
        assertThat(again.delivery()).isEqualTo(2);
    }

    @Test
    void aStaleConfirmationOfAnEarlierDeliveryChangesNothing() {
        bench.offer(1);
        var first = bench.assigned(bench.poll("a"));
        bench.decide(new TaskReturned(ARN, first.taskId(), first.delivery()));
        bench.poll("b");
        var before = bench.rows.contents();

        assertThat(bench.decide(new TaskDelivered(ARN, first.taskId(), first.delivery())))
                .isEmpty();
        assertThat(bench.rows.contents()).isEqualTo(before);
    }

    @Test
    void aLeaseThatRunsOutHandsTheTaskToTheNextGatewayAndForgetsThePollsOfTheFirst() {
        bench.decide(poll("a", "gateway-1"));
        bench.decide(poll("b", "gateway-1"));
        bench.decide(poll("c", "gateway-2"));
        bench.offer(1);
        bench.passes(LEASE);

        var effects = bench.timersFire();

        assertThat(effects)
                .contains(new Effect.SendReply(new ReplyTo(3, "b"), new Reply.PollsForgotten(ARN, List.of("b"))));
        assertThat(bench.assigned(effects).pollId()).isEqualTo("c");
        assertThat(bench.assigned(bench.offerAfter("b")).pollId()).isEqualTo("b");
    }

    @Test
    void aLeaseTimerThatComesTooEarlyChangesNothingAndIsSetAgain() {
        bench.offer(1);
        var assigned = bench.assigned(bench.poll("a"));
        var timer = bench.rows.setTimers();

        var effects =
                bench.decide(new LeaseExpired(ARN, assigned.taskId(), assigned.delivery(), bench.now.plus(LEASE)));

        assertThat(effects).isEmpty();
        assertThat(bench.rows.setTimers()).isEqualTo(timer);
    }

    @Test
    void aLeaseTimerOfAConfirmedDeliveryChangesNothing() {
        bench.offer(1);
        var assigned = bench.assigned(bench.poll("a"));
        var due = bench.now.plus(LEASE);
        bench.decide(new TaskDelivered(ARN, assigned.taskId(), assigned.delivery()));
        bench.passes(LEASE);

        assertThat(bench.decide(new LeaseExpired(ARN, assigned.taskId(), assigned.delivery(), due)))
                .isEmpty();
        assertThat(bench.rows.contents()).isEmpty();
    }

    @Test
    void aWithdrawnTaskIsNotHandedOut() {
        bench.offer(1);
        bench.offer(2);
        bench.decide(new TaskWithdrawn(ARN, EXECUTION, new TaskRef(1, 0, 1)));

        assertThat(bench.assigned(bench.poll("a")).input()).isEqualTo("{\"task\":2}");
    }

    @Test
    void aTaskWithdrawnOnItsWayToAWorkerIsForgotten() {
        bench.offer(1);
        bench.poll("a");

        bench.decide(new TaskWithdrawn(ARN, EXECUTION, new TaskRef(1, 0, 1)));

        assertThat(bench.rows.contents()).isEmpty();
        assertThat(bench.rows.setTimers()).isEmpty();
    }

    @Test
    void aCancelledPollGetsNoTask() {
        bench.poll("a");
        bench.poll("b");
        bench.decide(new PollCancelled(ARN, "a"));

        assertThat(bench.assigned(bench.offer(1)).pollId()).isEqualTo("b");
    }

    @Test
    void aPollThatHasRunOutGetsNoTask() {
        bench.poll("a");
        bench.passes(Duration.ofSeconds(61));
        bench.poll("b");

        assertThat(bench.assigned(bench.offer(1)).pollId()).isEqualTo("b");
    }

    @Test
    void aPollThatIsRegisteredTwiceGetsOneTask() {
        bench.poll("a");
        bench.poll("a");
        bench.offer(1);

        assertThat(bench.offer(2)).isEmpty();
    }

    @Test
    void onePollMoreThanTheQuotaIsRefused() {
        IntStream.range(0, ActivityQueue.MAX_POLLERS).forEach(i -> bench.poll("p" + i));

        var refusal = (Effect.SendReply) bench.poll("one more").get(0);

        assertThat(refusal.reply())
                .isInstanceOfSatisfying(
                        Reply.Rejected.class,
                        rejected -> assertThat(rejected.error()).isEqualTo("ActivityWorkerLimitExceeded"));
    }

    @Test
    void pollsThatHaveRunOutDoNotCountAgainstTheQuota() {
        IntStream.range(0, ActivityQueue.MAX_POLLERS).forEach(i -> bench.poll("p" + i));
        bench.passes(Duration.ofSeconds(61));

        assertThat(bench.poll("one more")).isEmpty();
    }

    @Test
    void activitiesDoNotShareTheirQueues() {
        bench.offer(1);

        assertThat(bench.decide(new PollRequested(
                        ARN + "2", "gateway-1", Optional.empty(), bench.now.plusSeconds(60), new ReplyTo(3, "x"))))
                .isEmpty();
    }

    static List<Long> seeds() {
        return LongStream.range(0, 100).boxed().toList();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyTaskIsConfirmedOnceOrWithdrawnWhateverHappensOnTheWay(long seed) {
        var random = new Random(seed);
        var offered = new HashSet<Long>();
        var withdrawn = new HashSet<Long>();
        var started = new HashMap<Long, Integer>();
        var inHand = new ArrayList<Reply.TaskAssigned>();
        long next = 0;
        for (int step = 0; step < 400; step++) {
            List<Effect> effects;
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    offered.add(next);
                    effects = bench.offer(next++);
                }
                case 2, 3 -> effects = bench.decide(poll("p" + step, "gateway-" + random.nextInt(3)));
                case 4 -> {
                    long task = random.nextInt(20) + next - 20;
                    if (offered.contains(task) && !started.containsKey(task)) {
                        withdrawn.add(task);
                        effects = bench.decide(new TaskWithdrawn(ARN, EXECUTION, new TaskRef(task, 0, 1)));
                    } else {
                        effects = List.of();
                    }
                }
                case 5 -> {
                    bench.passes(Duration.ofSeconds(random.nextInt(4)));
                    effects = bench.timersFire();
                }
                default -> {
                    if (inHand.isEmpty()) {
                        effects = List.of();
                    } else {
                        var task = inHand.remove(random.nextInt(inHand.size()));
                        effects = bench.decide(
                                random.nextInt(3) == 0
                                        ? new TaskReturned(ARN, task.taskId(), task.delivery())
                                        : new TaskDelivered(ARN, task.taskId(), task.delivery()));
                    }
                }
            }
            collect(effects, inHand, started);
        }
        // all gateways live on: whatever is left gets through
        for (int round = 0;
                round < 2_000
                        && started.size() + withdrawn.size()
                                < offered.size() + startedAndThenWithdrawn(withdrawn, started);
                round++) {
            bench.passes(Duration.ofSeconds(6));
            collect(bench.timersFire(), inHand, started);
            collect(bench.decide(poll("last" + round, "gateway-9")), inHand, started);
            for (var task : List.copyOf(inHand)) {
                collect(bench.decide(new TaskDelivered(ARN, task.taskId(), task.delivery())), inHand, started);
            }
            inHand.clear();
        }
        var open = new HashSet<>(offered);
        open.removeAll(withdrawn);
        open.removeAll(started.keySet());
        assertThat(open).isEmpty();
        assertThat(started.values()).allMatch(times -> times == 1);
    }

    private static int startedAndThenWithdrawn(Set<Long> withdrawn, Map<Long, Integer> started) {
        var both = new HashSet<>(withdrawn);
        both.retainAll(started.keySet());
        return both.size();
    }

    private static void collect(List<Effect> effects, List<Reply.TaskAssigned> inHand, Map<Long, Integer> started) {
        for (var effect : effects) {
            if (effect instanceof Effect.SendReply reply && reply.reply() instanceof Reply.TaskAssigned task) {
                inHand.add(task);
            } else if (effect instanceof Effect.ToExecution told && told.command() instanceof ActivityStarted start) {
                started.merge(start.task().startOffset(), 1, Integer::sum);
            }
        }
    }

    private static PollRequested poll(String id, String gateway) {
        return new PollRequested(
                ARN, gateway, Optional.of("worker-" + id), Instant.parse("2100-01-01T00:00:00Z"), new ReplyTo(3, id));
    }

    /** A queue, its rows and a clock that is moved by hand. */
    private static final class Bench {

        private final ActivityQueue queue = new ActivityQueue(SECRET, LEASE);
        private final MemoryRows<ActivityCommand> rows = new MemoryRows<>();
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");
        private long offset;

        List<Effect> decide(ActivityCommand command) {
            var moment = new Moment(now, 0, offset, new Entropy(SECRET, "activity-tasks", 0, offset++));
            if (offset % 16 > 8) {
                return queue.decide(command.activityArn(), command, moment, rows)
                        .effects();
            }
            var before = rows.copy();
            var decision = queue.decide(command.activityArn(), command, moment, rows);
            assertThat(queue.decide(command.activityArn(), command, moment, before))
                    .as("deciding twice")
                    .isEqualTo(decision);
            assertThat(before.contents()).isEqualTo(rows.contents());
            return decision.effects();
        }

        List<Effect> offer(long number) {
            return decide(new TaskOffered(
                    ARN, EXECUTION, new TaskRef(number, 0, 1), "{\"task\":" + number + "}", Optional.empty()));
        }

        /** An offer once the poll has been registered anew. */
        List<Effect> offerAfter(String pollId) {
            poll(pollId);
            return offer(99);
        }

        List<Effect> poll(String id) {
            return decide(new PollRequested(
                    ARN, "gateway-1", Optional.of("worker-" + id), now.plusSeconds(60), new ReplyTo(3, id)));
        }

        Reply.TaskAssigned assigned(List<Effect> effects) {
            return effects.stream()
                    .map(effect -> ((Effect.SendReply) effect).reply())
                    .filter(Reply.TaskAssigned.class::isInstance)
                    .map(Reply.TaskAssigned.class::cast)
                    .findFirst()
                    .orElseThrow();
        }

        void passes(Duration time) {
            now = now.plus(time);
        }

        List<Effect> timersFire() {
            var effects = new ArrayList<Effect>();
            for (var timer : rows.setTimers()) {
                if (!timer.due().isAfter(now)) {
                    effects.addAll(decide(timer.command()));
                }
            }
            return effects;
        }
    }
}
