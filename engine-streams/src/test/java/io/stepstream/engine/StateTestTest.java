package io.stepstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ExecutionCommand.Mock;
import io.stepstream.schemas.command.ExecutionCommand.MockedError;
import io.stepstream.schemas.command.ExecutionCommand.StateConfiguration;
import io.stepstream.schemas.command.ExecutionCommand.TestState;
import io.stepstream.schemas.command.Reply;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateTestTest {

    private static final String EXECUTION = "arn:aws:states:us-east-1:000000000000:express:m:e";
    private static final String MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
    private static final String TASK =
            "{'Type':'Task','Resource':'arn:aws:states:us-east-1:123456789012:activity:a',MORE'Next':'N'}";
    private static final String PARALLEL = "{'Type':'Parallel','End':true,MORE'Branches':["
            + "{'StartAt':'A','States':{'A':{'Type':'Pass','End':true}}},"
            + "{'StartAt':'B','States':{'B':{'Type':'Pass','End':true}}}]}";
    private static final String MAP = "{'Type':'Map','End':true,'ItemsPath':'$.v','MaxConcurrency':3,'ItemProcessor':"
            + "{'StartAt':'A','States':{'A':{'Type':'Pass','End':true}}}}";

    private final World world = new World();

    /** A test as it may be asked for; changed by naming what is different. */
    private record Wish(
            String definition,
            Optional<String> stateName,
            String input,
            Optional<String> variables,
            Optional<String> context,
            Optional<Mock> mock,
            StateConfiguration configuration) {

        static Wish of(String definition, String input) {
            return new Wish(
                    definition,
                    Optional.empty(),
                    input,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    StateConfiguration.NONE);
        }

        Wish named(String name) {
            return new Wish(definition, Optional.of(name), input, variables, context, mock, configuration);
        }

        Wish withVariables(String json) {
            return new Wish(definition, stateName, input, Optional.of(json), context, mock, configuration);
        }

        Wish inContext(String json) {
            return new Wish(definition, stateName, input, variables, Optional.of(json), mock, configuration);
        }

        Wish result(String json) {
            var result = new Mock(Optional.of(json), Optional.empty());
            return new Wish(definition, stateName, input, variables, context, Optional.of(result), configuration);
        }

        Wish error(String error) {
            var failed = new MockedError(Optional.of(error), Optional.of("because"));
            var mocked = new Mock(Optional.empty(), Optional.of(failed));
            return new Wish(definition, stateName, input, variables, context, Optional.of(mocked), configuration);
        }

        Wish retried(int times) {
            var before =
                    new StateConfiguration(Optional.of(times), Optional.empty(), Optional.empty(), Optional.empty());
            return new Wish(definition, stateName, input, variables, context, mock, before);
        }

        Wish iterationsFailed(int count) {
            var before =
                    new StateConfiguration(Optional.empty(), Optional.empty(), Optional.of(count), Optional.empty());
            return new Wish(definition, stateName, input, variables, context, mock, before);
        }
    }

    private Reply ask(Wish wish) {
        return ask(wish, Optional.of("arn:aws:iam::000000000000:role/r"));
    }

    private Reply ask(Wish wish, Optional<String> role) {
        var reply = world.ask(
                EXECUTION,
                to -> new TestState(
                        EXECUTION,
                        MACHINE,
                        wish.definition().replace('\'', '"').replace("MORE", ""),
                        wish.stateName(),
                        role,
                        wish.input().replace('\'', '"'),
                        wish.variables().map(text -> text.replace('\'', '"')),
                        wish.context().map(text -> text.replace('\'', '"')),
                        wish.mock()
                                .map(mock -> new Mock(
                                        mock.result().map(text -> text.replace('\'', '"')), mock.errorOutput())),
                        wish.configuration(),
                        Optional.of(to)));
        assertThat(world.rows().contents()).as("nothing is kept").isEmpty();
        return reply.orElseThrow();
    }

    private Reply.Tested tested(Wish wish) {
        return (Reply.Tested) ask(wish);
    }

    private String refusal(Wish wish) {
        var rejected = (Reply.Rejected) ask(wish);
        return rejected.error() + ": " + rejected.message();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'Type':'Pass','Next':'N'}; {'a':1};"
                        + " {'input':{'a':1},'afterInputPath':{'a':1},'afterParameters':{'a':1},"
                        + "'afterResultSelector':{'a':1},'afterResultPath':{'a':1}}; {'a':1}; N",
                "{'Type':'Pass','Result':{'r':1},'End':true}; {'a':1};"
                        + " {'input':{'a':1},'result':{'r':1},'afterResultSelector':{'r':1},'afterResultPath':{'r':1}};"
                        + " {'r':1}; none",
                "{'Type':'Pass','InputPath':'$.a','Parameters':{'p.$':'$'},'ResultPath':'$.r','OutputPath':'$.r','End':true};"
                        + " {'a':1}; {'input':{'a':1},'afterInputPath':1,'afterParameters':{'p':1},"
                        + "'afterResultSelector':{'p':1},'afterResultPath':{'a':1,'r':{'p':1}}}; {'p':1}; none",
                "{'Type':'Succeed','InputPath':'$.a'}; {'a':1}; {'input':{'a':1},'afterInputPath':1}; 1; none",
                "{'Type':'Choice','Choices':[{'Variable':'$.a','NumericEquals':1,'Next':'One'}],'Default':'Other'}; {'a':1};"
                        + " {'input':{'a':1},'afterInputPath':{'a':1}}; {'a':1}; One",
                "{'Type':'Choice','Choices':[{'Variable':'$.a','NumericEquals':2,'Next':'One'}],'Default':'Other'}; {'a':1};"
                        + " {'input':{'a':1},'afterInputPath':{'a':1}}; {'a':1}; Other",
            })
    void dataIsSeenOnItsWayThroughTheState(
            String definition, String input, String inspection, String output, String next)
            throws JsonProcessingException {
        var tested = tested(Wish.of(definition, input));

        assertThat(tested.status()).isEqualTo("SUCCEEDED");
        assertThat(tested.output()).contains(output.replace('\'', '"'));
        assertThat(tested.nextState().orElse("none")).isEqualTo(next);
        var expected = Json.shared().createObjectNode();
        Json.tree(inspection.replace('\'', '"'))
                .properties()
                .forEach(stage -> expected.put(stage.getKey(), stage.getValue().toString()));
        assertThat(tested.inspectionData()).isEqualTo(expected);
    }

    @Test
    void aFailStateFails() {
        var tested = tested(Wish.of("{'Type':'Fail','Error':'E','Cause':'c'}", "{}"));

        assertThat(tested.status()).isEqualTo("FAILED");
        assertThat(tested.error()).contains("E");
        assertThat(tested.cause()).contains("c");
        assertThat(tested.output()).isEmpty();
        assertThat(tested.inspectionData()).hasToString("{\"input\":\"{}\",\"afterInputPath\":\"{}\"}");
    }

    @ParameterizedTest
    @CsvSource({"0, 0, SUCCEEDED", "7, 7000, SUCCEEDED", "300, 300000, SUCCEEDED", "301, 300000, FAILED"})
    void aWaitSaysHowLongItTakes(int seconds, long millis, String status) {
        var tested = tested(Wish.of("{'Type':'Wait','Seconds':" + seconds + ",'Next':'N'}", "{'a':1}"));

        assertThat(tested.status()).isEqualTo(status);
        assertThat(tested.waitMillis()).isEqualTo(millis);
        if (status.equals("FAILED")) {
            assertThat(tested.error()).contains("States.Timeout");
        }
    }

    @Test
    void aTaskIsShownWithTheResultThatItIsSaidToHave() {
        var task =
                TASK.replace("MORE", "'Parameters':{'p.$':'$.a'},'ResultSelector':{'s.$':'$.r'},'ResultPath':'$.t',");

        var tested = tested(Wish.of(task, "{'a':1}").result("{'r':2}"));

        assertThat(tested.output()).contains("{\"a\":1,\"t\":{\"s\":2}}");
        assertThat(tested.nextState()).contains("N");
        assertThat(tested.inspectionData())
                .hasToString("{\"input\":\"{\\\"a\\\":1}\",\"afterInputPath\":\"{\\\"a\\\":1}\","
                        + "\"afterParameters\":\"{\\\"p\\\":1}\",\"result\":\"{\\\"r\\\":2}\","
                        + "\"afterResultSelector\":\"{\\\"s\\\":2}\","
                        + "\"afterResultPath\":\"{\\\"a\\\":1,\\\"t\\\":{\\\"s\\\":2}}\"}");
    }

    @Test
    void anErrorIsRetriedThenCaughtThenTheEnd() {
        var retry = "'Retry':[{'ErrorEquals':['X']},"
                + "{'ErrorEquals':['E'],'IntervalSeconds':2,'BackoffRate':3,'MaxAttempts':2}],";
        var caught = "'Catch':[{'ErrorEquals':['X'],'Next':'X'},"
                + "{'ErrorEquals':['States.ALL'],'ResultPath':'$.e','Next':'Y'}],";
        var task = TASK.replace("MORE", retry + caught);

        var first = tested(Wish.of(task, "{}").error("E"));
        assertThat(first.status()).isEqualTo("RETRIABLE");
        assertThat(first.error()).contains("E");
        assertThat(first.output()).isEmpty();
        assertThat(first.inspectionData().get("errorDetails"))
                .hasToString("{\"retryBackoffIntervalSeconds\":2,\"retryIndex\":1}");
        assertThat(tested(Wish.of(task, "{}").error("E").retried(1))
                        .inspectionData()
                        .get("errorDetails"))
                .hasToString("{\"retryBackoffIntervalSeconds\":6,\"retryIndex\":1}");

        var last = tested(Wish.of(task, "{}").error("E").retried(2));
        assertThat(last.status()).isEqualTo("CAUGHT_ERROR");
        assertThat(last.nextState()).contains("Y");
        assertThat(last.output()).contains("{\"e\":{\"Error\":\"E\",\"Cause\":\"because\"}}");
        assertThat(last.inspectionData().get("errorDetails")).hasToString("{\"catchIndex\":1}");

        var uncaught = tested(Wish.of(TASK, "{}").error("E"));
        assertThat(uncaught.status()).isEqualTo("FAILED");
        assertThat(uncaught.cause()).contains("because");
        assertThat(uncaught.nextState()).isEmpty();
    }

    @Test
    void aParallelShowsOnlyWhatBecameOfItsResult() {
        var tested = tested(Wish.of(PARALLEL, "{}").result("[1,2]"));

        assertThat(tested.output()).contains("[1,2]");
        assertThat(tested.inspectionData())
                .hasToString("{\"input\":\"{}\",\"afterResultSelector\":\"[1,2]\",\"afterResultPath\":\"[1,2]\"}");
    }

    @Test
    void aMapShowsItsItems() {
        var tested = tested(Wish.of(MAP, "{'v':[1,2]}").result("[3,4]"));

        assertThat(tested.inspectionData().get("afterItemsPath").asText()).isEqualTo("[1,2]");
        assertThat(tested.inspectionData().get("maxConcurrency").asInt()).isEqualTo(3);
    }

    @Test
    void aStateOfAMachineIsFoundByItsName() {
        var machine = "{'StartAt':'A','States':{'A':{'Type':'Pass','Result':1,'Next':'B'},"
                + "'B':{'Type':'Pass','Result':2,'End':true}}}";

        assertThat(tested(Wish.of(machine, "{}").named("B")).output()).contains("2");
        assertThat(refusal(Wish.of(machine, "{}").named("C")))
                .isEqualTo("ValidationException: State not found in definition");
    }

    @Test
    void variablesAreSeenAndAssigned() {
        var pass = "{'Type':'Pass','Parameters':{'x.$':'$v'},'Assign':{'w':2},'End':true}";

        var tested = tested(Wish.of(pass, "{}").withVariables("{'v':1}"));

        assertThat(tested.output()).contains("{\"x\":1}");
        assertThat(tested.inspectionData().get("variables").asText()).isEqualTo("{\"v\":1,\"w\":2}");
    }

    @Test
    void theContextIsWhatAnExecutionWouldSeeOrWhatIsGiven() throws JsonProcessingException {
        var pass = Wish.of("{'Type':'Pass','Parameters':{'c.$':'$$'},'End':true}", "{'a':1}");
        var context = Json.tree(tested(pass).output().orElseThrow()).path("c");
        assertThat(context.at("/Execution/Id").asText()).isEqualTo(EXECUTION);
        assertThat(context.at("/Execution/Input/a").asInt()).isEqualTo(1);
        assertThat(context.at("/Execution").has("RedriveCount")).isFalse();
        assertThat(context.at("/State/Name").asText()).isEqualTo("StateName");
        var withoutRole = (Reply.Tested) ask(pass, Optional.empty());
        assertThat(Json.tree(withoutRole.output().orElseThrow())
                        .at("/c/Execution/RoleArn")
                        .isNull())
                .isTrue();

        var task = Wish.of(TASK.replace("MORE", "'Parameters':{'c.$':'$$'},"), "{}")
                .result("1");
        assertThat(tested(task.inContext("{'Execution':{'Name':'n'}}"))
                        .inspectionData()
                        .get("afterParameters")
                        .asText())
                .isEqualTo("{\"c\":{\"Execution\":{\"Name\":\"n\"}}}");
    }

    @Test
    void aDefinitionThatIsNoneIsRefused() {
        assertThat(refusal(Wish.of("{'Type':'Parallel','Branches':[],'End':true}", "{}")))
                .isEqualTo(
                        "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value cannot be"
                                + " empty at /States/StateName/Branches'");
        assertThat(refusal(Wish.of("nothing", "{}"))).startsWith("InvalidDefinition: ");
    }

    @Test
    void mocksAreForWorkOnly() {
        assertThat(refusal(Wish.of("{'Type':'Pass','End':true}", "{}").result("1")))
                .isEqualTo("ValidationException: State type 'Pass' is not supported when a mock is specified");
        for (var state : new String[] {PARALLEL, MAP}) {
            assertThat(refusal(Wish.of(state, "{}")))
                    .startsWith("InvalidDefinition: TestState API does not support Map or Parallel states.");
            assertThat(refusal(Wish.of(state, "{}").result("{}")))
                    .isEqualTo("ValidationException: Mocked result must be an array.");
        }
        assertThat(refusal(Wish.of(PARALLEL, "{}").result("[1]")))
                .isEqualTo(
                        "ValidationException: Mocked result must contain the same number of items as number of Parallel"
                                + " branches.");
        assertThat(refusal(Wish.of(TASK, "{}").result("nothing")))
                .isEqualTo("ValidationException: Mocked result must be valid JSON");
        assertThat(((Reply.Rejected) ask(Wish.of(TASK, "{}"), Optional.empty())).message())
                .isEqualTo("RoleArn must be specified when testing a Task state");
        assertThat(refusal(Wish.of(TASK, "{}"))).startsWith("ValidationException: Expected a mock for the Task");
    }

    @Test
    void whatASystemElsewhereDoesIsMocked() {
        var job = TASK.replace("arn:aws:states:us-east-1:123456789012:activity:a", "arn:aws:states:::glue:startJobRun");

        assertThat(tested(Wish.of(job, "{}").result("{'JobRunId':'j'}")).status())
                .isEqualTo("SUCCEEDED");
        assertThat(refusal(Wish.of(job, "{}"))).startsWith("ValidationException: Expected a mock for the Task");
        var waiting = job.replace("startJobRun", "startJobRun.waitForTaskToken");
        assertThat(tested(Wish.of(waiting, "{}").result("1").inContext("{'Task':{'Token':'t'}}"))
                        .status())
                .isEqualTo("SUCCEEDED");
    }

    @Test
    void failedIterationsAreThoseOfTheMock() {
        assertThat(refusal(Wish.of(MAP, "{}").iterationsFailed(1)))
                .isEqualTo("ValidationException: TestState does not support MapIterationFailureCount when a mock is not"
                        + " specified.");
        var tolerant = MAP.replace("'End':true,'Items", "'End':true,'ToleratedFailureCount':1,'Items");
        assertThat(refusal(Wish.of(tolerant, "{'v':[]}").result("[1]").iterationsFailed(1)))
                .contains("is not supported yet by this version of Stepstream");
        assertThat(refusal(Wish.of(MAP, "{'v':[]}").result("[1]").iterationsFailed(2)))
                .isEqualTo(
                        "ValidationException: Map iteration failure count must be less than or equal to the number of Map"
                                + " iterations");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'X':1}; Field 'X' is not allowed",
                "{'Map':{}}; 'Map' field is not supported when mocking a Context object",
                "{'Execution':{'Id':1}}; Execution.Id must be a string",
                "[]; Context object must be a JSON object",
                "{'Task':{'Token':'t'}}; Context object contains 'Task' when state is not a Task state with a '.sync' or"
                        + " '.waitForTaskToken' service integration pattern",
            })
    void aContextThatNoExecutionHasIsRefused(String context, String why) {
        assertThat(refusal(Wish.of(TASK, "{}").result("1").inContext(context)))
                .isEqualTo("ValidationException: Invalid Context object provided: " + why);
    }
}
