package io.stepstream.asl.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.model.QueryLanguage;
import io.stepstream.asl.model.State;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Payload;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.event.HistoryEventType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Parallel and inline Map: starts children, collects what they bring, and ends them all when one fails.
 *
 * <p>A fan-out's children are numbered from 0. Only as many as may run at once exist as scopes; the items that wait and the
 * results that are there stand in pages, so that starting and ending a child touches its own row, the fan-out's, one page of
 * items and one of results, however many there are. Joining reads the pages of results once.
 */
final class BranchStep {

    private final Run run;

    BranchStep(Run run) {
        this.run = run;
    }

    /** What the end of a child means for the scope above it. */
    record ForParent(Scope parent, Outcome outcome) {}

    Outcome attempt(Scope scope, State.Parallel parallel) throws AslFailure {
        var flow = DataFlow.of(parallel.fields().queryLanguage());
        var raw = run.env(scope);
        var input = flow.arguments(raw.with(flow.select(raw, parallel.fields())), parallel.fields());
        if (run.tooLarge(input)) {
            return new Outcome.Failed(Failure.tooLarge(scope.state, true));
        }
        long started = run.history.add(scope.previousEventId, HistoryEventType.ParallelStateStarted);
        scope.previousEventId = started;
        int total = parallel.branches().size();
        var fanOut = open(scope, total, total);
        for (var branch : parallel.branches()) {
            startChild(fanOut, branch.startAt(), input, started);
        }
        return Outcome.WAITS;
    }

    Outcome attempt(Scope scope, State.MapState map) throws AslFailure {
        var raw = run.env(scope);
        var selected = raw.with(DataFlow.of(map.fields().queryLanguage()).select(raw, map.fields()));
        int concurrency = concurrency(map, selected);
        var items = items(map, selected);
        var details = History.details();
        details.put("length", items.size());
        long started = run.history.add(scope.previousEventId, HistoryEventType.MapStateStarted, details);
        scope.previousEventId = started;
        var fanOut = open(scope, items.size(), concurrency);
        if (items.isEmpty()) {
            return join(scope, fanOut);
        }
        store(fanOut, items);
        while (fanOut.mayStartAnother()) {
            var failure = startIteration(scope, map, fanOut, started);
            if (failure.isPresent()) {
                return failed(scope, fanOut, started, failure.get());
            }
        }
        return Outcome.WAITS;
    }

    private static JsonNode items(State.MapState map, Env selected) throws AslFailure {
        if (map.items().isPresent()) {
            var items = map.items().get().evaluate(selected);
            if (!items.isArray()) {
                throw map.items().get().unexpected(items, "array");
            }
            return items;
        }
        var items = map.itemsPath().read(selected);
        if (items.isArray()) {
            return items;
        }
        if (map.fields().queryLanguage() == QueryLanguage.JSONATA) {
            throw AslFailure.evaluation(
                    "Items", "Map state input must be an array but was: " + WholeNumber.text(items));
        }
        throw AslFailure.runtime("Reference path \"" + map.itemsPath() + "\" must point to array.");
    }

    private FanOut open(Scope scope, int total, int concurrency) {
        var fanOut = new FanOut(run.progress.nextScope++, scope.id, total, concurrency);
        run.memory.add(fanOut);
        scope.awaiting = Optional.of(new Awaiting.Children(fanOut.id));
        return fanOut;
    }

    private void store(FanOut fanOut, JsonNode items) {
        int pageEntries = run.limits.pageEntries();
        for (int from = 0; from < items.size(); from += pageEntries) {
            var page = new ArrayList<String>();
            for (int i = from; i < Math.min(items.size(), from + pageEntries); i++) {
                page.add(Json.text(items.get(i)));
            }
            run.memory.putItems(fanOut.id, from / pageEntries, page);
        }
    }

    private int concurrency(State.MapState map, Env selected) throws AslFailure {
        var count = map.maxConcurrency();
        long wish = count.literal().orElse(0);
        if (count.expression().isPresent()) {
            wish = WholeNumber.read(count.expression().get(), selected);
        }
        if (count.path().isPresent()) {
            var value = count.path().get().read(selected);
            long number = WholeNumber.of(value).orElse(-1);
            if (number < 0) {
                throw AslFailure.runtime("The MaxConcurrencyPath field refers to value \"" + WholeNumber.text(value)
                        + "\" which is not a valid integer: " + count.path().get());
            }
            wish = number;
        }
        return wish == 0 ? run.limits.mapConcurrency() : (int) Math.min(wish, run.limits.mapConcurrency());
    }

