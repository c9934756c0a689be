package io.stepstream.streams.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CaughtUpTest {

    private static final Topics TOPICS = Topics.embedded("test.");

    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    private final Progress progress = new Progress(scheduler);
    private final FakeBroker broker = new FakeBroker();

    CaughtUpTest() {
        progress.began(0);
    }

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    @Test
    void anEmptyLogIsCaughtUpAtOnce() throws Exception {
        progress.polled(0, 0, -1);
        caughtUp(Duration.ofSeconds(10)).now(0).get(10, TimeUnit.SECONDS);
    }

    @Test
    void itWaitsForTheEngineAndThenForTheViews() throws Exception {
        broker.ends(5, 7);
        var wait = caughtUp(Duration.ofSeconds(10)).now(0);
        broker.awaitQuestions("committed");
        assertThat(wait).isNotDone();
        assertThat(broker.questions("executions")).isZero();

        broker.commits(5);
        broker.awaitQuestions("executions");
        progress.polled(0, 6, 5);
        progress.applied(0, 5, "a");
        assertThat(wait).isNotDone();

        progress.polled(0, 7, -1); // the marker of the transaction
        wait.get(10, TimeUnit.SECONDS);
    }

    @Test
    void whoComesWhileARoundRunsSharesTheNext() throws Exception {
        broker.ends(5, 0);
        progress.polled(0, 0, -1);
        var caughtUp = caughtUp(Duration.ofSeconds(10));
        var first = caughtUp.now(0);
        broker.awaitQuestions("committed");
        var others = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 1_000; i++) {
            others.add(caughtUp.now(0));
        }
        broker.ends(6, 0);
        broker.commits(5);
        first.get(10, TimeUnit.SECONDS);
        assertThat(others).noneMatch(CompletableFuture::isDone); // they came when the log was longer, perhaps

        broker.commits(6);
        for (var other : others) {
            other.get(10, TimeUnit.SECONDS);
        }
        assertThat(broker.questions("commands")).isEqualTo(2);
    }

    @Test
    void anEngineThatDoesNotCommitIsNotWaitedForForEver() {
        broker.ends(5, 0);
        var caughtUp = caughtUp(Duration.ofMillis(50));
        assertThatThrownBy(() -> caughtUp.now(0).get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(TimeoutException.class);

        progress.polled(0, 0, -1);
        broker.commits(5);
        assertThat(caughtUp.now(0)).succeedsWithin(Duration.ofSeconds(10));
    }

    private CaughtUp caughtUp(Duration patience) {
        return new CaughtUp(broker, TOPICS, "engine", progress, scheduler, patience);
    }

    private static final class FakeBroker implements LogOffsets {

        private final List<String> questions = new ArrayList<>();
        private long commands;
        private long executions;
        private long committed = -1;

        synchronized void ends(long commands, long executions) {
            this.commands = commands;
            this.executions = executions;
        }

        synchronized void commits(long offset) {
            committed = offset;
        }

        synchronized long questions(String about) {
            return questions.stream().filter(about::equals).count();
        }

        synchronized void awaitQuestions(String about) throws InterruptedException {
            while (questions(about) == 0) {
                wait(10_000);
            }
        }

        @Override
        public synchronized CompletableFuture<Long> end(TopicPartition partition) {
            boolean ofCommands = partition.topic().equals(TOPICS.commands());
            asked(ofCommands ? "commands" : "executions");
            return CompletableFuture.completedFuture(ofCommands ? commands : executions);
        }

        @Override
        public synchronized CompletableFuture<Long> committed(String group, TopicPartition partition) {
            asked("committed");
            return CompletableFuture.completedFuture(committed);
        }

        private void asked(String about) {
            questions.add(about);
            notifyAll();
        }
    }
}
