package io.stepstream.gateway.bus;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Questions for the end of a log, as few as will do: while one is on its way, all who ask share the next, which is sent no
 * sooner than a moment after. A caller who asks for things that do not exist, thousands of times a second, costs the broker
 * at most two hundred questions.
 */
final class EndOffset {

    private static final long SPACING_MILLIS = 5;

    private final Supplier<CompletionStage<Long>> question;
    private boolean underway;
    private @Nullable CompletableFuture<Long> next;

    EndOffset(Supplier<CompletionStage<Long>> question) {
        this.question = question;
    }

    /** The end as it is now or later: an answer to a question that was sent before does not count. */
    synchronized CompletionStage<Long> asOfNow() {
        if (underway) {
            if (next == null) {
                next = new CompletableFuture<>();
            }
            return next;
        }
        var answer = new CompletableFuture<Long>();
        underway = true;
        ask(answer);
        return answer;
    }

    private void ask(CompletableFuture<Long> answer) {
        question.get().whenComplete((end, failure) -> {
            goOn();
            if (failure == null) {
                answer.complete(end);
            } else {
                answer.completeExceptionally(failure);
            }
        });
    }

    private synchronized void goOn() {
        var waiting = next;
        next = null;
        if (waiting == null) {
            underway = false;
        } else {
            CompletableFuture.delayedExecutor(SPACING_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(() -> ask(waiting));
        }
    }
}
