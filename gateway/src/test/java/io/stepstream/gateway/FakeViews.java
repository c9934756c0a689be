package io.stepstream.gateway;

import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.view.Views;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/** Views in memory, always up to date unless {@link #onLook} says what changes with each look. */
public final class FakeViews implements Views {

    public static final Instant STARTED = Instant.parse("2026-11-01T00:00:00.001Z");

    private final Map<String, ExecutionStatus> executions = new ConcurrentHashMap<>();
    private final Map<String, List<HistoryEvent>> histories = new ConcurrentHashMap<>();
    private final Deque<ExecutionQuery> queries = new ConcurrentLinkedDeque<>();
    private volatile Runnable onLook = () -> {};
    private volatile Supplier<Closed> closed = () -> new Closed(false, 10);

    public static ExecutionStatus execution(String arn, Status status, Instant started) {
        boolean open = !status.isClosed();
        return new ExecutionStatus(
                arn,
                FakeRegistry.ACCOUNT + "stateMachine:m",
                arn.substring(arn.lastIndexOf(':') + 1),
                status,
                started,
                open ? Optional.empty() : Optional.of(started.plusSeconds(5)),
                "{\"in\":1}",
                status == Status.SUCCEEDED ? Optional.of("{\"out\":1}") : Optional.empty(),
                status == Status.FAILED || status == Status.TIMED_OUT ? Optional.of("E") : Optional.empty(),
                status == Status.FAILED ? Optional.of("because") : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                7,
                5,
                3);
    }

    public ExecutionQuery lastQuery() {
        return queries.getLast();
    }

    public void put(ExecutionStatus execution) {
        executions.put(execution.executionArn(), execution);
    }

    public void put(String executionArn, List<HistoryEvent> events) {
        histories.put(executionArn, List.copyOf(events));
    }

    public void onLook(Runnable onLook) {
        this.onLook = onLook;
    }

    public void closed(Supplier<Closed> closed) {
        this.closed = closed;
    }

    @Override
    public CompletionStage<Optional<ExecutionStatus>> execution(String executionArn) {
        onLook.run();
        return CompletableFuture.completedStage(Optional.ofNullable(executions.get(executionArn)));
    }

    @Override
    public CompletionStage<Closed> closed(String executionArn) {
        return CompletableFuture.completedStage(closed.get());
    }

    @Override
    public CompletionStage<ExecutionPage> executions(ExecutionQuery query) {
        queries.addLast(query);
        var order = Comparator.comparing(ExecutionStatus::startDate)
                .reversed()
                .thenComparing(ExecutionStatus::executionArn);
        var found = executions.values().stream()
                .filter(execution -> execution.stateMachineArn().equals(query.stateMachineArn()))
                .filter(execution -> query.status().isEmpty()
                        || execution.status() == query.status().get())
                .sorted(order)
                .filter(execution -> query.after().isEmpty()
                        || isAfter(execution, query.after().get()))
                .toList();
        int size = Math.min(query.limit(), found.size());
        return CompletableFuture.completedStage(new ExecutionPage(found.subList(0, size), found.size() > size));
    }

    private static boolean isAfter(ExecutionStatus execution, After after) {
        int byDate = after.startDate().compareTo(execution.startDate());
        return byDate > 0 || (byDate == 0 && execution.executionArn().compareTo(after.executionArn()) > 0);
    }

    @Override
    public CompletionStage<List<HistoryEvent>> history(HistoryQuery query) {
        var events = new ArrayList<>(histories.getOrDefault(query.executionArn(), List.of()));
        if (query.reverse()) {
            events.sort(Comparator.comparing(HistoryEvent::id).reversed());
        }
        return CompletableFuture.completedStage(events.stream()
                .filter(event -> query.reverse()
                        ? query.fromId() == 0 || event.id() <= query.fromId()
                        : event.id() >= query.fromId())
                .limit(query.limit())
                .toList());
    }
}
