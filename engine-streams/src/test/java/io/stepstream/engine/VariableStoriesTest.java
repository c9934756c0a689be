package io.stepstream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.stepstream.asl.run.RunLimits;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.event.HistoryEventType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Assign, and what {@code $name} means afterwards. */
class VariableStoriesTest {

    @Test
    void anAssignedVariableIsSeenByTheNextState() {
        var world = run("""
                {"StartAt": "A", "States": {
                  "A": {"Type": "Pass", "Assign": {"x.$": "$.a", "y": {"z.$": "$"}}, "Next": "B"},
                  "B": {"Type": "Pass", "Parameters": {"x.$": "$x", "a.$": "$y.z.a"}, "End": true}}}
                """, "{\"a\":1}");
        assertEquals(Optional.of("{\"x\":1,\"a\":1}"), world.output());
        assertEquals(
                "{\"output\":\"{\\\"a\\\":1}\",\"outputDetails\":{\"truncated\":false},\"name\":\"A\","
                        + "\"assignedVariables\":{\"x\":\"1\",\"y\":\"{\\\"z\\\":{\\\"a\\\":1}}\"},"
                        + "\"assignedVariablesDetails\":{\"truncated\":false}}",
                world.details(3).toString());
    }

    @Test
    void twoVariablesAreSwappedInOneAssign() {
        var world = run("""
                {"StartAt": "A", "States": {
                  "A": {"Type": "Pass", "Assign": {"x": 1, "y": 2}, "Next": "B"},
                  "B": {"Type": "Pass", "Assign": {"x.$": "$y", "y.$": "$x"}, "OutputPath": "$x", "Next": "C"},
                  "C": {"Type": "Pass", "Parameters": {"x.$": "$x", "y.$": "$y", "was.$": "$"}, "End": true}}}
                """, "{}");
        assertEquals(Optional.of("{\"x\":2,\"y\":1,\"was\":1}"), world.output());
    }

    @Test
    void anEmptyAssignIsNotTold() {
        var world = run("""
                {"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {}, "End": true}}}
                """, "{}");
        assertFalse(world.details(3).has("assignedVariables"));
        assertFalse(world.details(3).has("assignedVariablesDetails"));
    }

