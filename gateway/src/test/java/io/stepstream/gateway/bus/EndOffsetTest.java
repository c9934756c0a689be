package io.stepstream.gateway.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class EndOffsetTest {

    private final List<CompletableFuture<Long>> questions = new CopyOnWriteArrayList<>();
    private final EndOffset endOffset = new EndOffset(() -> {
        var question = new CompletableFuture<Long>();
        questions.add(question);
        return question;
    });

    @Test
    void whoeverAsksDuringAQuestionSharesTheNext() {
        var first = endOffset.asOfNow().toCompletableFuture();
        var later = new ArrayList<CompletableFuture<Long>>();
        for (int i = 0; i < 1_000; i++) {
            later.add(endOffset.asOfNow().toCompletableFuture());
        }
        questions.get(0).complete(5L);
        assertThat(first).isCompletedWithValue(5L);
        assertThat(later).noneMatch(CompletableFuture::isDone);
        Awaitility.await().until(() -> questions.size() == 2);
        questions.get(1).complete(6L);
        assertThat(later)
                .allSatisfy(one ->
                        assertThat(one).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(6L));
        assertThat(questions).hasSize(2);
    }

    @Test
    void aQuestionThatFailsIsAskedAnew() {
        var first = endOffset.asOfNow().toCompletableFuture();
        questions.get(0).completeExceptionally(new IllegalStateException("no broker"));
        assertThat(first).isCompletedExceptionally();
        var second = endOffset.asOfNow().toCompletableFuture();
        questions.get(1).complete(7L);
        assertThat(second).isCompletedWithValue(7L);
    }
}
