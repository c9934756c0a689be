package io.stepstream.engine;

import io.stepstream.asl.query.Payload;
import io.stepstream.asl.run.Execution;
import io.stepstream.asl.run.FanOut;
import io.stepstream.asl.run.Memory;
import io.stepstream.asl.run.Progress;
import io.stepstream.asl.run.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows of one execution, in the table of open executions. Keys, all behind the execution's ARN:
 *
 * <pre>
 *   H                    what never changes      {@link Execution}
 *   E                    a long input of the execution
 *   P                    what changes each step  {@link Progress}
 *   S  scope             where it is             {@link Scope}
 *   V  scope             a long raw input of the state it is in
 *   N  scope    name     a variable that the scope has assigned
 *   F  fan-out           a running Parallel or Map {@link FanOut}
 *   I  fan-out  page     items of a Map
 *   R  fan-out  page     results
 * </pre>
 *
 * A command touches a constant number of them, however large the execution, its history or a fan-out is.
 */
final class ExecutionRows implements Memory {

    /** Inputs up to so many characters stand in their scope's row. */
    private static final int SHORT_INPUT = 1_024;

    private final String arn;
    private final Drafts<Execution> head;
    private final Drafts<Progress> progress;
    private final Drafts<Scope> scopes;
    private final Drafts<Text> inputs;
    private final Drafts<Payload> variables;
    private final Drafts<FanOut> fanOuts;
    private final Drafts<Page> items;
    private final Drafts<Page> results;

    ExecutionRows(Table table, String arn) {
        this.arn = arn;
        this.head = Drafts.ofConstants(table, Execution.class);
        this.progress = Drafts.of(table, Progress.class);
        this.scopes = Drafts.of(table, Scope.class);
        this.inputs = Drafts.ofConstants(table, Text.class);
        this.variables = Drafts.ofConstants(table, Payload.class);
        this.fanOuts = Drafts.of(table, FanOut.class);
        this.items = Drafts.ofConstants(table, Page.class);
        this.results = Drafts.of(table, Page.class);
    }

    /** JSON in a row of its own. */
    record Text(String json) {}

    /** JSON texts in order; changed in place. */
    record Page(List<String> json) {}

    /** The open execution, if there is one. */
    Optional<Execution> execution() {
        return head.get(Key.of(arn, "H"));
    }

    Progress progress() {
        return progress.expect(Key.of(arn, "P"));
    }

    /** {@code input} is the execution's; it also stands in {@code execution} if it {@link #isShort is short}. */
    void open(Execution execution, String input, Progress first) {
        head.add(Key.of(arn, "H"), execution);
        progress.add(Key.of(arn, "P"), first);
        if (execution.shortInput().isEmpty()) {
            inputs.add(Key.of(arn, "E"), new Text(input));
        }
    }

    /** Whether an input stands beside what belongs to it rather than in a row of its own. */
    static boolean isShort(String input) {
        return input.length() <= SHORT_INPUT;
    }

    @Override
    public String executionInput() {
        return head.expect(Key.of(arn, "H"))
                .shortInput()
                .orElseGet(() -> inputs.expect(Key.of(arn, "E")).json());
    }

    /** Nothing is left once all scopes are gone. */
    void close() {
        if (head.expect(Key.of(arn, "H")).shortInput().isEmpty()) {
            inputs.forget(Key.of(arn, "E"));
        }
        head.remove(Key.of(arn, "H"));
        progress.remove(Key.of(arn, "P"));
    }

    void write() {
        for (var scope : scopes.values()) {
            var key = key("V", scope.id());
            boolean had = scope.hasInputRow();
            var input = scope.settleInput(SHORT_INPUT);
            if (input.isPresent()) {
                inputs.replace(key, new Text(input.get().text()));
            } else if (had && !scope.hasInputRow()) {
                inputs.forget(key);
            }
        }
        head.write();
        progress.write();
        scopes.write();
        inputs.write();
        variables.write();
        fanOuts.write();
        items.write();
        results.write();
    }

    @Override
    public boolean hasScope(long id) {
        return scopes.get(key("S", id)).isPresent();
    }

    @Override
    public Scope scope(long id) {
        return scopes.expect(key("S", id));
    }

    @Override
    public void add(Scope scope) {
        scopes.add(key("S", scope.id()), scope);
    }

    @Override
    public void remove(Scope scope) {
        if (scope.hasInputRow()) {
            inputs.forget(key("V", scope.id()));
        }
        scopes.remove(key("S", scope.id()));
    }

    @Override
    public Payload input(Scope scope) {
        var known = scope.knownInput();
        if (known.isPresent()) {
            return known.get();
        }
        var read = Payload.ofText(inputs.expect(key("V", scope.id())).json());
        scope.inputWas(read);
        return read;
    }

    @Override
    public Optional<Payload> variable(Scope scope, String name) {
        return variables.get(variableKey(scope, name));
    }

    @Override
    public void putVariable(Scope scope, String name, Payload value) {
        var key = variableKey(scope, name);
        if (scopes.isStored(key("S", scope.id()))) {
            variables.replace(key, value);
        } else {
            variables.add(key, value);
        }
    }

    @Override
    public void removeVariable(Scope scope, String name) {
        var key = variableKey(scope, name);
        if (scopes.isStored(key("S", scope.id())) || variables.knows(key)) {
            variables.forget(key);
        }
    }

    private String variableKey(Scope scope, String name) {
        return Key.of(arn, "N", Key.number(scope.id()), name);
    }

    @Override
    public FanOut fanOut(long id) {
        return fanOuts.expect(key("F", id));
    }

    @Override
    public void add(FanOut fanOut) {
        fanOuts.add(key("F", fanOut.id()), fanOut);
    }

    @Override
    public void remove(FanOut fanOut, int pageEntries) {
        boolean stored = fanOuts.isStored(key("F", fanOut.id()));
        for (int page = 0; page * pageEntries < fanOut.total(); page++) {
            for (var pages : List.of(items, results)) {
                var key = pageKey(pages == items ? "I" : "R", fanOut.id(), page);
                if (stored || pages.knows(key)) {
                    pages.forget(key);
                }
            }
        }
        fanOuts.remove(key("F", fanOut.id()));
    }

    @Override
    public List<String> items(long fanOut, int page) {
        return items.expect(pageKey("I", fanOut, page)).json();
    }

    @Override
    public void putItems(long fanOut, int page, List<String> json) {
        items.add(pageKey("I", fanOut, page), new Page(new ArrayList<>(json)));
    }

    @Override
    public List<String> results(long fanOut, int page) {
        var key = pageKey("R", fanOut, page);
        var known = results.get(key);
        if (known.isPresent()) {
            return known.get().json();
        }
        var made = new Page(new ArrayList<>());
        results.add(key, made);
        return made.json();
    }

    private String key(String kind, long id) {
        return Key.of(arn, kind, Key.number(id));
    }

    private String pageKey(String kind, long fanOut, int page) {
        return Key.of(arn, kind, Key.number(fanOut), Key.number(page));
    }
}