    /** The states that do no work, and the one whose result is literal. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "Type": "Pass", "InputPath": "$.a"                           | {"b":2}
            "Type": "Pass", "Parameters": {"p": 1}                       | {"p":1}
            "Type": "Pass", "Result": [3], "ResultPath": "$.r"           | [3]
            "Type": "Wait", "Seconds": 0, "InputPath": "$.a"             | {"b":2}
            "Type": "Wait", "Seconds": 0, "OutputPath": "$.b"            | {"a":{"b":2},"b":1}
            """)
    void theDollarInAssignIsWhatTheStateHasMade(String fields, String value) {
        var world = run("""
                {"StartAt": "A", "States": {
                  "A": {FIELDS, "Assign": {"x.$": "$"}, "Next": "B"},
                  "B": {"Type": "Pass", "InputPath": "$x", "End": true}}}
                """.replace("FIELDS", fields), "{\"a\":{\"b\":2},\"b\":1}");
        assertEquals(Optional.of(value), world.output());
    }

    @Test
    void aTaskAssignsItsSelectedResult() {
        var world = new World().activity("work").machine("""
                {"StartAt": "A", "States": {
                  "A": {"Type": "Task", "Resource": "%s", "ResultSelector": {"r.$": "$.v"}, "ResultPath": null,
                    "Assign": {"x.$": "$", "id.$": "$$.State.Name"}, "Next": "B"},
                  "B": {"Type": "Pass", "Parameters": {"x.$": "$x", "id.$": "$id"}, "End": true}}}
                """.formatted(World.activityArn("work")));
        world.start("{}");
        world.workerSucceeds("work", "{\"v\":7}");
        assertEquals(Optional.of("{\"x\":{\"r\":7},\"id\":\"A\"}"), world.output());
        assertEquals(0, world.rows(ExecutionDecider.EXECUTIONS));
    }

    @ParameterizedTest
    @CsvSource({"1, rule", "2, 'default'"})
    void aChoiceAssignsByItsRuleOrElseByItself(int input, String value) {
        var world = run("""
                {"StartAt": "C", "States": {
                  "C": {"Type": "Choice", "Default": "E", "Assign": {"x": "default"}, "Choices": [
                    {"Variable": "$", "NumericEquals": 1, "Next": "E", "Assign": {"x": "rule"}}]},
                  "E": {"Type": "Pass", "InputPath": "$x", "End": true}}}
                """, Integer.toString(input));
        assertEquals(Optional.of('"' + value + '"'), world.output());
    }

    @Test
    void aCatcherAssignsInTheScopeOfItsStateAndTheStateItselfDoesNot() {
        var world = run("""
                {"StartAt": "P", "States": {
                  "P": {"Type": "Parallel", "Assign": {"x": "state"}, "Next": "E",
                    "Branches": [{"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Bad", "Cause": "why"}}}],
                    "Catch": [{"ErrorEquals": ["Bad"], "Next": "E", "Assign": {"x.$": "$.Error", "y.$": "$"}}]},
                  "E": {"Type": "Pass", "Parameters": {"x.$": "$x", "y.$": "$y"}, "End": true}}}
                """, "{}");
        assertEquals(Optional.of("{\"x\":\"Bad\",\"y\":{\"Error\":\"Bad\",\"Cause\":\"why\"}}"), world.output());
    }

    @Test
    void innerScopesReadOutwardsAndKnowNothingOfTheirSiblings() {
        var world = run("""
                {"StartAt": "A", "States": {
                  "A": {"Type": "Pass", "Assign": {"outer": 10}, "Next": "M"},
                  "M": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "C", "States": {
                    "C": {"Type": "Choice", "Default": "No", "Choices": [
                      {"Variable": "$own", "IsPresent": true, "Next": "F"}]},
                    "No": {"Type": "Pass", "Assign": {"own.$": "$"}, "Next": "P"},
                    "P": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "S", "States": {
                      "S": {"Type": "Pass", "Parameters": {"sum.$": "States.MathAdd($outer, $own)"}, "End": true}}}]},
                    "F": {"Type": "Fail"}}}}}}
                """, "[1,2,3]");
        assertEquals(Optional.of("[[{\"sum\":11}],[{\"sum\":12}],[{\"sum\":13}]]"), world.output());
        assertEquals(0, world.rows(ExecutionDecider.EXECUTIONS));
    }

    @Test
    void whatABranchAssignsIsGoneWithIt() {
        var world = run("""
                {"StartAt": "P", "States": {
                  "P": {"Type": "Parallel", "Next": "E", "Branches": [{"StartAt": "S", "States": {
                    "S": {"Type": "Pass", "Assign": {"x": 1}, "End": true}}}]},
                  "E": {"Type": "Pass", "Parameters": {"y.$": "$x"}, "End": true}}}
                """, "{}");
        assertEquals(Optional.of("States.Runtime"), world.status().error());
        assertEquals(
                Optional.of("An error occurred while executing the state 'E' (entered at the event id #8). "
                        + "The JSONPath '$x' specified for the field 'y.$' could not be found in the input '[{}]'"),
                world.status().cause());
    }

    @Test
    void anotherAttemptStartsFromTheVariablesOnEntry() {
        var world = new World().activity("work").machine("""
                {"StartAt": "A", "States": {
                  "A": {"Type": "Pass", "Assign": {"n": 1}, "Next": "P"},
                  "P": {"Type": "Parallel", "End": true, "Retry": [{"ErrorEquals": ["States.ALL"]}],
                    "Branches": [{"StartAt": "C", "States": {
                      "C": {"Type": "Choice", "Default": "V", "Choices": [
                        {"Variable": "$seen", "IsPresent": true, "Next": "F"}]},
                      "F": {"Type": "Fail", "Error": "Leaked"},
                      "V": {"Type": "Pass", "Assign": {"seen": true}, "Next": "T"},
                      "T": {"Type": "Task", "Resource": "%s", "Parameters": {"n.$": "$n"}, "End": true}}}]}}}
                """.formatted(World.activityArn("work")));
        world.start("{}");
        world.fail(world.workerStarts("work"), Optional.of("Busy"), Optional.empty());
        world.passes(java.time.Duration.ofSeconds(1));
        world.workerSucceeds("work", "1");
        assertEquals(Status.SUCCEEDED, world.status().status());
        assertEquals(0, world.rows(ExecutionDecider.EXECUTIONS));
    }

    @Test
    void aWaitSeesTheVariablesAfterwards() {
        var world = new World().machine("""
                {"StartAt": "A", "States": {
                  "A": {"Type": "Pass", "Assign": {"s": 5, "long": "LONG"}, "Next": "W"},
                  "W": {"Type": "Wait", "SecondsPath": "$s", "Assign": {"s.$": "States.MathAdd($s, 1)"}, "Next": "E"},
                  "E": {"Type": "Pass", "Parameters": {"s.$": "$s", "long.$": "$long"}, "End": true}}}
                """.replace("LONG", "x".repeat(5_000)));
        world.start("{}");
        world.passes(java.time.Duration.ofSeconds(5));
        assertEquals(Optional.of("{\"s\":6,\"long\":\"" + "x".repeat(5_000) + "\"}"), world.output());
        assertEquals(0, world.rows(ExecutionDecider.EXECUTIONS));
    }

    @Test
    void whatOneStateAssignsHasALimit() {
        var world = World.with(RunLimits.DEFAULTS.withVariables(10, 20)).machine("""
                {"StartAt": "A", "States": {
                  "A": {"Type": "Pass", "Assign": {"x": 12345, "y": 12345}, "Next": "B"},
                  "B": {"Type": "Pass", "Assign": {"x": 12345, "y": 123456}, "End": true}}}
                """);
        world.start("{}");
        assertEquals(Optional.of("States.Runtime"), world.status().error());
        assertEquals(
                List.of("4<3 PassStateEntered", "5<4 ExecutionFailed"),
                world.course().subList(3, 5));
    }

    @Test
    void allVariablesTogetherHaveALimitAndWhatIsReplacedOrGoneDoesNotCount() {
        var world = World.with(RunLimits.DEFAULTS.withVariables(10, 20)).machine("""
                {"StartAt": "A", "States": {
                  "A": {"Type": "Pass", "Assign": {"x": 1234567890}, "Next": "B"},
                  "B": {"Type": "Pass", "Assign": {"x": 1234567890}, "Next": "M"},
                  "M": {"Type": "Map", "ItemsPath": "$", "MaxConcurrency": 1, "Next": "C",
                    "ItemProcessor": {"StartAt": "I", "States": {
                      "I": {"Type": "Pass", "Assign": {"y": 1234567890}, "End": true}}}},
                  "C": {"Type": "Pass", "Assign": {"z": 1234567890}, "Next": "D"},
                  "D": {"Type": "Pass", "Assign": {"a": 1}, "End": true}}}
                """);
        world.start("[1,2,3]");
        assertEquals(Optional.of("States.Runtime"), world.status().error());
        assertEquals(
                "D",
                world.history().stream()
                        .filter(event -> event.type() == HistoryEventType.PassStateEntered)
                        .reduce((first, second) -> second)
                        .flatMap(event -> event.details())
                        .orElseThrow()
                        .get("name")
                        .textValue());
        assertEquals(0, world.rows(ExecutionDecider.EXECUTIONS));
    }

    private static World run(String machine, String input) {
        var world = new World().machine(machine);
        world.start(input);
        return world;
    }
}
