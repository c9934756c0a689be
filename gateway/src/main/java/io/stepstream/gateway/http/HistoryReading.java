package io.stepstream.gateway.http;

import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.view.Views;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads one page of a history, in portions and up to a size: a thousand events can carry hundreds of megabytes, and a page may
 * always be shorter than asked for.
 */
final class HistoryReading {

    /** Characters of payload after which a page ends. */
    static final int MAX_CHARACTERS = 4 * 1024 * 1024;

    /** More than a default page, so that the usual request is one query. */
    private static final int PORTION = 128;

    private final Views views;
    private final String executionArn;
    private final boolean reverse;
    private final int wanted;
    private final List<HistoryEvent> read = new ArrayList<>();
    private long characters;

    HistoryReading(Views views, String executionArn, boolean reverse, int wanted) {
        this.views = views;
        this.executionArn = executionArn;
        this.reverse = reverse;
        this.wanted = wanted;
    }

    /** Some events, and the first of the next page if there is one. */
    record Page(List<HistoryEvent> events, Optional<HistoryEvent> next) {
        Page {
            events = List.copyOf(events);
        }
    }

    /** The page that begins with this event id; 0 means the newest if the order is reversed. */
    CompletionStage<Page> from(long id) {
        int limit = Math.min(PORTION, wanted + 1 - read.size());
        return views.history(new Views.HistoryQuery(executionArn, id, reverse, limit))
                .thenCompose(events -> {
                    for (var event : events) {
                        if (read.size() == wanted || (characters >= MAX_CHARACTERS && !read.isEmpty())) {
                            return CompletableFuture.completedStage(new Page(read, Optional.of(event)));
                        }
                        read.add(event);
                        characters += characters(event);
                    }
                    if (events.size() < limit) {
                        return CompletableFuture.completedStage(new Page(read, Optional.empty()));
                    }
                    long last = events.get(events.size() - 1).id();
                    // Descending, event 1 is the end, and 0 would mean the newest.
                    if (reverse && last == 1) {
                        return CompletableFuture.completedStage(new Page(read, Optional.empty()));
                    }
                    return from(reverse ? last - 1 : last + 1);
                });
    }

    private static long characters(HistoryEvent event) {
        long characters = 0;
        if (event.details().isPresent()) {
            for (var detail : event.details().get()) {
                characters += detail.isTextual() ? detail.textValue().length() : 0;
            }
        }
        return characters;
    }
}
