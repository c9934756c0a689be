package io.stepstream.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.FakeRegistry;
import io.stepstream.gateway.access.Caller;
import io.stepstream.gateway.access.Caller.Rule;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.schemas.view.RegistryRecord.Machine;
import io.stepstream.schemas.view.RegistryRecord.MachineStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionsTest {

    private static final String MACHINE = TestApi.ACCOUNT + "stateMachine:";

    private TestApi api = restricted(".*stateMachine:mine.*|.*activity:mine|.*execution:mine.*");

    private static TestApi restricted(String resources) {
        var rule = new Rule(List.of(Pattern.compile(".*")), List.of(Pattern.compile(resources)));
        var caller = new Caller("123456789012", "worker", Optional.of(List.of(rule)));
        return new TestApi(request -> caller);
    }

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "DescribeStateMachine; \"stateMachineArn\":\"@yours\"",
                "StartExecution; \"stateMachineArn\":\"@yours:1\"",
                "DeleteStateMachineVersion; \"stateMachineVersionArn\":\"@yours:1\"",
                "DeleteStateMachineAlias; \"stateMachineAliasArn\":\"@yours:a\"",
                "TagResource; \"resourceArn\":\"@yours\",\"tags\":[]",
                "CreateStateMachine; \"name\":\"yours\",\"definition\":\"{}\",\"roleArn\":\"arn:aws:iam::1:role/r\"",
                "CreateActivity; \"name\":\"yours\"",
                "CreateStateMachineAlias; \"name\":\"a\",\"routingConfiguration\":"
                        + "[{\"stateMachineVersionArn\":\"@yours:1\",\"weight\":100}]",
                "ListStateMachines; ",
            })
    void whatNoRuleNamesIsDenied(String operation, String input) {
        var members = input == null ? "" : input.replace("@", MACHINE);

        var response = api.call(operation, "{" + members + "}");

        assertThat(response.error()).isEqualTo("AccessDeniedException");
        assertThat(api.bus.commands).isEmpty();
    }

    @Test
    void whatARuleNamesIsDone() {
        api.registry.put("mine");
        assertThat(api.call("DescribeStateMachine", "{\"stateMachineArn\":\"" + MACHINE + "mine\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aTokenIsItsExecutions() {
        var yours = new TaskToken(TestApi.ACCOUNT + "execution:yours:e", new TaskRef(1, 1, 1), 1, Optional.empty());
        var mine = new TaskToken(TestApi.ACCOUNT + "execution:mine:e", new TaskRef(1, 1, 1), 1, Optional.empty());
        api.bus.reply(new Reply.Accepted());

        assertThat(heartbeat(yours.sign(TestApi.SECRET))).isEqualTo("AccessDeniedException");
        assertThat(heartbeat(mine.sign(TestApi.SECRET))).isEqualTo("none");
    }

    private String heartbeat(String token) {
        return api.call("SendTaskHeartbeat", "{\"taskToken\":\"" + token + "\"}")
                .error();
    }

    @Test
    void everyAccountSeesAndMakesItsOwn() {
        api.close();
        var caller = new Caller("999999999999", "other", Optional.empty());
        api = new TestApi(request -> caller);
        api.registry.put("theirs");
        var own = FakeRegistry.machine("own", "STANDARD", MachineStatus.ACTIVE);
        api.registry.put(new Machine(
                own.arn().replace("123456789012", "999999999999"),
                own.name(),
                own.machineType(),
                own.status(),
                own.creationDate(),
                own.revision(),
                0,
                Optional.empty(),
                Map.of(),
                1));
        api.bus.reply(new Reply.Rejected("ActivityLimitExceeded", "enough"));

        assertThat(api.call("ListStateMachines", "{}").get("stateMachines").findValuesAsText("name"))
                .containsExactly("own");
        api.call("CreateActivity", "{\"name\":\"a\"}");
        assertThat(api.bus.last(RegistryCommand.CreateActivity.class).resourceArn())
                .isEqualTo("arn:aws:states:us-east-1:999999999999:activity:a");
    }
}
