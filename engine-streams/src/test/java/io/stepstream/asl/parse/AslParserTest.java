package io.stepstream.asl.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.model.Retrier;
import io.stepstream.asl.model.State;
import io.stepstream.asl.model.StateFields;
import io.stepstream.asl.model.StateMachine;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AslParserTest {

    private static final String ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:work";

    private static ParsedDefinition parse(String definition) {
        return AslParser.parse(definition.replace('\'', '"'), "STANDARD", integration -> false);
    }

    /** A machine that starts with the state S; where S goes to N or is caught by it, there is an N. */
    private static ParsedDefinition state(String fields) {
        var other = fields.contains("'N'") ? ",'N':{'Type':'Succeed'}" : "";
        return parse("{'StartAt':'S','States':{'S':{" + fields.replace("ACTIVITY", ACTIVITY) + "}" + other + "}}");
    }

    private static StateMachine valid(String definition) {
        var parsed = parse(definition);
        assertThat(parsed.diagnostics()).isEmpty();
        return parsed.stateMachine().orElseThrow();
    }

    private static State validState(String fields) {
        var parsed = state(fields);
        assertThat(parsed.diagnostics()).isEmpty();
        return parsed.stateMachine().orElseThrow().state("S");
    }

    @Test
    void aTaskIsRead() {
        var state = (State.Task) validState("""
                'Type':'Task','Resource':'ACTIVITY','Comment':'c','TimeoutSeconds':300,'HeartbeatSecondsPath':'$.beat',
                'InputPath':'$.in','OutputPath':null,'Parameters':{'a.$':'$.b'},'ResultSelector':{'r.$':'$'},
                'ResultPath':'$.out','Next':'N',
                'Retry':[{'ErrorEquals':['A','B'],'IntervalSeconds':5,'MaxAttempts':0,'BackoffRate':1.5,
                          'MaxDelaySeconds':60,'JitterStrategy':'FULL'},{'ErrorEquals':['States.ALL']}],
                'Catch':[{'ErrorEquals':['States.TaskFailed'],'Next':'N','ResultPath':null}]
                """);

        assertThat(state.resource()).isEqualTo(new State.Resource(ACTIVITY, State.Resource.Kind.ACTIVITY));
        assertThat(state.timeout().literal()).hasValue(300);
        assertThat(state.heartbeat().path()).map(Object::toString).contains("$.beat");
        assertThat(state.fields().next()).contains("N");
        assertThat(state.fields().inputPath().path()).map(Object::toString).contains("$.in");
        assertThat(state.fields().outputPath()).isEqualTo(StateFields.PathField.NOTHING);
        assertThat(state.fields().parameters()).isPresent();
        assertThat(state.fields().resultSelector()).isPresent();
        assertThat(state.fields().resultPath().path()).map(Object::toString).contains("$.out");
        assertThat(state.fields().retry())
                .containsExactly(
                        new Retrier(List.of("A", "B"), 5, 0, 1.5, OptionalLong.of(60), true),
                        new Retrier(List.of("States.ALL"), 1, 3, 2.0, OptionalLong.empty(), false));
        assertThat(state.fields().catchers()).singleElement().satisfies(catcher -> {
            assertThat(catcher.next()).isEqualTo("N");
            assertThat(catcher.resultPath()).isEqualTo(StateFields.ResultPath.DISCARD);
        });
    }

    @Test
    void whatIsNotWrittenHasItsDefault() {
        var fields = validState("'Type':'Pass','InputPath':'$','ResultPath':'$','End':true")
                .fields();

        assertThat(fields.inputPath()).isEqualTo(StateFields.PathField.WHOLE);
        assertThat(fields.outputPath()).isEqualTo(StateFields.PathField.WHOLE);
        assertThat(fields.resultPath()).isEqualTo(StateFields.ResultPath.REPLACE);
        assertThat(fields.next()).isEmpty();
    }

    @Test
    void aWaitIsReadInItsFourForms() {
        assertThat(((State.Wait) validState("'Type':'Wait','Seconds':0,'Next':'N'"))
                        .time()
                        .seconds())
                .hasValue(0);
        assertThat(((State.Wait) validState("'Type':'Wait','SecondsPath':'$.s','Next':'N'"))
                        .time()
                        .secondsPath())
                .isPresent();
        assertThat(((State.Wait) validState("'Type':'Wait','Timestamp':'2016-03-14T01:59:00Z','Next':'N'"))
                        .time()
                        .timestamp())
                .contains(Instant.parse("2016-03-14T01:59:00Z"));
        assertThat(((State.Wait) validState("'Type':'Wait','TimestampPath':'$$.Execution.StartTime','Next':'N'"))
                        .time()
                        .timestampPath())
                .isPresent();
    }

    @Test
    void aFailIsReadWithTextsOrPaths() {
        var state = (State.Fail) validState(
                "'Type':'Fail','Error':'E','CausePath':'States.Format(\\'{}\\', $.c)'".replace("\\'", "\\u0027"));

        assertThat(state.error().orElseThrow().literal()).contains("E");
        assertThat(state.cause().orElseThrow().path()).isPresent();
    }

    @Test
    void branchesAndProcessorsAreReadWithAllTheirStates() {
        var machine = valid("""
                {'Comment':'c','Version':'1.0','TimeoutSeconds':9,'QueryLanguage':'JSONPath','StartAt':'P','States':{
                 'P':{'Type':'Parallel','Branches':[
                    {'StartAt':'A','States':{'A':{'Type':'Pass','End':true}}},
                    {'StartAt':'M','States':{'M':{'Type':'Map','ItemsPath':'$.items','MaxConcurrencyPath':'$.max','End':true,
                       'ItemSelector':{'v.$':'$$.Map.Item.Value'},
                       'ItemProcessor':{'ProcessorConfig':{'Mode':'INLINE'},'StartAt':'I','States':{'I':{'Type':'Succeed'}}}}}}],
                  'Next':'D'},
                 'D':{'Type':'Map','Parameters':{'x':1},'MaxConcurrency':3,'End':true,
                    'Iterator':{'StartAt':'J','States':{'J':{'Type':'Pass','End':true}}}}}}
                """);

        assertThat(machine.states().keySet()).containsExactlyInAnyOrder("P", "A", "M", "I", "D", "J");
        assertThat(machine.timeoutSeconds()).hasValue(9);
        assertThat(machine.workflow().states().keySet()).containsExactly("P", "D");
        var map = (State.MapState) machine.state("M");
        assertThat(map.itemsPath()).hasToString("$.items");
        assertThat(map.itemSelector()).isPresent();
        assertThat(map.maxConcurrency().path()).isPresent();
        var old = (State.MapState) machine.state("D");
        assertThat(old.itemsPath()).hasToString("$");
        assertThat(old.itemSelector()).isPresent();
        assertThat(old.fields().parameters()).isEmpty();
        assertThat(old.maxConcurrency().literal()).hasValue(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                     | SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at /
            ``                                     | SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at /
            {}                                     | SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /
            {'StartAt':'A'}                        | SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /
            {'StartAt':'A','States':{}}            | SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States
            {'StartAt':'A','States':[]}            | SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States
            {'StartAt':1,'States':{'A':{'Type':'Succeed'}}} | SCHEMA_VALIDATION_FAILED: Expected value of type String at /StartAt
            {'StartAt':'B','States':{'A':{'Type':'Succeed'}}} | MISSING_TRANSITION_TARGET: Missing 'StartAt' target: B at /StartAt
            {'StartAt':'A','States':{'A':{'Type':'Succeed'}},'X':1} | SCHEMA_VALIDATION_FAILED: Field 'X' is not supported at /
            {'StartAt':'A','States':{'A':1}}       | SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States/A
            {'StartAt':'A','States':{'A':{'Type':'Pass','Next':'A'}}} | MISSING_END_STATE: Workflow has no terminal state at null
            {'StartAt':'A','States':{'A':{'Type':'Pass','End':true},'C':{'Type':'Succeed'}}} | MISSING_TRANSITION_TARGET: State "C" is not reachable. at /States/C
            {'StartAt':'A','States':{'A':{'Type':'Pass','Next':'b'},'B':{'Type':'Succeed'}}} | MISSING_TRANSITION_TARGET: Missing 'Next' target: b at /States/A/Next
            {'StartAt':'A','States':{'A':{'Type':'Succeed'}},'TimeoutSeconds':0} | SCHEMA_VALIDATION_FAILED: The value must be an integer from 1 to 99999999 at /TimeoutSeconds
            {'StartAt':'A','States':{'A':{'Type':'Succeed'}},'Version':'2.0'} | SCHEMA_VALIDATION_FAILED: The version must be '1.0' at /Version
            """)
    void aMachineThatIsWrongIsTold(String definition, String errors) {
        assertThat(parse(definition).errors()).isEqualTo(errors);
        assertThat(parse(definition).stateMachine()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'End':true                                                    | SCHEMA_VALIDATION_FAILED: These fields are required: [Type] at /States/S
            'Type':'Foo','End':true                                       | SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/S/Type
            'Type':'Pass'                                                 | SCHEMA_VALIDATION_FAILED: One of the fields 'Next' and 'End' is required at /States/S
            'Type':'Pass','Next':'N','End':true                           | SCHEMA_VALIDATION_FAILED: Only one of the fields 'Next' and 'End' may be specified at /States/S
            'Type':'Succeed','End':true                                   | SCHEMA_VALIDATION_FAILED: Field 'End' is not supported at /States/S
            'Type':'Parallel','TimeoutSeconds':1,'Branches':[{'StartAt':'B','States':{'B':{'Type':'Succeed'}}}],'End':true | SCHEMA_VALIDATION_FAILED: Field 'TimeoutSeconds' is not supported at /States/S
            'Type':'Pass','Output':1,'End':true                           | SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/S
            'Type':'Pass','QueryLanguage':'XPath','End':true              | SCHEMA_VALIDATION_FAILED: The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata] at /States/S/QueryLanguage
            'Type':'Pass','Parameters':{'parsed.$':'States.StringToJson('},'End':true | SCHEMA_VALIDATION_FAILED: The value for the field 'parsed.$' must be a valid JSONPath or a valid intrinsic function call at /States/S/Parameters
            'Type':'Pass','Parameters':{'q':[{'v.$':1}]},'End':true       | SCHEMA_VALIDATION_FAILED: The value for the field 'v.$' must be a valid JSONPath or a valid intrinsic function call at /States/S/Parameters/q[0]
            'Type':'Wait','End':true                                      | SCHEMA_VALIDATION_FAILED: Exactly one of these fields is required: [Seconds, SecondsPath, Timestamp, TimestampPath] at /States/S
            'Type':'Wait','Seconds':1,'SecondsPath':'$.s','End':true      | SCHEMA_VALIDATION_FAILED: Exactly one of these fields is required: [Seconds, SecondsPath, Timestamp, TimestampPath] at /States/S
            'Type':'Wait','Seconds':-1,'End':true                         | SCHEMA_VALIDATION_FAILED: The value must be an integer from 0 to 99999999 at /States/S/Seconds
            'Type':'Wait','Seconds':99999999999999999999,'End':true       | SCHEMA_VALIDATION_FAILED: The value must be an integer from 0 to 99999999 at /States/S/Seconds
            'Type':'Wait','Seconds':1.5,'End':true                        | SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /States/S/Seconds
            'Type':'Wait','Timestamp':'2016-12-05 21:29:29Z','End':true   | SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/S/Timestamp
            'Type':'Task','End':true                                      | SCHEMA_VALIDATION_FAILED: These fields are required: [Resource] at /States/S
            'Type':'Task','Resource':'x','End':true                       | SCHEMA_VALIDATION_FAILED: The resource provided x is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/S/Resource
            'Type':'Task','Resource':'ACTIVITY','TimeoutSeconds':5,'HeartbeatSeconds':5,'End':true | SCHEMA_VALIDATION_FAILED: 'HeartbeatSeconds' must be smaller than 'TimeoutSeconds' at /States/S/HeartbeatSeconds
            'Type':'Task','Resource':'ACTIVITY','TimeoutSeconds':5,'TimeoutSecondsPath':'$.t','End':true | SCHEMA_VALIDATION_FAILED: Only one of the fields 'TimeoutSeconds' and 'TimeoutSecondsPath' may be specified at /States/S
            'Type':'Task','Resource':'ACTIVITY','Credentials':{},'End':true | SCHEMA_VALIDATION_FAILED: The field 'RoleArn' is required but was missing at /States/S/Credentials
            'Type':'Fail','Error':'E','ErrorPath':'$.e'                   | SCHEMA_VALIDATION_FAILED: Only one of the fields 'Error' and 'ErrorPath' may be specified at /States/S
            'Type':'Parallel','Branches':[],'End':true                    | SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/S/Branches
            'Type':'Parallel','Branches':[{'StartAt':'B','States':{'B':{'Type':'Pass','Next':'S'}}}],'End':true | MISSING_TRANSITION_TARGET: Missing 'Next' target: S at /States/S/Branches[0]/States/B/Next
            'Type':'Parallel','Branches':[{'StartAt':'S','States':{'S':{'Type':'Succeed'}}}],'End':true | DUPLICATE_STATE_NAME: Duplicate State name: S at /States/S/Branches[0]/States/S
            'Type':'Map','End':true                                       | SCHEMA_VALIDATION_FAILED: These fields are required: [ItemProcessor] at /States/S
            'Type':'Choice','Choices':[]                                  | SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/S/Choices
            'Type':'Choice'                                               | SCHEMA_VALIDATION_FAILED: These fields are required: [Choices] at /States/S
            'Type':'Task','Resource':'ACTIVITY','End':true,'Retry':[{'ErrorEquals':['States.ALL','A']}] | SCHEMA_VALIDATION_FAILED: 'States.ALL' must appear alone at /States/S/Retry[0]/ErrorEquals
            'Type':'Task','Resource':'ACTIVITY','End':true,'Retry':[{'ErrorEquals':['States.ALL']},{'ErrorEquals':['A']}] | SCHEMA_VALIDATION_FAILED: 'States.ALL' must appear in the last entry only at /States/S/Retry[0]/ErrorEquals
            'Type':'Task','Resource':'ACTIVITY','End':true,'Retry':[{'ErrorEquals':[]}] | SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/S/Retry[0]/ErrorEquals
            'Type':'Task','Resource':'ACTIVITY','End':true,'Retry':[{'IntervalSeconds':1}] | SCHEMA_VALIDATION_FAILED: These fields are required: [ErrorEquals] at /States/S/Retry[0]
            'Type':'Task','Resource':'ACTIVITY','End':true,'Retry':[{'ErrorEquals':['A'],'BackoffRate':0.9}] | SCHEMA_VALIDATION_FAILED: The value must be a number of at least 1.0 at /States/S/Retry[0]/BackoffRate
            'Type':'Task','Resource':'ACTIVITY','End':true,'Retry':[{'ErrorEquals':['A'],'IntervalSeconds':3,'MaxDelaySeconds':3}] | SCHEMA_VALIDATION_FAILED: 'MaxDelaySeconds' must be greater than 'IntervalSeconds' at /States/S/Retry[0]/MaxDelaySeconds
            'Type':'Task','Resource':'ACTIVITY','End':true,'Retry':[{'ErrorEquals':['A'],'MaxDelaySeconds':31622400}] | SCHEMA_VALIDATION_FAILED: The value must be an integer from 1 to 31622399 at /States/S/Retry[0]/MaxDelaySeconds
            'Type':'Task','Resource':'ACTIVITY','End':true,'Retry':[{'ErrorEquals':['A'],'MaxAttempts':-1}] | SCHEMA_VALIDATION_FAILED: The value must be an integer from 0 to 99999999 at /States/S/Retry[0]/MaxAttempts
            'Type':'Task','Resource':'ACTIVITY','End':true,'Retry':[{'ErrorEquals':['A'],'JitterStrategy':'SOME'}] | SCHEMA_VALIDATION_FAILED: The field 'JitterStrategy' should have one of these values: [FULL, NONE] at /States/S/Retry[0]/JitterStrategy
            'Type':'Task','Resource':'ACTIVITY','End':true,'Catch':[{'ErrorEquals':['A']}] | SCHEMA_VALIDATION_FAILED: These fields are required: [Next] at /States/S/Catch[0]
            'Type':'Task','Resource':'ACTIVITY','End':true,'Catch':[{'ErrorEquals':['A'],'Next':'X'}] | MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/S/Catch[0]/Next
            'Type':'Task','Resource':'ACTIVITY','End':true,'Catch':[{'ErrorEquals':['A'],'Next':'N','X':1}] | SCHEMA_VALIDATION_FAILED: Field 'X' is not supported at /States/S/Catch[0]
            """)
    void aStateThatIsWrongIsToldAtItsPlace(String fields, String errors) {
        assertThat(state(fields).errors()).isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'Type':'Pass','InputPath':'$.','End':true        | /States/S/InputPath
            'Type':'Pass','OutputPath':1,'End':true          | /States/S/OutputPath
            'Type':'Pass','ResultPath':'$.a[*]','End':true   | /States/S/ResultPath
            'Type':'Pass','ResultPath':'$$.a','End':true     | /States/S/ResultPath
            'Type':'Wait','SecondsPath':'$..s','End':true    | /States/S/SecondsPath
            'Type':'Fail','ErrorPath':'States.MathAdd(1,2)'  | /States/S/ErrorPath
            'Type':'Fail','CausePath':'$.a[*]'               | /States/S/CausePath
            """)
    void aPathThatDoesNotFitIsToldAtItsPlace(String fields, String location) {
        assertThat(state(fields).diagnostics())
                .singleElement()
                .satisfies(diagnostic -> assertThat(diagnostic.location()).contains(location));
    }

    @Test
    void allErrorsAreToldAtOnce() {
        var parsed = state("'Type':'Wait','Seconds':-1,'Foo':1,'Next':'X'");

        assertThat(parsed.diagnostics())
                .extracting(Diagnostic::code)
                .containsExactly("SCHEMA_VALIDATION_FAILED", "SCHEMA_VALIDATION_FAILED", "MISSING_TRANSITION_TARGET");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'states':1                 | The variable name 'states' is reserved
            'states.$':'$'             | The variable name 'states' is reserved
            '1x':1                     | The variable name '1x' is not valid: it must start with a letter, have only letters, digits and underscores, and at most 80 characters
            '_x':1                     | The variable name '_x' is not valid: it must start with a letter, have only letters, digits and underscores, and at most 80 characters
            'x.y':1                    | The variable name 'x.y' is not valid: it must start with a letter, have only letters, digits and underscores, and at most 80 characters
            'x':1,'x.$':'$'            | The variable 'x' is assigned twice
            'x.$':'$['                 | The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call
            """)
    void anAssignThatIsWrongIsToldAtItsPlace(String assign, String message) {
        assertThat(state("'Type':'Pass','Assign':{" + assign + "},'End':true").diagnostics())
                .containsExactly(new Diagnostic(
                        Diagnostic.Severity.ERROR,
                        "SCHEMA_VALIDATION_FAILED",
                        message,
                        Optional.of("/States/S/Assign")));
    }

    @Test
    void variableNamesMayBeInAnyScript() {
        assertThat(state("'Type':'Pass','Assign':{'größe_1':1,'数':2,'" + "x".repeat(80) + "':3},'End':true")
                        .diagnostics())
                .isEmpty();
        assertThat(state("'Type':'Pass','Assign':{'" + "x".repeat(81) + "':3},'End':true")
                        .diagnostics())
                .hasSize(1);
    }

    @Test
    void anInnerScopeMayNotAssignWhatAnOuterOneAssigns() {
        var definition = "{'StartAt':'P','States':{"
                + "'P':{'Type':'Parallel','Next':'E','Branches':["
                + "{'StartAt':'A','States':{'A':{'Type':'Pass','Assign':{'x':1,'y':1},'End':true}}},"
                + "{'StartAt':'B','States':{'B':{'Type':'Pass','Assign':{'y':1},'End':true}}}]},"
                + "'E':{'Type':'Pass','Assign':{'x':2},'End':true}}}";

        assertThat(parse(definition).diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.message())
                    .isEqualTo("The variable 'x' is assigned in an outer scope and cannot be assigned here");
            assertThat(diagnostic.location()).contains("/States/P/Branches[0]/States/A/Assign");
        });
    }

    @Test
    void theVariablesThatStatesLookIntoAreKnownByState() {
        var definition = "{'StartAt':'C','States':{"
                + "'C':{'Type':'Choice','Default':'M','Choices':[{'Variable':'$b','StringEqualsPath':'$a.x','Next':'M'}]},"
                + "'M':{'Type':'Map','ItemsPath':'$items','MaxConcurrencyPath':'$max','Next':'F',"
                + "'ItemSelector':{'v.$':'States.Array($one, $$.Map.Item.Value)'},"
                + "'Catch':[{'ErrorEquals':['States.ALL'],'Next':'F','Assign':{'e.$':'$before'}}],"
                + "'ItemProcessor':{'StartAt':'I','States':{'I':{'Type':'Pass','Assign':{'z.$':'$y'},'End':true}}}},"
                + "'F':{'Type':'Fail','ErrorPath':'$err','CausePath':'States.Format($text)'}}}";

        var machine = parse(definition).stateMachine().orElseThrow();

        assertThat(machine.references().toString())
                .isEqualTo("{C=[a, b], F=[err, text], I=[y], M=[before, items, max, one]}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'Type':'Task','Resource':'arn:aws:states:::sqs:sendMessage.waitForTaskToken','End':true | /States/S/Resource
            'Type':'Task','Resource':'arn:aws:states:::states:startExecution.sync:2','End':true | /States/S/Resource
            'Type':'Task','Resource':'arn:aws:states:::aws-sdk:s3:listBuckets','End':true | /States/S/Resource
            'Type':'Map','ItemProcessor':{'ProcessorConfig':{'Mode':'DISTRIBUTED','ExecutionType':'STANDARD'},'StartAt':'B','States':{'B':{'Type':'Succeed'}}},'End':true | /States/S/ItemProcessor/ProcessorConfig/Mode
            """)
    void whatIsNotDoneYetIsRefusedByName(String fields, String location) {
        var parsed = state(fields);

        assertThat(parsed.stateMachine()).isEmpty();
        assertThat(parsed.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.code()).isEqualTo("SCHEMA_VALIDATION_FAILED");
            assertThat(diagnostic.message()).endsWith("is not supported yet by this version of Stepstream");
            assertThat(diagnostic.location()).contains(location);
        });
    }

    @Test
    void aJsonataMachineMayNotGoBackToJsonPath() {
        assertThat(parse("{'QueryLanguage':'JSONata','StartAt':'S','States':{'S':{'Type':'Pass','End':true,"
                                + "'QueryLanguage':'JSONPath'}}}")
                        .errors())
                .isEqualTo(
                        "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole"
                                + " state machine at /States/S");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            arn:aws:states:us-east-1:123456789012:activity:work | Activity ARN
            arn:aws:states:::states:startExecution.sync         | '.sync' service integration
            arn:aws:states:::sqs:sendMessage.waitForTaskToken   | '.waitForTaskToken' service integration
            """)
    void someResourcesAreNotForExpress(String resource, String what) {
        var definition = "{'StartAt':'S','States':{'S':{'Type':'Task','Resource':'" + resource + "','End':true}}}";

        assertThat(AslParser.parse(definition.replace('\'', '"'), "EXPRESS").diagnostics())
                .singleElement()
                .satisfies(diagnostic ->
                        assertThat(diagnostic.message()).startsWith("Express state machine does not support " + what));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'Type':'Pass','Result':'$.a','End':true                              | PASS_RESULT_IS_STATIC | /States/S/Result
            'Type':'Pass','Parameters':{'a':{'b':'$.c'}},'End':true              | NO_DOLLAR | /States/S/Parameters/a
            'Type':'Pass','Parameters':{'a':'$$.State.Name'},'End':true          | NO_DOLLAR | /States/S/Parameters
            'Type':'Pass','Parameters':{'a':'$[0]'},'End':true                   | NO_DOLLAR | /States/S/Parameters
            'Type':'Pass','Parameters':{'a':'$'},'End':true                      | NO_DOLLAR | /States/S/Parameters
            'Type':'Pass','Assign':{'a':'States.UUID()'},'End':true              | NO_DOLLAR | /States/S/Assign
            'Type':'Fail','Error':'$.error'                                      | NO_PATH   | /States/S/Error
            'Type':'Fail','Cause':'States.Format(1)'                             | NO_PATH   | /States/S/Cause
            'Type':'Choice','Default':'S','Choices':[{'Variable':'$.a','StringEquals':'$.b','Next':'E'}] | NO_PATH | /States/S/Choices[0]/StringEquals
            """)
    void whatWasPerhapsMeantToBeAPathIsWarnedOf(String fields, String code, String location) {
        var end = fields.contains("Choice") ? ",'E':{'Type':'Succeed'}" : "";
        var parsed = parse("{'StartAt':'S','States':{'S':{" + fields + "}" + end + "}}");

        assertThat(parsed.stateMachine()).isPresent();
        assertThat(parsed.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.WARNING);
            assertThat(diagnostic.code()).isEqualTo(code);
            assertThat(diagnostic.location()).contains(location);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'ToleratedFailureCount':0                       |
            'ToleratedFailureCount':5                       |
            'ToleratedFailureCountPath':'$.n'               |
            'ToleratedFailurePercentage':99.5               |
            'ToleratedFailurePercentagePath':'$p'           |
            'QueryLanguage':'JSONata','ToleratedFailurePercentage':'{% $p %}' |
            'QueryLanguage':'JSONata','ToleratedFailureCount':'{% $p + 1 %}'  |
            'ToleratedFailureCount':-1                      | /States/M/ToleratedFailureCount
            'ToleratedFailureCount':1.5                     | /States/M/ToleratedFailureCount
            'ToleratedFailurePercentage':101                | /States/M/ToleratedFailurePercentage
            'ToleratedFailurePercentage':'50'               | /States/M/ToleratedFailurePercentage
            'ToleratedFailureCountPath':'$.n[*]'            | /States/M/ToleratedFailureCountPath
            'ToleratedFailureCount':1,'ToleratedFailureCountPath':'$.n' | /States/M
            """)
    void anInlineMapMayHaveATolerance(String field, String location) {
        var parsed = parse("{'StartAt':'M','States':{'M':{'Type':'Map'," + field
                + ",'ItemProcessor':{'StartAt':'B','States':{'B':{'Type':'Succeed'}}},'End':true}}}");

        assertThat(parsed.diagnostics().stream()
                        .map(diagnostic -> diagnostic.location().orElse(""))
                        .toList())
                .isEqualTo(location == null ? List.of() : List.of(location));
        parsed.stateMachine()
                .ifPresent(machine -> assertThat(machine.references())
                        .isEqualTo(field.contains("$p") ? Map.of("M", Set.of("p")) : Map.of()));
    }

    @Test
    void anAmountOfMoneyIsNoPath() {
        assertThat(state("'Type':'Pass','Result':{'a':'$100'},'Assign':{'a':'$5','b':'US$ 7'},'End':true")
                        .diagnostics())
                .isEmpty();
    }

    @Test
    void aResultThatLooksLikeATemplateIsWarnedOf() {
        var parsed = state("'Type':'Pass','Result':{'a':[{'b.$':'$.c'}]},'End':true");

        assertThat(parsed.stateMachine()).isPresent();
        assertThat(parsed.errors()).isEmpty();
        assertThat(parsed.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.WARNING);
            assertThat(diagnostic.code()).isEqualTo("PASS_RESULT_IS_STATIC");
        });
    }

    @Test
    void whatIsNoJsonIsToldInTheReadersWords() {
        assertThat(AslParser.parse("not json", "STANDARD").errors())
                .startsWith("INVALID_JSON_DESCRIPTION: Unrecognized token 'not'")
                .endsWith(" at [Source: (String)\"not json\"; line: 1, column: 4]");
    }

    @Test
    void aNameHasAtMostEightyCharactersOfAnyPlane() {
        var eighty = "😀".repeat(80);

        valid("{'StartAt':'" + eighty + "','States':{'" + eighty + "':{'Type':'Succeed'}}}");
        assertThat(parse("{'StartAt':'x" + eighty + "','States':{'x" + eighty + "':{'Type':'Succeed'}}}")
                        .errors())
                .startsWith("INVALID_STATE_NAME: The name of a state must have 1 to 80 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":2}",
                "{} {}",
                "{\"StartAt\":\"\\ud800\",\"States\":{}}",
                "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"Result\":{\"\\udc00\":1},\"End\":true}}}",
                "\u0000",
                "{\"StartAt\":null,\"States\":null}",
                "{\"StartAt\":\"A\",\"States\":{\"A\":null}}",
                "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":null}}}",
                "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Wait\",\"Seconds\":1e999999999,\"End\":true}}}",
                "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Task\",\"Resource\":[],\"Retry\":1,\"Catch\":[null]}}}"
            })
    void hostileTextGivesADiagnostic(String definition) {
        var parsed = AslParser.parse(definition, "STANDARD");

        assertThat(parsed.stateMachine()).isEmpty();
        assertThat(parsed.errors()).isNotEmpty();
    }

    /** On half of the usual stack: Streams' threads have things of their own on it. */
    private static String errorsOnASmallStack(String definition) throws InterruptedException {
        var errors = new String[] {"nothing came back"};
        var thread = new Thread(
                null,
                () -> errors[0] = AslParser.parse(definition.replace('\'', '"'), "STANDARD")
                        .errors(),
                "small-stack",
                512 * 1024);
        thread.start();
        thread.join();
        return errors[0];
    }

    private static String choice(int depth) {
        return "{'StartAt':'A','States':{'A':{'Type':'Choice','Choices':[{'Next':'E','Not':" + "{'Not':".repeat(depth)
                + "{'Variable':'$.a','IsNull':true}" + "}".repeat(depth) + "}]},'E':{'Type':'Succeed'}}}";
    }

    private static String parallels(int depth) {
        var text = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            text.append("{'StartAt':'S")
                    .append(i)
                    .append("','States':{'S")
                    .append(i)
                    .append("':{'Type':'Parallel','End':true,'Branches':[");
        }
        return text + "{'StartAt':'S','States':{'S':{'Type':'Succeed'}}}" + "]}}}".repeat(depth);
    }

    private static String template(int depth) {
        return "{'StartAt':'A','States':{'A':{'Type':'Pass','Parameters':" + "{'a':".repeat(depth) + "{'b.$':'$'}"
                + "}".repeat(depth) + ",'End':true}}}";
    }

    @Test
    void whatIsNestedWithinTheLimitsIsRead() throws InterruptedException {
        assertThat(errorsOnASmallStack(choice(90))).isEmpty();
        assertThat(errorsOnASmallStack(parallels(90))).isEmpty();
        assertThat(errorsOnASmallStack(template(90))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 200, 900, 1_001, 50_000})
    void depthGivesADiagnosticAndNotTheEndOfTheStack(int depth) throws InterruptedException {
        assertThat(errorsOnASmallStack(choice(depth))).containsAnyOf("nested", "depth");
        assertThat(errorsOnASmallStack(parallels(depth))).containsAnyOf("nested", "depth", "longer");
    }

    @Test
    void aTemplateIsAsDeepAsJsonMayBe() {
        valid(template(990));
        assertThat(parse(template(1_001)).errors()).contains("depth");
    }

    @Test
    void tenThousandStatesAreReadAndChecked() {
        int count = 10_000;
        var text = new StringBuilder("{'StartAt':'S0','States':{");
        for (int i = 0; i < count; i++) {
            text.append("'S")
                    .append(i)
                    .append("':{'Type':'Pass','Next':'S")
                    .append(i + 1)
                    .append("'},");
        }
        text.append("'S").append(count).append("':{'Type':'Succeed'}}}");

        assertThat(valid(text.toString()).states()).hasSize(count + 1);
    }

    @Test
    void aDefinitionBeyondTheLimitIsRefusedUnread() {
        assertThat(AslParser.parse(" ".repeat(Limits.DEFINITION + 1), "STANDARD")
                        .errors())
                .contains("must not be longer than 1048576");
    }

    @Test
    void endlessErrorsAreCutShort() {
        var text = new StringBuilder("{'StartAt':'A','States':{'A':{'Type':'Succeed'");
        for (int i = 0; i < 5_000; i++) {
            text.append(",'f").append(i).append("':1");
        }

        assertThat(parse(text + "}}}").diagnostics()).hasSize(1_000);
    }
}
