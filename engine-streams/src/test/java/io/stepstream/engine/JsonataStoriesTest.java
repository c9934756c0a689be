package io.stepstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Executions whose states speak JSONata. */
class JsonataStoriesTest {

    @Test
    void argumentsResultAndOutputGoThroughATask() {
        var world = jsonata("""
                'StartAt': 'T', 'States': {'T': {'Type': 'Task', 'Resource': '%s', 'End': true,
                  'Arguments': {'total': '{%% $sum($states.input.prices) %%}', 'text': 'plain'},
                  'TimeoutSeconds': '{%% $states.input.seconds %%}',
                  'Assign': {'answer': '{%% $states.result.ok %%}'},
                  'Output': {'ok': '{%% $states.result.ok %%}', 'in': '{%% $states.input.seconds %%}'}}}
                """.formatted(World.activityArn("charge")));
        world.start("{\"prices\": [1, 2.5], \"seconds\": 60}");

        assertThat(world.details(3).get("input").textValue()).isEqualTo("{\"total\":3.5,\"text\":\"plain\"}");
        assertThat(world.details(3).get("timeoutInSeconds").intValue()).isEqualTo(60);
        world.workerSucceeds("charge", "{\"ok\": true}");
        assertThat(world.output()).contains("{\"ok\":true,\"in\":60}");
        assertThat(world.details(6).get("assignedVariables").toString()).isEqualTo("{\"answer\":\"true\"}");
    }

    @Test
    void withoutOutputTheResultPassesAndWhereThereIsNoWorkTheInput() {
        var world = jsonata("'StartAt': 'P', 'States': {'P': {'Type': 'Pass', 'Next': 'S'}, 'S': {'Type': 'Succeed'}}");
        world.start("{ \"a\" :  0 }");
        assertThat(world.output()).contains("{ \"a\" :  0 }");
    }

    @Test
    void variablesAreThoseOnEntry() {
        var world = jsonata("""
                'StartAt': 'A', 'States': {
                  'A': {'Type': 'Pass', 'Assign': {'x': 1, 'y': 2}, 'Next': 'B'},
                  'B': {'Type': 'Pass', 'Assign': {'x': '{% $y %}', 'y': '{% $x %}'}, 'Output': '{% $x %}', 'Next': 'C'},
                  'C': {'Type': 'Pass', 'Output': '{% [$states.input, $x, $y] %}', 'End': true}}
                """);
        world.start("{}");
        assertThat(world.output()).contains("[1,2,1]");
    }

    @Test
    void theRuleThatHoldsLeavesItsOwnOutput() {
        var choice = """
                'StartAt': 'C', 'States': {'C': {'Type': 'Choice', 'Default': 'D', 'Output': 'default',
                  'Choices': [{'Condition': '{% $states.input.n > 1 %}', 'Next': 'D', 'Output': {'n': '{% $states.input.n %}'},
                    'Assign': {'v': 'rule'}}]},
                  'D': {'Type': 'Pass', 'Output': '{% [$states.input, $exists($v)] %}', 'End': true}}
                """;
        var chosen = jsonata(choice);
        chosen.start("{\"n\": 2}");
        assertThat(chosen.output()).contains("[{\"n\":2},true]");
        var other = jsonata(choice);
        other.start("{\"n\": 1}");
        assertThat(other.output()).contains("[\"default\",false]");
    }

    @Test
    void aFailedEvaluationIsToldBesideTheEntry() {
        var world = jsonata("""
                'StartAt': 'A', 'States': {
                  'A': {'Type': 'Pass', 'Next': 'B'},
                  'B': {'Type': 'Pass', 'Output': {'list': [0, '{% $nothing %}']}, 'End': true}}
                """);
        world.start("{}");
        assertThat(world.course())
                .isEqualTo(List.of(
                        "1<0 ExecutionStarted",
                        "2<0 PassStateEntered",
                        "3<2 PassStateExited",
                        "4<3 PassStateEntered",
                        "5<3 EvaluationFailed",
                        "6<5 ExecutionFailed"));
        assertThat(world.details(5).toString())
                .isEqualTo(
                        "{\"error\":\"States.QueryEvaluationError\",\"cause\":\"An error occurred while executing the"
                                + " state 'B' (entered at the event id #4). The JSONata expression '$nothing' specified for the"
                                + " field 'Output/list[1]' returned nothing (undefined).\",\"location\":\"Output/list[1]\","
                                + "\"state\":\"B\"}");
    }

