package io.stepstream.asl.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.model.QueryLanguage;
import io.stepstream.asl.model.State;
import io.stepstream.asl.model.StateMachine;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Runs one state outside of any execution, with the interpreter that runs executions, and tells what could be seen on the way.
 * Work that would be done outside comes from a mock; a Wait is not waited for, but its length is told. What is seen of which
 * type of state is what AWS's TestState shows.
 */
public final class StateTester {

    /** How long a test may take, as in AWS. */
    public static final Duration LONGEST = Duration.ofMinutes(5);

    private final Interpreter interpreter;
    private final State state;
    private final Scope scope;
    private final Payload input;
    private final Map<String, JsonNode> variables;
    private final ObjectNode seen = JsonNodeFactory.instance.objectNode();

    /**
     * What came of it.
     *
     * @param waits how long the state would have taken
     */
    public record Tested(
            Status status,
            Optional<String> output,
            Optional<String> error,
            Optional<String> cause,
            Optional<String> nextState,
            ObjectNode inspectionData,
            Duration waits) {}

    public enum Status {
        SUCCEEDED,
        FAILED,
        RETRIABLE,
        CAUGHT_ERROR
    }

    /** What the state's work comes to: a result, or an error. */
    public record Mock(Optional<String> result, Optional<String> error, Optional<String> cause) {}

    /**
     * @param execution what the state believes to be part of
     * @param variables what has been assigned before
     * @param context what {@code $$} means, if that is not to follow from the execution
     * @param retries how often each retrier has been used already
     */
    public StateTester(
            Execution execution,
            StateMachine machine,
            String stateName,
            String input,
            Map<String, JsonNode> variables,
            Optional<JsonNode> context,
            long retries,
            Instant now,
            Env.Draws draws,
            RunLimits limits) {
        var memory = new SingleState(input);
        this.interpreter = new Interpreter(
                execution, machine, new Progress(), memory, new SingleState.Nobody(), now, draws, limits);
        this.state = machine.state(stateName);
        this.input = Payload.ofText(input);
        this.variables = variables;
        this.scope = new Scope(Scope.ROOT, 0, 0, stateName, this.input, 0);
        scope.enteredTime = now;
        scope.entered = true;
        scope.retries =
                new ArrayList<>(Collections.nCopies(state.fields().retry().size(), retries));
        memory.add(scope);
        interpreter.run.givenContext = context;
        interpreter.run.givenVariables = Optional.of(name -> Optional.ofNullable(variables.get(name)));
    }

    /** The state must be of a type that needs no mock. */
    public Tested test() {
        see("input", input);
        try {
            if (state instanceof State.Pass pass) {
                return settled(pass(pass), Duration.ZERO);
            }
            if (isJsonPath()) {
                see("afterInputPath", flow().select(env(), state.fields()));
            }
        } catch (AslFailure failure) {
            return settled(new Outcome.Failed(Failure.in(scope, failure)), Duration.ZERO);
        }
        var outcome = interpreter.attempt(scope);
        if (outcome instanceof Outcome.Waits
                && scope.awaiting.isPresent()
                && scope.awaiting.get() instanceof Awaiting.TimeToPass wait) {
            var length = Duration.between(interpreter.run.now, wait.due());
            return length.compareTo(LONGEST) > 0
                    ? settled(new Outcome.Failed(Failure.timeout()), LONGEST)
                    : settled(interpreter.over(scope), length);
        }
        return settled(outcome, Duration.ZERO);
    }

    /** The state must be one that does work: Task, Map or Parallel. */
    public Tested test(Mock mock) {
        see("input", input);
        try {
            seeWork();
            if (mock.result().isPresent()) {
                var result = Payload.ofText(mock.result().get());
                if (state instanceof State.Task) {
                    see("result", result);
                }
                return settled(
                        new Outcome.Left(
                                flow().worked(env(), result, state.fields(), this::see),
                                state.fields().next()),
                        Duration.ZERO);
            }
            var failure = Failure.of(mock.error(), mock.cause());
            return settled(
                    new Outcome.Failed(state instanceof State.Task ? failure : failure.ofChild()), Duration.ZERO);
        } catch (AslFailure failure) {
            return settled(new Outcome.Failed(Failure.in(scope, failure)), Duration.ZERO);
        }
    }