    /** Follows from the event {@code previous}; says why it could not be started, if so. */
    private Optional<Failure> startIteration(Scope scope, State.MapState map, FanOut fanOut, long previous) {
        int index = fanOut.next;
        int pageEntries = run.limits.pageEntries();
        var item =
                Payload.ofText(run.memory.items(fanOut.id, index / pageEntries).get(index % pageEntries));
        Payload input;
        try {
            input = iterationInput(scope, map, new ContextObject.Item(index, item));
        } catch (AslFailure failure) {
            return Optional.of(Failure.in(scope, failure));
        }
        if (run.tooLarge(input)) {
            return Optional.of(Failure.tooLarge(scope.state, true));
        }
        long started = run.history.add(previous, HistoryEventType.MapIterationStarted, iteration(scope.state, index));
        startChild(fanOut, map.processor().startAt(), input, started);
        return Optional.empty();
    }

    private Payload iterationInput(Scope scope, State.MapState map, ContextObject.Item item) throws AslFailure {
        if (map.itemTemplate().isPresent()) {
            var env = run.env(scope, run.memory.input(scope), Optional.of(item));
            return Payload.ofTree(map.itemTemplate().get().evaluate(env));
        }
        // ItemSelector went by the name Parameters once.
        var selector = map.itemSelector().or(() -> map.fields().parameters());
        if (selector.isEmpty()) {
            return item.value();
        }
        var raw = run.env(scope, run.memory.input(scope), Optional.of(item));
        var selected = DataFlow.of(map.fields().queryLanguage()).select(raw, map.fields());
        return Payload.ofTree(selector.get().evaluate(raw.with(selected)));
    }

    private void startChild(FanOut fanOut, String startAt, Payload input, long previous) {
        var child = new Scope(run.progress.nextScope++, fanOut.id, fanOut.next, startAt, input, previous);
        fanOut.running.add(new FanOut.Child(fanOut.next, child.id));
        fanOut.next++;
        run.memory.add(child);
        run.ready.addLast(child.id);
    }

    /** A child has reached its end. */
    ForParent succeeded(Scope child, Payload output) {
        var fanOut = run.memory.fanOut(child.fanOut);
        var parent = run.memory.scope(fanOut.parent);
        keep(fanOut, child.index, output.text());
        fanOut.running.removeIf(running -> running.scope() == child.id);
        fanOut.done++;
        run.variables.endWith(child);

        long last = child.previousEventId;
        long told = last;
        var state = run.state(parent);
        if (state instanceof State.MapState) {
            told = run.history.add(last, HistoryEventType.MapIterationSucceeded, iteration(parent.state, child.index));
        }
        if (fanOut.done == fanOut.total) {
            parent.previousEventId = told;
            return new ForParent(parent, join(parent, fanOut));
        }
        if (state instanceof State.MapState map && fanOut.mayStartAnother()) {
            // Not from MapIterationSucceeded: that one stands beside the chain.
            var failure = startIteration(parent, map, fanOut, last);
            if (failure.isPresent()) {
                return new ForParent(parent, failed(parent, fanOut, last, failure.get()));
            }
        }
        return new ForParent(parent, Outcome.WAITS);
    }

    /** Its children are there again, and none of them goes on for it: starts others, or brings together what there is. */
    Outcome resume(Scope scope, FanOut fanOut) {
        if (fanOut.done == fanOut.total) {
            return join(scope, fanOut);
        }
        while (fanOut.mayStartAnother() && run.state(scope) instanceof State.MapState map) {
            var failure = startIteration(scope, map, fanOut, scope.previousEventId);
            if (failure.isPresent()) {
                return failed(scope, fanOut, scope.previousEventId, failure.get());
            }
        }
        return Outcome.WAITS;
    }

    private void keep(FanOut fanOut, int index, String result) {
        fanOut.resultBytes += Run.utf8Length(result) + 1;
        if (fanOut.resultBytes > run.limits.payloadBytes()) {
            // It will be refused as too large when all is there, so nobody needs it any more.
            return;
        }
        int pageEntries = run.limits.pageEntries();
        var page = run.memory.results(fanOut.id, index / pageEntries);
        while (page.size() <= index % pageEntries) {
            page.add("");
        }
        page.set(index % pageEntries, result);
    }

