package io.stepstream.schemas.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.event.ExecutionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExecutionOrderTest {

    @Test
    void pagesOfPartitionsBecomeOne() {
        var merged = ExecutionOrder.merge(
                List.of(page(false, at("c", 5), at("a", 1)), page(false, at("d", 5), at("b", 3)), page(false)), 10);

        assertThat(names(merged)).containsExactly("c", "d", "b", "a");
        assertThat(merged.more()).isFalse();
    }

    @Test
    void whatDoesNotFitIsMore() {
        var merged = ExecutionOrder.merge(List.of(page(false, at("a", 1)), page(false, at("b", 2))), 1);

        assertThat(names(merged)).containsExactly("b");
        assertThat(merged.more()).isTrue();
    }

    @Test
    void moreInOnePartitionIsMoreInAll() {
        assertThat(ExecutionOrder.merge(List.of(page(true, at("a", 1)), page(false)), 1)
                        .more())
                .isTrue();
    }

    @Test
    void namesAreOrderedByTheirBytes() {
        // U+FFFD is below U+1F600 in UTF-8 and above its first half in UTF-16
        var merged = ExecutionOrder.merge(List.of(page(false, at("\uD83D\uDE00", 1)), page(false, at("\uFFFD", 1))), 2);

        assertThat(names(merged)).containsExactly("\uFFFD", "\uD83D\uDE00");
    }

    private static Views.ExecutionPage page(boolean more, ExecutionStatus... executions) {
        return new Views.ExecutionPage(List.of(executions), more);
    }

    private static List<String> names(Views.ExecutionPage page) {
        return page.executions().stream().map(ExecutionStatus::name).toList();
    }

    private static ExecutionStatus at(String name, int second) {
        return new ExecutionStatus(
                "arn:aws:states:eu-west-1:123456789012:execution:orders:" + name,
                "arn:aws:states:eu-west-1:123456789012:stateMachine:orders",
                name,
                ExecutionStatus.Status.RUNNING,
                Instant.ofEpochSecond(second),
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                1,
                1,
                1);
    }
}