    /** What the work would have been given. */
    private void seeWork() throws AslFailure {
        var selected = flow().select(env(), state.fields());
        if (state instanceof State.Task) {
            var arguments = flow().arguments(env().with(selected), state.fields());
            if (isJsonPath()) {
                see("afterInputPath", selected);
                see("afterParameters", arguments);
            } else {
                see("afterArguments", arguments);
            }
        } else if (state instanceof State.MapState map) {
            if (isJsonPath()) {
                see("afterInputPath", selected);
                see("afterItemsPath", Payload.ofTree(map.itemsPath().read(env().with(selected))));
            }
            seen.put("maxConcurrency", count(map.maxConcurrency(), env().with(selected)));
        }
    }

    /** 0 where nothing was wished for, or nothing that makes sense. */
    private static long count(State.Count count, Env selected) throws AslFailure {
        if (count.literal().isPresent()) {
            return count.literal().getAsInt();
        }
        if (count.path().isPresent()) {
            return WholeNumber.of(count.path().get().read(selected)).orElse(0);
        }
        return count.expression().isPresent()
                ? WholeNumber.of(count.expression().get().evaluate(selected)).orElse(0)
                : 0;
    }

    private Outcome pass(State.Pass pass) throws AslFailure {
        Payload result;
        if (pass.result().isPresent()) {
            result = Payload.ofTree(pass.result().get());
            see("result", result);
        } else {
            var selected = flow().select(env(), pass.fields());
            result = flow().arguments(env().with(selected), pass.fields());
            if (isJsonPath()) {
                see("afterInputPath", selected);
                see("afterParameters", result);
            }
        }
        return new Outcome.Left(
                flow().worked(env(), result, pass.fields(), this::see),
                pass.fields().next());
    }

    private Tested settled(Outcome outcome, Duration waits) {
        if (outcome instanceof Outcome.Failed failed) {
            return failed(failed.failure(), waits);
        }
        if (!(outcome instanceof Outcome.Left left)) {
            throw new IllegalStateException("Expected '" + scope.state + "' to be over, but " + outcome);
        }
        var tooMuch = refusal(left.exit());
        if (tooMuch.isPresent()) {
            return failed(tooMuch.get(), waits);
        }
        return told(Status.SUCCEEDED, Optional.of(left.exit()), Optional.empty(), left.next(), waits);
    }

    private Optional<Failure> refusal(Exit exit) {
        return interpreter.run.tooLarge(exit.output())
                ? Optional.of(Failure.tooLarge(scope.state, true))
                : interpreter.run.variables.refusal(scope, exit.assigned());
    }

    private Tested failed(Failure failure, Duration waits) {
        scope.awaiting = Optional.empty();
        var handled = interpreter.errors.handle(scope, failure);
        if (handled instanceof Outcome.Waits) {
            var details = seen.putObject("errorDetails");
            scope.awaiting
                    .filter(Awaiting.NextAttempt.class::isInstance)
                    .map(Awaiting.NextAttempt.class::cast)
                    .ifPresent(next -> details.put(
                            "retryBackoffIntervalSeconds",
                            Duration.between(interpreter.run.now, next.due()).toSeconds()));
            ErrorFlow.retrier(state, failure).ifPresent(index -> details.put("retryIndex", index));
            return told(Status.RETRIABLE, Optional.empty(), Optional.of(failure), Optional.empty(), waits);
        }
        if (handled instanceof Outcome.Left caught) {
            ErrorFlow.catcher(state, failure)
                    .ifPresent(index -> seen.putObject("errorDetails").put("catchIndex", index));
            return told(Status.CAUGHT_ERROR, Optional.of(caught.exit()), Optional.of(failure), caught.next(), waits);
        }
        var last = handled instanceof Outcome.Failed uncaught ? uncaught.failure() : failure;
        return told(Status.FAILED, Optional.empty(), Optional.of(last), Optional.empty(), waits);
    }

    private Tested told(
            Status status, Optional<Exit> exit, Optional<Failure> failure, Optional<String> next, Duration waits) {
        var all = new LinkedHashMap<>(variables);
        exit.ifPresent(left -> left.assigned().forEach((name, value) -> all.put(name, value.tree())));
        if (!all.isEmpty()) {
            var json = JsonNodeFactory.instance.objectNode();
            all.forEach(json::set);
            see("variables", Payload.ofTree(json));
        }
        return new Tested(
                status,
                exit.map(left -> left.output().text()),
                failure.flatMap(Failure::error),
                failure.flatMap(Failure::cause),
                next,
                seen,
                waits);
    }

    private void see(String stage, Payload value) {
        seen.put(stage, value.text());
    }

    private DataFlow flow() {
        return DataFlow.of(state.fields().queryLanguage());
    }

    private boolean isJsonPath() {
        return state.fields().queryLanguage() == QueryLanguage.JSONPATH;
    }

    private Env env() {
        return interpreter.run.env(scope);
    }
}