    private Outcome join(Scope scope, FanOut fanOut) {
        var state = run.state(scope);
        // Each result was counted with a comma or the closing bracket; the opening one comes on top.
        boolean tooLarge = fanOut.resultBytes + 1 > run.limits.payloadBytes();
        var result = tooLarge ? "" : resultsOf(fanOut);
        // Until the state is left: if its result cannot be made now, it can perhaps after a redrive.
        run.leftovers.add(fanOut);
        if (tooLarge) {
            return new Outcome.Failed(Failure.tooLarge(scope.state, false).ofChild());
        }
        // Stands beside the chain: what follows has the same previous event.
        run.history.add(
                scope.previousEventId,
                state instanceof State.MapState
                        ? HistoryEventType.MapStateSucceeded
                        : HistoryEventType.ParallelStateSucceeded);
        try {
            var fields = state.fields();
            var exit = DataFlow.of(fields.queryLanguage()).worked(run.env(scope), Payload.ofText(result), fields);
            return new Outcome.Left(exit, fields.next());
        } catch (AslFailure failure) {
            return new Outcome.Failed(Failure.in(scope, failure));
        }
    }

    private String resultsOf(FanOut fanOut) {
        int pageEntries = run.limits.pageEntries();
        var json = new StringBuilder().append('[');
        for (int from = 0; from < fanOut.total; from += pageEntries) {
            for (var result : run.memory.results(fanOut.id, from / pageEntries)) {
                json.append(json.length() > 1 ? "," : "").append(result);
            }
        }
        return json.append(']').toString();
    }

    /** A child has failed for good: its siblings end with it, and the failure is now its parent's. */
    Scope failed(Scope child) {
        var fanOut = run.memory.fanOut(child.fanOut);
        var parent = run.memory.scope(fanOut.parent);
        long last = child.previousEventId;
        if (run.state(parent) instanceof State.MapState) {
            run.history.add(last, HistoryEventType.MapIterationFailed, iteration(parent.state, child.index));
        }
        if (run.state(child) instanceof State.Task) {
            // So AWS tells it, although the task's failure has been told already.
            run.history.add(last, HistoryEventType.TaskStateAborted);
        }
        run.leftovers.add(child);
        abort(parent, fanOut, last);
        return parent;
    }

    private Outcome failed(Scope scope, FanOut fanOut, long last, Failure failure) {
        abort(scope, fanOut, last);
        // What failed to be evaluated is the state's own, and is still to be told.
        return new Outcome.Failed(failure.evaluation().isPresent() ? failure : failure.ofChild());
    }

    private void abort(Scope scope, FanOut fanOut, long last) {
        for (var sibling : fanOut.running) {
            if (!run.leftovers.has(sibling.scope())) {
                end(run.memory.scope(sibling.scope()), OptionalLong.of(last));
            }
        }
        run.leftovers.add(fanOut);
        scope.previousEventId = last;
    }

    /**
     * Ends a scope and everything within it, the inner before the outer; it becomes part of what is left over. Tells it in
     * the history, if so, as following from the event {@code tellAfter}.
     */
    void end(Scope top, OptionalLong tellAfter) {
        var open = new ArrayDeque<Scope>();
        var order = new ArrayList<Scope>();
        open.push(top);
        while (!open.isEmpty()) {
            var scope = open.pop();
            order.add(scope);
            if (scope.awaiting.isPresent() && scope.awaiting.get() instanceof Awaiting.Children children) {
                for (var child : run.memory.fanOut(children.fanOut()).running) {
                    open.push(run.memory.scope(child.scope()));
                }
            }
        }
        // Outer before inner and last before first so far.
        Collections.reverse(order);
        for (var scope : order) {
            if (tellAfter.isPresent()) {
                tellAborted(scope, tellAfter.getAsLong());
            }
            if (scope.awaiting.isPresent() && scope.awaiting.get() instanceof Awaiting.Children children) {
                run.leftovers.add(run.memory.fanOut(children.fanOut()));
            } else {
                run.stopAwaiting(scope);
            }
            run.ready.remove(scope.id);
            run.leftovers.add(scope);
        }
    }

    private void tellAborted(Scope scope, long previous) {
        if (scope.entered) {
            switch (run.state(scope).type()) {
                case TASK -> run.history.add(previous, HistoryEventType.TaskStateAborted);
                case WAIT -> run.history.add(previous, HistoryEventType.WaitStateAborted);
                case PARALLEL -> run.history.add(previous, HistoryEventType.ParallelStateAborted);
                case MAP -> run.history.add(previous, HistoryEventType.MapStateAborted);
                case PASS, CHOICE, SUCCEED, FAIL -> {}
            }
        }
        if (!scope.isRoot()) {
            var parent = run.memory.scope(run.memory.fanOut(scope.fanOut).parent);
            if (run.state(parent) instanceof State.MapState) {
                run.history.add(previous, HistoryEventType.MapIterationAborted, iteration(parent.state, scope.index));
            }
        }
    }

    private static ObjectNode iteration(String mapState, int index) {
        var details = History.details();
        details.put("name", mapState);
        details.put("index", index);
        return details;
    }
}