    @Test
    void aFailedEvaluationCanBeRetriedAndCaught() {
        var world = jsonata("""
                'StartAt': 'T', 'States': {'T': {'Type': 'Task', 'Resource': '%s', 'Arguments': '{%% $nothing %%}',
                    'Retry': [{'ErrorEquals': ['States.QueryEvaluationError'], 'MaxAttempts': 1}],
                    'Catch': [{'ErrorEquals': ['States.ALL'], 'Next': 'F', 'Assign': {'e': '{%% $states.errorOutput.Error %%}'},
                      'Output': {'was': '{%% $states.errorOutput.Error %%}', 'in': '{%% $states.input %%}'}}], 'End': true},
                  'F': {'Type': 'Fail', 'Error': '{%% $e %%}', 'Cause': '{%% $string($states.input) %%}'}}
                """.formatted(World.activityArn("charge")));
        world.start("7");
        world.passes(Duration.ofSeconds(1));
        assertThat(world.course())
                .isEqualTo(List.of(
                        "1<0 ExecutionStarted",
                        "2<0 TaskStateEntered",
                        "3<0 EvaluationFailed",
                        "4<0 EvaluationFailed",
                        "5<4 TaskStateExited",
                        "6<5 FailStateEntered",
                        "7<6 ExecutionFailed"));
        assertThat(world.status().cause()).isEqualTo(Optional.of("{\"was\":\"States.QueryEvaluationError\",\"in\":7}"));
    }

    @Test
    void aMapGoesOverWhatItsItemsGive() {
        var world = jsonata("""
                'StartAt': 'M', 'States': {'M': {'Type': 'Map', 'Items': [1, '{% 1 + 1 %}'], 'MaxConcurrency': '{% 1 %}',
                  'ItemSelector': {'i': '{% $states.context.Map.Item.Index %}', 'v': '{% $states.context.Map.Item.Value %}'},
                  'ItemProcessor': {'StartAt': 'P', 'States': {'P': {'Type': 'Pass', 'End': true}}},
                  'Output': '{% $states.result[v > 1] %}', 'End': true}}
                """);
        world.start("{}");
        assertThat(world.output()).contains("{\"i\":1,\"v\":2}");
    }

    @Test
    void itemsThatAreNoArrayFailTheMap() {
        var world = jsonata("""
                'StartAt': 'M', 'States': {'M': {'Type': 'Map', 'Items': '{% 1 %}', 'End': true,
                  'ItemProcessor': {'StartAt': 'P', 'States': {'P': {'Type': 'Pass', 'End': true}}}}}
                """);
        world.start("{}");
        assertThat(world.course())
                .isEqualTo(List.of(
                        "1<0 ExecutionStarted",
                        "2<0 MapStateEntered",
                        "3<0 EvaluationFailed",
                        "4<3 MapStateFailed",
                        "5<4 ExecutionFailed"));
        assertThat(world.status().cause().orElseThrow())
                .endsWith(
                        "The JSONata expression '1' specified for the field 'Items' returned an unexpected result type."
                                + " Expected 'array', but was 'number' for value: 1");
    }

    @Test
    void aWaitsEvaluationFailsBehindItsEntry() {
        var world = jsonata("""
                'StartAt': 'W', 'States': {'W': {'Type': 'Wait', 'Timestamp': '{% $states.input %}', 'End': true}}
                """);
        world.start("\"tomorrow\"");
        assertThat(world.course())
                .isEqualTo(List.of(
                        "1<0 ExecutionStarted", "2<0 WaitStateEntered", "3<2 EvaluationFailed", "4<3 ExecutionFailed"));
        assertThat(world.details(3).get("location").textValue()).isEqualTo("Timestamp");
    }

    @Test
    void aWaitLastsAsLongAsItsExpressionSays() {
        var world = jsonata("""
                'StartAt': 'W', 'States': {'W': {'Type': 'Wait', 'Seconds': '{% $states.input * 2 %}', 'End': true,
                  'Output': '{% $now() %}'}}
                """);
        world.start("5");
        world.passes(Duration.ofSeconds(9));
        assertThat(world.history()).hasSize(2);
        world.passes(Duration.ofSeconds(1));
        assertThat(world.output()).contains("\"" + world.now().toString().replace("Z", ".000Z") + "\"");
    }

    @Test
    void aBombEndsItsOwnExecution() {
        var world = jsonata("""
                'StartAt': 'P', 'States': {'P': {'Type': 'Pass', 'End': true,
                  'Output': '{% ($f := function($x){$f($x & $x)}; $f("x")) %}'}}
                """.replace("\"x\"", "\\\"x\\\""));
        world.start("{}");
        assertThat(world.status().cause().orElseThrow()).contains("threw an error during evaluation. U1001: ");
    }

    @Test
    void aMachineMaySpeakBothLanguages() {
        var world = new World().machine("""
                {'StartAt': 'A', 'States': {
                  'A': {'Type': 'Pass', 'Parameters': {'n.$': '$.n'}, 'Assign': {'v.$': '$.n'}, 'Next': 'B'},
                  'B': {'Type': 'Pass', 'QueryLanguage': 'JSONata', 'Output': '{% $states.input.n + $v %}', 'End': true}}}
                """.replace('\'', '"'));
        world.start("{\"n\": 1}");
        assertThat(world.output()).contains("2");
    }

    private static World jsonata(String machine) {
        return new World()
                .activity("charge")
                .machine(("{'QueryLanguage': 'JSONata', " + machine + "}").replace('\'', '"'));
    }
}
