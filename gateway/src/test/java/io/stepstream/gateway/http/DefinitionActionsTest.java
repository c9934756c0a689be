package io.stepstream.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

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
}
