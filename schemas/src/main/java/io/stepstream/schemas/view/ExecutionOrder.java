package io.stepstream.schemas.view;

import io.stepstream.schemas.event.ExecutionStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;

/**
 * The order in which executions are listed: start date descending, then ARN by its UTF-8 bytes, as the stores have it. Each
 * partition answers in this order, and whoever asks several merges with it.
 */
public final class ExecutionOrder {

    /** Newest first. */
    public static final Comparator<ExecutionStatus> NEWEST_FIRST =
            (left, right) -> compare(left.startDate(), left.executionArn(), right.startDate(), right.executionArn());

    private ExecutionOrder() {}

    private static int compare(Instant leftStart, String leftArn, Instant rightStart, String rightArn) {
        int byStart = rightStart.compareTo(leftStart);
        return byStart != 0
                ? byStart
                : Arrays.compareUnsigned(
                        leftArn.getBytes(StandardCharsets.UTF_8), rightArn.getBytes(StandardCharsets.UTF_8));
    }

    /** One page of at most {@code limit} out of pages that answer the same query for disjoint partitions. */
    public static Views.ExecutionPage merge(Collection<Views.ExecutionPage> pages, int limit) {
        var all = new ArrayList<ExecutionStatus>();
        boolean more = false;
        for (var page : pages) {
            all.addAll(page.executions());
            more |= page.more();
        }
        all.sort(NEWEST_FIRST);
        return all.size() <= limit
                ? new Views.ExecutionPage(all, more)
                : new Views.ExecutionPage(all.subList(0, limit), true);
    }
}
