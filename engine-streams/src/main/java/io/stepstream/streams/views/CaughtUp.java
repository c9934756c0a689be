package io.stepstream.streams.views;

import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Waits until the views of a partition show all that was in its {@code commands} when the question was asked:
 *
 * <ol>
 *   <li>where {@code commands} ends now;
 *   <li>the engine's group has committed that, and with it, in one transaction, what follows from it;
 *   <li>where {@code executions} ends after that;
 *   <li>this process has applied it.
 * </ol>
 *
 * <p>However many ask, one round runs per partition: who comes while it runs shares the next.
 */
final class CaughtUp {

    private static final Duration ENGINE_RECHECK = Duration.ofMillis(20);
    private static final Duration VIEW_RECHECK = Duration.ofMillis(2);

    /** The round that runs, and the one that those wait for who came after its start. */
    private static final class Rounds {
        @Nullable
        CompletableFuture<Void> running;

        @Nullable
        CompletableFuture<Void> next;
    }

    private final LogOffsets offsets;
    private final Topics topics;
    private final String engineGroup;
    private final Progress progress;
    private final ScheduledExecutorService scheduler;
    private final Duration patience;
    private final Map<Integer, Rounds> rounds = new ConcurrentHashMap<>();

    /** @param patience how long a round may take before it fails with a TimeoutException */
    CaughtUp(
            LogOffsets offsets,
            Topics topics,
            String engineGroup,
            Progress progress,
            ScheduledExecutorService scheduler,
            Duration patience) {
        this.offsets = offsets;
        this.topics = topics;
        this.engineGroup = engineGroup;
        this.progress = progress;
        this.scheduler = scheduler;
        this.patience = patience;
    }

    /** The future is shared: the caller may derive others from it and must not complete it. */
    CompletableFuture<Void> now(int partition) {
        var own = rounds.computeIfAbsent(partition, p -> new Rounds());
        var mine = new CompletableFuture<Void>();
        synchronized (own) {
            if (own.running != null) {
                if (own.next == null) {
                    own.next = mine;
                }
                return own.next;
            }
            own.running = mine;
        }
        run(partition, own, mine);
        return mine;
    }

    private void run(int partition, Rounds own, CompletableFuture<Void> mine) {
        var unused = round(partition).whenComplete((done, failure) -> {
            CompletableFuture<Void> following;
            synchronized (own) {
                following = own.next;
                own.running = following;
                own.next = null;
            }
            if (following != null) {
                run(partition, own, following);
            }
            if (failure != null) {
                mine.completeExceptionally(failure);
            } else {
                mine.complete(null);
            }
        });
    }

    private CompletableFuture<Void> round(int partition) {
        long deadline = System.nanoTime() + patience.toNanos();
        var commands = new TopicPartition(topics.commands(), partition);
        var executions = new TopicPartition(topics.executions(), partition);
        return CompletableFuture.completedFuture(commands)
                .thenComposeAsync(offsets::end, scheduler)
                .thenCompose(end -> engineCommitted(commands, end, deadline))
                .thenCompose(done -> offsets.end(executions))
                .thenCompose(end -> applied(partition, end, deadline));
    }

    private CompletableFuture<Void> engineCommitted(TopicPartition commands, long end, long deadline) {
        if (end == 0) {
            return CompletableFuture.completedFuture(null);
        }
        return offsets.committed(engineGroup, commands)
                .thenCompose(committed -> committed >= end
                        ? CompletableFuture.completedFuture(null)
                        : later(ENGINE_RECHECK, deadline, "the engine to commit offset " + end + " of " + commands)
                                .thenCompose(any -> engineCommitted(commands, end, deadline)));
    }

    private CompletableFuture<Void> applied(int partition, long end, long deadline) {
        if (progress.reached(partition, end)) {
            return CompletableFuture.completedFuture(null);
        }
        return later(
                        VIEW_RECHECK,
                        deadline,
                        "the views to reach offset " + end + " of " + topics.executions() + "-" + partition)
                .thenCompose(any -> applied(partition, end, deadline));
    }

    private CompletableFuture<Void> later(Duration delay, long deadline, String expected) {
        if (System.nanoTime() - deadline > 0) {
            return CompletableFuture.failedFuture(
                    new TimeoutException("Expected " + expected + ", but it took longer than " + patience));
        }
        var later = new CompletableFuture<Void>();
        var unused = scheduler.schedule(() -> later.complete(null), delay.toNanos(), TimeUnit.NANOSECONDS);
        return later;
    }
}
