package io.stepstream.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.model.State;
import io.stepstream.asl.model.StateMachine;
import io.stepstream.asl.parse.AslParser;
import io.stepstream.asl.parse.KnownServices;
import io.stepstream.asl.query.Payload;
import io.stepstream.asl.run.Execution;
import io.stepstream.asl.run.RunLimits;
import io.stepstream.asl.run.StateTester;
import io.stepstream.schemas.Arn;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.ExecutionCommand.TestState;
import io.stepstream.schemas.command.Reply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One TestState: whether it can be done, in AWS's words if not, and what came of it. */
final class StateTest {

    private static final Set<String> CONTEXT_FIELDS = Set.of("Execution", "State", "StateMachine", "Task");
    private static final Set<String> EXECUTION_TEXTS = Set.of("Id", "Name", "RoleArn", "StartTime");

    private final TestState command;
    private final Moment moment;
    private final RunLimits limits;
    private final KnownServices services;

    StateTest(TestState command, Moment moment, RunLimits limits, KnownServices services) {
        this.command = command;
        this.moment = moment;
        this.limits = limits;
        // with a mock, nobody needs to be able to make the call
        this.services = command.mock().isPresent() ? KnownServices.ANY : services;
    }

    Reply reply() {
        try {
            var tested = tested();
            return new Reply.Tested(
                    tested.status().name(),
                    tested.output(),
                    tested.error(),
                    tested.cause(),
                    tested.nextState(),
                    tested.inspectionData(),
                    tested.waits().toMillis());
        } catch (ApiException refusal) {
            return new Reply.Rejected(refusal.code().name(), refusal.message());
        }
    }

    private StateTester.Tested tested() {
        var parsed = command.stateName().isPresent()
                ? AslParser.parse(command.definition(), "STANDARD", services)
                : AslParser.parseState(command.definition(), services);
        var machine = (command.mock().isPresent() ? parsed.mockable() : parsed.stateMachine())
                .orElseThrow(() -> new ApiException(
                        ErrorCode.InvalidDefinition, "Invalid State Machine Definition: '" + parsed.errors() + "'"));
        var name = command.stateName().orElse(AslParser.SINGLE_STATE);
        if (!machine.states().containsKey(name)) {
            throw invalid("State not found in definition");
        }
        var state = machine.state(name);
        checkConfiguration();
        if (command.configuration().mapIterationFailureCount().orElse(0) > 0 && toleratesFailures()) {
            throw invalid(
                    "mapIterationFailureCount beside a tolerated failure count or percentage is not supported yet by"
                            + " this version of Stepstream");
        }
        if (command.mock().isEmpty()) {
            checkNeedsNoMock(state);
            return tester(machine, name).test();
        }
        return tester(machine, name).test(mock(state, command.mock().get()));
    }

    /** No test can say yet whether a tolerance is exceeded. */
    private boolean toleratesFailures() {
        return command.definition().contains("\"ToleratedFailure");
    }

    private StateTester tester(StateMachine machine, String stateName) {
        return new StateTester(
                execution(),
                machine,
                stateName,
                command.input(),
                variables(),
                command.context().map(text -> context(text, machine.state(stateName))),
                command.configuration().retrierRetryCount().orElse(0),
                moment.now(),
                moment.entropy(),
                limits);
    }

