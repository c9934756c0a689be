package io.stepstream.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.schemas.command.ExecutionCommand.TestState;
import io.stepstream.schemas.command.ExecutionCommand.ValidateDefinition;
import io.stepstream.schemas.command.Reply;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionActionsTest {

    private final TestApi api = new TestApi();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void aBadDefinitionIsNoBadRequest() {
        var finding = new Reply.Finding("ERROR", "CODE", "what", Optional.of("/where"));
        var nowhere = new Reply.Finding("WARNING", "CODE", "what", Optional.empty());
        api.bus.reply(new Reply.Validated(false, List.of(finding, nowhere), true));

        var response = api.call("ValidateStateMachineDefinition", "{\"definition\":\"{}\"}");

        assertThat(response.body())
                .hasToString("{\"result\":\"FAIL\",\"diagnostics\":[{\"severity\":\"ERROR\",\"code\":\"CODE\","
                        + "\"message\":\"what\",\"location\":\"/where\"},{\"severity\":\"WARNING\",\"code\":\"CODE\","
                        + "\"message\":\"what\"}],\"truncated\":true}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "''; STANDARD; false; 100",
                ",\"maxResults\":0; STANDARD; false; 100",
                ",\"maxResults\":7,\"type\":\"EXPRESS\",\"severity\":\"WARNING\"; EXPRESS; true; 7",
            })
    void whatIsNotGivenIsAsInAws(String more, String type, boolean warnings, int maxResults) {
        api.bus.reply(new Reply.Validated(true, List.of(), false));

        assertThat(api.call("ValidateStateMachineDefinition", "{\"definition\":\"\"" + more + "}")
                        .text("result"))
                .isEqualTo("OK");
        var command = api.bus.last(ValidateDefinition.class);
        assertThat(command.machineType()).isEqualTo(type);
        assertThat(command.warnings()).isEqualTo(warnings);
        assertThat(command.maxResults()).isEqualTo(maxResults);
    }

    private void engineTests(long waitMillis) {
        var seen = JsonNodeFactory.instance.objectNode().put("input", "{}");
        seen.putObject("errorDetails").put("catchIndex", 1);
        api.bus.reply(new Reply.Tested(
                "CAUGHT_ERROR",
                Optional.of("[1]"),
                Optional.of("E"),
                Optional.of("c"),
                Optional.of("Next"),
                seen,
                waitMillis));
    }

    @Test
    void aTestTellsWhatBecameOfTheState() {
        engineTests(0);

        var response = api.call("TestState", "{\"definition\":\"{}\"}");

        assertThat(response.body())
                .hasToString("{\"status\":\"CAUGHT_ERROR\",\"output\":\"[1]\",\"error\":\"E\",\"cause\":\"c\","
                        + "\"nextState\":\"Next\"}");
        for (var level : List.of("DEBUG", "TRACE")) {
            assertThat(api.call("TestState", "{\"definition\":\"{}\",\"inspectionLevel\":\"" + level + "\"}")
                            .get("inspectionData"))
                    .hasToString("{\"input\":\"{}\",\"errorDetails\":{\"catchIndex\":1}}");
        }
    }

    @Test
    void aTestedWaitTakesItsTime() {
        engineTests(50);
        long before = System.nanoTime();
        api.call("TestState", "{\"definition\":\"{}\"}");
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(50_000_000);
    }

    @Test
    void theStateIsToldWhatWasGiven() {
        engineTests(0);

        api.call(
                "TestState",
                "{\"definition\":\"{}\",\"stateName\":\"S\",\"input\":\"7\",\"variables\":\"{}\",\"context\":\"{}\","
                        + "\"roleArn\":\"arn:aws:iam::123456789012:role/r\","
                        + "\"mock\":{\"errorOutput\":{\"error\":\"E\"}},"
                        + "\"stateConfiguration\":{\"retrierRetryCount\":2,\"errorCausedByState\":\"X\"}}");

        var command = api.bus.last(TestState.class);
        assertThat(command.executionArn()).startsWith(TestApi.ACCOUNT + "express:");
        assertThat(command.input()).isEqualTo("7");
        assertThat(command.stateName()).contains("S");
        assertThat(command.mock().orElseThrow().errorOutput().orElseThrow().error())
                .contains("E");
        assertThat(command.configuration().retrierRetryCount()).contains(2);
        assertThat(command.configuration().errorCausedByState()).contains("X");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"mock\":{\"result\":\"1\",\"errorOutput\":{}}; ValidationException; A test mock should have only one of the"
                        + " following fields: [result, errorOutput].",
                "\"mock\":{\"result\":\"1\"},\"revealSecrets\":true; ValidationException; TestState does not support"
                        + " RevealSecrets when a mock is specified.",
                "\"input\":\"not json\"; InvalidExecutionInput; Invalid State Machine Execution Input: 'Unrecognized token"
                        + " 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'",
                "\"roleArn\":\"r\"; InvalidArn; Invalid Arn: 'Invalid ARN prefix: r'",
            })
    void whatCannotBeTestedIsRefused(String input, String error, String message) {
        var response = api.call("TestState", "{\"definition\":\"{}\"," + input + "}");
        assertThat(response.error()).isEqualTo(error);
        assertThat(response.text("message")).isEqualTo(message);
        assertThat(api.bus.commands).isEmpty();
    }
}
