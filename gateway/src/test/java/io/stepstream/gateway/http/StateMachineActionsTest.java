package io.stepstream.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.FakeRegistry;
import io.stepstream.gateway.FakeViews;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.view.RegistryRecord.MachineStatus;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateMachineActionsTest {

    private static final String ROLE = "\"roleArn\":\"arn:aws:iam::123456789012:role/r\"";
    private static final String MACHINE = TestApi.ACCOUNT + "stateMachine:m";

    private final TestApi api = new TestApi();

    @AfterEach
    void close() {
        api.close();
    }

    private static String create(String more) {
        return "{\"name\":\"m\",\"definition\":\"{}\"," + ROLE + more + "}";
    }

    private static String machine(String more) {
        return "{\"stateMachineArn\":\"" + MACHINE + "\"" + more + "}";
    }

    private void registryAnswersWithMachine() {
        var machine = FakeRegistry.machine("m", "STANDARD", MachineStatus.ACTIVE);
        api.bus.reply(new Reply.Registered(OptionalLong.of(7), Json.shared().valueToTree(machine)));
    }

    @Test
    void aMachineIsMadeWithAwsDefaultsAndItsTags() {
        registryAnswersWithMachine();

        var response = api.call(
                "CreateStateMachine",
                create(",\"tags\":[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\"},{\"key\":\"a\",\"value\":\"2\"}]"));

        assertThat(response.text("stateMachineArn")).isEqualTo(MACHINE);
        var command = api.bus.last(RegistryCommand.CreateStateMachine.class);
        assertThat(command.resourceArn()).isEqualTo(MACHINE);
        assertThat(command.machineType()).isEqualTo("STANDARD");
        assertThat(command.loggingConfiguration()).hasToString("{\"level\":\"OFF\",\"includeExecutionData\":false}");
        assertThat(command.tracingConfiguration()).hasToString("{\"enabled\":false}");
        assertThat(command.encryptionConfiguration()).hasToString("{\"type\":\"AWS_OWNED_KEY\"}");
        assertThat(command.tags()).hasToString("{a=2, b=}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                ",\"name\":\"a b\"; SerializationException",
                ",\"type\":\"FAST\"; ValidationException",
                ",\"versionDescription\":\"v\"; ValidationException",
                ",\"loggingConfiguration\":{\"level\":\"ALL\"}; InvalidLoggingConfiguration",
                ",\"loggingConfiguration\":{\"level\":\"ALL\",\"destinations\":[{}]}; InvalidLoggingConfiguration",
                ",\"encryptionConfiguration\":{\"type\":\"CUSTOMER_MANAGED_KMS_KEY\",\"kmsKeyId\":\"k\"};"
                        + " InvalidEncryptionConfiguration",
                ",\"encryptionConfiguration\":{\"type\":\"AWS_OWNED_KEY\",\"kmsKeyId\":\"k\"};"
                        + " InvalidEncryptionConfiguration",
                ",\"encryptionConfiguration\":{}; ValidationException",
                ",\"tags\":[{\"value\":\"v\"}]; ValidationException",
                ",\"tags\":[{\"key\":\"aws:k\"}]; ValidationException",
                ",\"tags\":[{\"key\":\"k!\"}]; ValidationException",
            })
    void aWrongCreationIsRefusedAndNeverSent(String more, String error) {
        assertThat(api.call("CreateStateMachine", create(more)).error()).isEqualTo(error);
        assertThat(api.bus.commands).isEmpty();
    }

    @Test
    void nameAndRoleAreCheckedBeforeTheDefinitionIsSent() {
        assertThat(api.call("CreateStateMachine", "{\"name\":\"a b\",\"definition\":\"x\"," + ROLE + "}")
                        .text("message"))
                .isEqualTo("Invalid Name: 'a b'");
        assertThat(api.call("CreateStateMachine", "{\"name\":\"a\",\"definition\":\"x\",\"roleArn\":\"r\"}")
                        .text("message"))
                .isEqualTo("Invalid Arn: 'Invalid ARN prefix: r'");
    }

    @Test
    void moreThanFiftyTagsAreTooMany() {
        var tags = IntStream.range(0, 51)
                .mapToObj(i -> "{\"key\":\"k" + i + "\"}")
                .collect(Collectors.joining(",", ",\"tags\":[", "]"));
        var response = api.call("CreateStateMachine", create(tags));
        assertThat(response.error()).isEqualTo("TooManyTags");
        assertThat(response.text("resourceName")).isEqualTo(MACHINE);
    }

    @Test
    void oneLogGroupIsKeptAsGiven() {
        registryAnswersWithMachine();
        var logging = "{\"level\":\"ALL\",\"includeExecutionData\":true,\"destinations\":[{\"cloudWatchLogsLogGroup\":"
                + "{\"logGroupArn\":\"arn:aws:logs:us-east-1:123456789012:log-group:g:*\"}}]}";
        api.call("CreateStateMachine", create(",\"loggingConfiguration\":" + logging));
        assertThat(api.bus.last(RegistryCommand.CreateStateMachine.class).loggingConfiguration())
                .hasToString(logging);
    }

    @Test
    void theEnginesVerdictOnADefinitionIsPassedOn() {
        api.bus.reply(new Reply.Rejected("InvalidDefinition", "Invalid State Machine Definition: 'X'"));
        var response = api.call("CreateStateMachine", create(""));
        assertThat(response.error()).isEqualTo("InvalidDefinition");
        assertThat(response.text("message")).isEqualTo("Invalid State Machine Definition: 'X'");
    }

    @Test
    void aMachineIsDescribedWithoutRevisionIdAtItsFirstRevision() {
        api.registry.put("m");
        var response = api.call("DescribeStateMachine", machine(""));
        assertThat(response.text("definition")).isEqualTo("{\"StartAt\":\"A\"}");
        assertThat(response.text("status")).isEqualTo("ACTIVE");
        assertThat(response.body().has("revisionId")).isFalse();
        assertThat(api.call("DescribeStateMachine", machine(",\"includedData\":\"METADATA_ONLY\""))
                        .text("definition"))
                .isEqualTo("{}");
    }

    @Test
    void theVariablesThatStatesLookIntoAreDescribedWithTheDefinition() {
        api.registry.put("m");
        assertThat(api.call("DescribeStateMachine", machine("")).body().has("variableReferences"))
                .isFalse();
        api.registry.put(FakeRegistry.revision(MACHINE, 7, "{\"InputPath\":\"$x\"}"));
        assertThat(api.call("DescribeStateMachine", machine("")).body().get("variableReferences"))
                .hasToString("{\"A\":[\"x\"]}");
        assertThat(api.call("DescribeStateMachine", machine(",\"includedData\":\"METADATA_ONLY\""))
                        .body()
                        .has("variableReferences"))
                .isFalse();
    }

    @Test
    void aLabelledArnDescribesTheMachineOfThatLabelOnly() {
        api.registry.put("m");
        api.registry.put(FakeRegistry.revision(
                MACHINE, 7, "{\"States\":{\"A\":{\"Type\":\"Map\",\"Label\":\"items\",\"Comment\":\"other\"}}}"));
        var labelled = api.call("DescribeStateMachine", "{\"stateMachineArn\":\"" + MACHINE + "/items\"}");
        assertThat(labelled.text("label")).isEqualTo("items");
        assertThat(labelled.text("name")).isEqualTo("m");
        assertThat(api.call("DescribeStateMachine", "{\"stateMachineArn\":\"" + MACHINE + "/other\"}")
                        .error())
                .isEqualTo("StateMachineDoesNotExist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"m", "m:1", "m:alias", "m/label"})
    void whatDoesNotExistIsNamedAsAsked(String resource) {
        var arn = TestApi.ACCOUNT + "stateMachine:" + resource;
        var response = api.call("DescribeStateMachine", "{\"stateMachineArn\":\"" + arn + "\"}");
        assertThat(response.error()).isEqualTo("StateMachineDoesNotExist");
        if (!resource.contains("/")) {
            assertThat(response.text("message")).isEqualTo("State Machine Does Not Exist: '" + arn + "'");
        }
    }

    @Test
    void aVersionIsDescribedAsItWasPublished() {
        api.registry.put("m");
        api.registry.putVersion("m", 2, 9);
        var response = api.call("DescribeStateMachine", "{\"stateMachineArn\":\"" + MACHINE + ":2\"}");
        assertThat(response.text("stateMachineArn")).isEqualTo(MACHINE + ":2");
        assertThat(response.text("description")).isEqualTo("version 2");
        assertThat(response.text("revisionId")).isEqualTo("revision-9");
        assertThat(response.text("definition")).isEqualTo("{\"StartAt\":\"9\"}");
        assertThat(response.text("name")).isEqualTo("m");
    }

    @Test
    void whatIsPublishedIsNamedInTheAnswer() {
        var machine = FakeRegistry.machine("m", "STANDARD", MachineStatus.ACTIVE);
        var made = Optional.of(MACHINE + ":1");
        api.bus.reply(new Reply.Registered(OptionalLong.of(7), Json.shared().valueToTree(machine), made));
        var response = api.call("CreateStateMachine", create(",\"publish\":true,\"versionDescription\":\"d\""));
        assertThat(response.text("stateMachineVersionArn")).isEqualTo(MACHINE + ":1");
        var command = api.bus.last(RegistryCommand.CreateStateMachine.class);
        assertThat(command.publish()).isTrue();
        assertThat(command.versionDescription()).contains("d");

        var revision = FakeRegistry.revision(MACHINE, 7, "{}");
        api.bus.reply(new Reply.Registered(OptionalLong.of(7), Json.shared().valueToTree(revision), made));
        assertThat(api.call("UpdateStateMachine", machine(",\"definition\":\"{}\",\"publish\":true"))
                        .text("stateMachineVersionArn"))
                .isEqualTo(MACHINE + ":1");
    }

    @Test
    void anUpdateSendsOnlyWhatWasGiven() {
        var revision = FakeRegistry.revision(MACHINE, 9, "{}");
        api.bus.reply(new Reply.Registered(OptionalLong.of(9), Json.shared().valueToTree(revision)));

        var response = api.call("UpdateStateMachine", machine(",\"definition\":\"{}\""));

        assertThat(response.text("revisionId")).isEqualTo("revision-9");
        var command = api.bus.last(RegistryCommand.UpdateStateMachine.class);
        assertThat(command.definition()).contains("{}");
        assertThat(command.roleArn()).isEmpty();
        assertThat(command.loggingConfiguration()).isEmpty();
    }

    @Test
    void anUpdateOfNothingIsRefused() {
        var response = api.call("UpdateStateMachine", machine(""));
        assertThat(response.error()).isEqualTo("MissingRequiredParameter");
        assertThat(response.text("message"))
                .isEqualTo("Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration"
                        + " must be specified");
    }

    @Test
    void onlyAWholeMachineCanBeChangedOrDeleted() {
        for (var operation : new String[] {"UpdateStateMachine", "DeleteStateMachine"}) {
            var response = api.call(operation, "{\"stateMachineArn\":\"" + MACHINE + "/label\"}");
            assertThat(response.error()).isEqualTo("ValidationException");
            assertThat(response.text("reason")).isEqualTo("API_DOES_NOT_SUPPORT_LABELED_ARNS");
        }
        assertThat(api.call("UpdateStateMachine", "{\"stateMachineArn\":\"" + MACHINE + ":1\",\"publish\":true}")
                        .error())
                .isEqualTo("StateMachineDoesNotExist");
        assertThat(api.call("DeleteStateMachine", "{\"stateMachineArn\":\"" + MACHINE + ":1\"}")
                        .error())
                .isEqualTo("ValidationException");
        assertThat(api.bus.commands).isEmpty();
    }

    @Test
    void deletingWhatIsGoneSucceeds() {
        api.bus.reply(new Reply.Registered(OptionalLong.empty(), Json.shared().nullNode()));
        assertThat(api.call("DeleteStateMachine", machine("")).body()).hasToString("{}");
    }

    @Test
    void pagesHoldEveryActiveMachineOnce() {
        var expected = new ArrayList<String>();
        for (int i = 100; i < 140; i++) {
            boolean going = i % 3 == 0 || i < 110;
            api.registry.put(
                    FakeRegistry.machine("m" + i, "STANDARD", going ? MachineStatus.DELETING : MachineStatus.ACTIVE));
            if (!going) {
                expected.add("m" + i);
            }
        }
        for (int size : new int[] {1, 3, expected.size(), 1_000}) {
            var found = new ArrayList<String>();
            var next = "";
            do {
                var page = api.call("ListStateMachines", "{\"maxResults\":" + size + next + "}");
                assertThat(page.get("stateMachines").size()).isBetween(1, size);
                page.get("stateMachines")
                        .forEach(item -> found.add(item.get("name").textValue()));
                next = page.body().has("nextToken") ? ",\"nextToken\":\"" + page.text("nextToken") + "\"" : "";
            } while (!next.isEmpty());
            assertThat(found).as("pages of %s", size).isEqualTo(expected);
        }
    }

    @Test
    void aForeignPageTokenIsInvalid() {
        assertThat(api.call("ListStateMachines", "{\"nextToken\":\"garbage\"}").text("message"))
                .isEqualTo("Invalid Token: 'Invalid token'");
    }

    @Test
    void anExecutionKeepsTheMachineItStartedWith() {
        api.registry.put("m");
        api.registry.put(FakeRegistry.revision(MACHINE, 9, "{\"new\":1}"));
        var arn = TestApi.ACCOUNT + "execution:m:e";
        api.views.put(FakeViews.execution(arn, Status.RUNNING, FakeViews.STARTED));

        var response = api.call("DescribeStateMachineForExecution", "{\"executionArn\":\"" + arn + "\"}");

        assertThat(response.text("stateMachineArn")).isEqualTo(MACHINE);
        assertThat(response.text("definition")).isEqualTo("{\"StartAt\":\"A\"}");
        assertThat(api.call("DescribeStateMachineForExecution", "{\"executionArn\":\"" + arn + "2\"}")
                        .error())
                .isEqualTo("ExecutionDoesNotExist");
    }
}