    private Execution execution() {
        var name = Arn.parse(command.executionArn()).flatMap(Arn::qualifier).orElse(command.executionArn());
        return new Execution(
                command.executionArn(),
                command.stateMachineArn(),
                Optional.empty(),
                Optional.empty(),
                0,
                name,
                false,
                command.roleArn().orElse(""),
                Optional.of(command.input()),
                Optional.empty(),
                moment.now(),
                moment.offset(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private void checkConfiguration() {
        if (command.configuration().mapIterationFailureCount().isPresent()
                && command.mock().isEmpty()) {
            throw invalid("TestState does not support MapIterationFailureCount when a mock is not specified.");
        }
        if (command.configuration().mapItemReaderData().isPresent()) {
            throw invalid("mapItemReaderData is not supported yet by this version of Stepstream");
        }
        if (command.context().isPresent() && command.mock().isEmpty()) {
            throw invalid("TestState does not support a Context object when a mock is not specified.");
        }
    }

    private void checkNeedsNoMock(State state) {
        if (state instanceof State.MapState || state instanceof State.Parallel) {
            throw new ApiException(
                    ErrorCode.InvalidDefinition,
                    "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass,"
                            + " Succeed, Fail, Choice]");
        }
        if (state instanceof State.Task) {
            if (command.roleArn().isEmpty()) {
                throw invalid("RoleArn must be specified when testing a Task state");
            }
            throw invalid("Expected a mock for the Task, since nobody would answer to a test, but there is none");
        }
    }

    private StateTester.Mock mock(State state, ExecutionCommand.Mock mock) {
        if (!(state instanceof State.Task || state instanceof State.MapState || state instanceof State.Parallel)) {
            throw invalid("State type '" + state.type().text() + "' is not supported when a mock is specified");
        }
        if (mock.errorOutput().isPresent()) {
            var error = mock.errorOutput().get();
            return new StateTester.Mock(Optional.empty(), error.error(), error.cause());
        }
        mock.result().ifPresent(result -> checkResult(state, json(result, "Mocked result must be valid JSON")));
        return new StateTester.Mock(mock.result(), Optional.empty(), Optional.empty());
    }

    private void checkResult(State state, JsonNode result) {
        if (state instanceof State.Task) {
            return;
        }
        if (!result.isArray()) {
            throw invalid("Mocked result must be an array.");
        }
        if (state instanceof State.Parallel parallel
                && result.size() != parallel.branches().size()) {
            throw invalid("Mocked result must contain the same number of items as number of Parallel branches.");
        }
        if (command.configuration().mapIterationFailureCount().orElse(0) > result.size()) {
            throw invalid("Map iteration failure count must be less than or equal to the number of Map iterations");
        }
    }

    private Map<String, JsonNode> variables() {
        var variables = new LinkedHashMap<String, JsonNode>();
        if (command.variables().isPresent()) {
            var message = "Variables must be a JSON object";
            if (!(json(command.variables().get(), message) instanceof ObjectNode object)) {
                throw invalid(message);
            }
            object.properties().forEach(variable -> variables.put(variable.getKey(), variable.getValue()));
        }
        return variables;
    }

    private static JsonNode context(String text, State state) {
        if (!(json(text, "Invalid Context object provided: Context object must be valid JSON")
                instanceof ObjectNode context)) {
            throw invalidContext("Context object must be a JSON object");
        }
        for (var field : context.properties()) {
            if (field.getKey().equals("Map")) {
                throw invalidContext("'Map' field is not supported when mocking a Context object");
            }
            if (!CONTEXT_FIELDS.contains(field.getKey())) {
                throw invalidContext("Field '" + field.getKey() + "' is not allowed");
            }
        }
        boolean awaitsMore = state instanceof State.Task task
                && task.resource()
                        .integration()
                        .map(integration -> integration.pattern().awaitsMore())
                        .orElse(false);
        if (context.has("Task") && !awaitsMore) {
            throw invalidContext("Context object contains 'Task' when state is not a Task state with a '.sync' or"
                    + " '.waitForTaskToken' service integration pattern");
        }
        for (var field : context.path("Execution").properties()) {
            if (EXECUTION_TEXTS.contains(field.getKey()) && !field.getValue().isTextual()) {
                throw invalidContext("Execution." + field.getKey() + " must be a string");
            }
        }
        return context;
    }

    private static JsonNode json(String text, String message) {
        try {
            return Payload.parse(text);
        } catch (JsonProcessingException e) {
            throw invalid(message);
        }
    }

    private static ApiException invalidContext(String what) {
        return invalid("Invalid Context object provided: " + what);
    }

    private static ApiException invalid(String message) {
        return new ApiException(ErrorCode.ValidationException, message);
    }
}
