package io.stepstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValidationTest {

    private final World world = new World();

    private Reply.Validated validated(String definition, String type, boolean warnings, int maxResults) {
        var reply = world.ask(
                "any key",
                to -> new ExecutionCommand.ValidateDefinition(definition, type, warnings, maxResults, Optional.of(to)));
        assertThat(world.rows().contents()).as("nothing is kept").isEmpty();
        return (Reply.Validated) reply.orElseThrow();
    }

    private static Reply.Finding schema(String message, String location) {
        return new Reply.Finding("ERROR", "SCHEMA_VALIDATION_FAILED", message, Optional.of(location));
    }

    @Test
    void aGoodDefinitionHasNoFindings() {
        var pass = "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}";

        var result = validated(pass, "STANDARD", true, 100);

        assertThat(result.valid()).isTrue();
        assertThat(result.findings()).isEmpty();
        assertThat(result.truncated()).isFalse();
    }

    @Test
    void errorsAreShownWithTheirPlace() {
        var result = validated("{}", "STANDARD", false, 100);

        assertThat(result.valid()).isFalse();
        assertThat(result.findings()).containsExactly(schema("These fields are required: [States, StartAt]", "/"));
    }

    @Test
    void whatIsNoJsonIsShownWhereItEnds() {
        var finding =
                validated("not a definition", "STANDARD", false, 100).findings().get(0);

        assertThat(finding.code()).isEqualTo("INVALID_JSON_DESCRIPTION");
        assertThat(finding.location()).contains("[Source: (String)\"not a definition\"; line: 1, column: 4]");
        assertThat(finding.message()).endsWith("\n at " + finding.location().orElseThrow());
    }

    @Test
    void moreFindingsThanWantedAreCutOff() {
        var many = "{\"StartAt\":\"A\",\"States\":{"
                + "\"A\":{\"Type\":\"Pass\",\"Next\":\"X\"},\"B\":{\"Type\":\"Pass\",\"Next\":\"Y\"}}}";
        int all = validated(many, "STANDARD", false, 100).findings().size();
        assertThat(all).isGreaterThan(1);

        assertThat(validated(many, "STANDARD", false, all).truncated()).isFalse();
        var cut = validated(many, "STANDARD", false, all - 1);
        assertThat(cut.findings()).hasSize(all - 1);
        assertThat(cut.truncated()).isTrue();
        assertThat(cut.valid()).isFalse();
    }

    @Test
    void whatExpressCannotDoIsAnErrorOfExpressOnly() {
        var activity = "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Task\",\"End\":true,"
                + "\"Resource\":\"arn:aws:states:us-east-1:123456789012:activity:a\"}}}";

        assertThat(validated(activity, "STANDARD", false, 100).valid()).isTrue();
        assertThat(validated(activity, "EXPRESS", false, 100).findings())
                .containsExactly(schema("Express state machine does not support Activity ARN", "/States/A/Resource"));
    }
}
