package io.stepstream.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.FakeRegistry;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.view.RegistryRecord;
import io.stepstream.schemas.view.RegistryRecord.MachineStatus;
import io.stepstream.schemas.view.RegistryRecord.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Versions, aliases and tags. */
class VersionActionsTest {

    private static final String MACHINE = TestApi.ACCOUNT + "stateMachine:m";

    private final TestApi api = new TestApi();

    @AfterEach
    void close() {
        api.close();
    }

    private void registryAnswers(RegistryRecord record) {
        api.bus.reply(new Reply.Registered(OptionalLong.of(7), Json.shared().valueToTree(record)));
    }

    private static String arn(String member, String qualifier) {
        return "{\"" + member + "\":\"" + MACHINE + qualifier + "\"";
    }

    private static String route(String version, int weight) {
        return "{\"stateMachineVersionArn\":\"" + MACHINE + version + "\",\"weight\":" + weight + "}";
    }

    private static String alias(String name, String... routes) {
        return "{\"name\":\"" + name + "\",\"routingConfiguration\":[" + String.join(",", routes) + "]}";
    }

    /** All pages' items. */
    private List<String> pages(String operation, String input, String list, String member, int size) {
        var found = new ArrayList<String>();
        var next = "";
        do {
            var page = api.call(operation, input + ",\"maxResults\":" + size + next + "}");
            page.get(list).forEach(item -> found.add(item.get(member).textValue()));
            next = page.body().has("nextToken") ? ",\"nextToken\":\"" + page.text("nextToken") + "\"" : "";
        } while (!next.isEmpty());
        return found;
    }

    @Test
    void aVersionIsPublishedOfTheRevisionThatIsMeant() {
        registryAnswers(api.registry.putVersion("m", 4, 9));

        var response = api.call(
                "PublishStateMachineVersion",
                arn("stateMachineArn", "") + ",\"revisionId\":\"INITIAL\",\"description\":\"d\"}");

        assertThat(response.text("stateMachineVersionArn")).isEqualTo(MACHINE + ":4");
        var command = api.bus.last(RegistryCommand.PublishVersion.class);
        assertThat(command.revisionId()).contains("INITIAL");
        assertThat(command.description()).contains("d");
    }

    @Test
    void versionsAreListedNewestFirst() {
        api.registry.put("m");
        for (int number = 1; number <= 12; number++) {
            api.registry.putVersion("m", number, number + 10);
        }
        var expected = new ArrayList<String>();
        for (int number = 12; number >= 1; number--) {
            expected.add(MACHINE + ":" + number);
        }
        for (int size : new int[] {1, 5, 12, 100}) {
            assertThat(pages(
                            "ListStateMachineVersions",
                            arn("stateMachineArn", ""),
                            "stateMachineVersions",
                            "stateMachineVersionArn",
                            size))
                    .isEqualTo(expected);
        }
    }

    @Test
    void aMachineThatIsNotThereHasNoVersions() {
        assertThat(api.call("ListStateMachineVersions", arn("stateMachineArn", "") + "}")
                        .get("stateMachineVersions"))
                .isEmpty();
    }

    @Test
    void onlyAVersionIsDeletedAsOne() {
        api.bus.reply(new Reply.Registered(OptionalLong.empty(), Json.shared().createObjectNode()));
        assertThat(api.call("DeleteStateMachineVersion", arn("stateMachineVersionArn", ":7") + "}")
                        .body())
                .hasToString("{}");
        for (var other : List.of("", ":live")) {
            assertThat(api.call("DeleteStateMachineVersion", arn("stateMachineVersionArn", other) + "}")
                            .error())
                    .isEqualTo("ValidationException");
        }
        assertThat(api.bus.commands).hasSize(1);
    }

    @Test
    void anAliasBelongsToTheMachineOfItsVersions() {
        registryAnswers(api.registry.putAlias("m", "live", new Route(MACHINE + ":1", 100)));

        var response = api.call("CreateStateMachineAlias", alias("live", route(":1", 30), route(":2", 70)));

        assertThat(response.text("stateMachineAliasArn")).isEqualTo(MACHINE + ":live");
        var command = api.bus.last(RegistryCommand.CreateAlias.class);
        assertThat(command.resourceArn()).isEqualTo(MACHINE + ":live");
        assertThat(command.routes()).containsExactly(new Route(MACHINE + ":1", 30), new Route(MACHINE + ":2", 70));
    }

    @Test
    void routesThatLeadNowhereAreRefused() {
        assertThat(refusal(alias("live", route(":1", 70), route(":2", 29))))
                .isEqualTo("Sum of routing configuration weights must equal 100. Received: [70, 29]");
        assertThat(refusal(alias("live", route(":1", 50), route(":1", 50))))
                .isEqualTo("Routing configuration must contain distinct state machine version ARNs. Received: ["
                        + MACHINE + ":1, " + MACHINE + ":1]");
        assertThat(refusal(alias("live", route("", 100))))
                .isEqualTo(
                        "Routing configuration must contain state machine version ARNs. Received: [" + MACHINE + "]");
        assertThat(refusal(alias("live", route(":1", 50), route("2:1", 50))))
                .startsWith("Routing configuration must contain versions of the same state machine.");
        assertThat(refusal(alias("123", route(":1", 100))))
                .endsWith("regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$");
        assertThat(refusal(alias("live", route(":1", 101))))
                .contains("Value '101' at 'routingConfiguration.1.member.weight'");
        assertThat(api.bus.commands).isEmpty();
    }

    private String refusal(String input) {
        var response = api.call("CreateStateMachineAlias", input);
        assertThat(response.error()).isEqualTo("ValidationException");
        return response.text("message");
    }

    @Test
    void anAliasIsDescribed() {
        api.registry.putAlias("m", "live", new Route(MACHINE + ":1", 40), new Route(MACHINE + ":2", 60));

        var response = api.call("DescribeStateMachineAlias", arn("stateMachineAliasArn", ":live") + "}");

        assertThat(response.text("name")).isEqualTo("live");
        assertThat(response.text("description")).isEqualTo("alias live");
        assertThat(response.get("routingConfiguration"))
                .hasToString("[" + route(":1", 40) + "," + route(":2", 60) + "]");
        assertThat(response.get("updateDate")).isNotEqualTo(response.get("creationDate"));
    }

    @ParameterizedTest
    @CsvSource({
        "DescribeStateMachineAlias, :live, ResourceNotFound",
        "DescribeStateMachineAlias, :1, ValidationException",
        "DescribeStateMachineAlias, '', ValidationException",
        "DeleteStateMachineAlias, :1, ValidationException",
        "UpdateStateMachineAlias, :live, ValidationException",
    })
    void whatIsNoAliasIsRefused(String operation, String qualifier, String error) {
        assertThat(api.call(operation, arn("stateMachineAliasArn", qualifier) + "}")
                        .error())
                .isEqualTo(error);
    }

    @Test
    void anAliasIsUpdatedWithinItsMachine() {
        registryAnswers(api.registry.putAlias("m", "live", new Route(MACHINE + ":1", 100)));
        var update = arn("stateMachineAliasArn", ":live") + ",\"routingConfiguration\":[";

        assertThat(api.call("UpdateStateMachineAlias", update + route(":2", 100) + "]}")
                        .status())
                .isEqualTo(200);
        var command = api.bus.last(RegistryCommand.UpdateAlias.class);
        assertThat(command.description()).isEmpty();
        assertThat(command.routes()).contains(List.of(new Route(MACHINE + ":2", 100)));
        assertThat(api.call("UpdateStateMachineAlias", update + route("other:2", 100) + "]}")
                        .error())
                .isEqualTo("ValidationException");
    }

    @Test
    void aliasesAreListedInTheOrderOfTheirCreation() {
        api.registry.put("m");
        api.registry.putVersion("m", 1, 8);
        api.registry.putAlias("m", "z", new Route(MACHINE + ":1", 100));
        api.registry.putAlias("m", "b", new Route(MACHINE + ":2", 100));
        api.registry.putAlias("m", "a", new Route(MACHINE + ":2", 50), new Route(MACHINE + ":1", 50));

        assertThat(pages(
                        "ListStateMachineAliases",
                        arn("stateMachineArn", ""),
                        "stateMachineAliases",
                        "stateMachineAliasArn",
                        2))
                .containsExactly(MACHINE + ":z", MACHINE + ":b", MACHINE + ":a");
        assertThat(pages(
                        "ListStateMachineAliases",
                        arn("stateMachineArn", ":1"),
                        "stateMachineAliases",
                        "stateMachineAliasArn",
                        1))
                .containsExactly(MACHINE + ":z", MACHINE + ":a");
        assertThat(api.call("ListStateMachineAliases", arn("stateMachineArn", ":9") + "}")
                        .error())
                .isEqualTo("ResourceNotFound");
        assertThat(api.call("ListStateMachineAliases", arn("stateMachineArn", "") + ",\"nextToken\":\"x\"}")
                        .text("message"))
                .isEqualTo("Invalid Token: 'Invalid token'");
    }

    @Test
    void aliasesOfAMachineThatGoesAreNotListed() {
        api.registry.put(FakeRegistry.machine("m", "STANDARD", MachineStatus.DELETING));
        assertThat(api.call("ListStateMachineAliases", arn("stateMachineArn", "") + "}")
                        .error())
                .isEqualTo("StateMachineDeleting");
    }

    @Test
    void tagsAreSetAndTakenAway() {
        registryAnswers(api.registry.put("m"));
        var tags = ",\"tags\":[{\"key\":\"a\",\"value\":\"\"},{\"key\":\"b\",\"value\":\"2\"}]}";

        assertThat(api.call("TagResource", arn("resourceArn", "") + tags).body())
                .hasToString("{}");
        assertThat(api.bus.last(RegistryCommand.TagResource.class).tags()).hasToString("{a=, b=2}");
        assertThat(api.call("UntagResource", arn("resourceArn", "") + ",\"tagKeys\":[\"a\",\"a\"]}")
                        .body())
                .hasToString("{}");
        assertThat(api.bus.last(RegistryCommand.UntagResource.class).tagKeys()).containsExactly("a", "a");
    }

    @Test
    void tagsAreListed() {
        var tags = new java.util.LinkedHashMap<String, String>();
        tags.put("z", "1");
        tags.put("a", "");
        api.registry.put(api.registry.put("m").tagged(tags, 8));
        api.registry.putActivity("work");

        assertThat(api.call("ListTagsForResource", arn("resourceArn", "") + "}").get("tags"))
                .hasToString("[{\"key\":\"z\",\"value\":\"1\"},{\"key\":\"a\",\"value\":\"\"}]");
        assertThat(api.call("ListTagsForResource", "{\"resourceArn\":\"" + TestApi.ACCOUNT + "activity:work\"}")
                        .get("tags"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"stateMachine:m", "stateMachine:m:1", "stateMachine:m/label", "activity:none"})
    void whatIsNotThereHasNoTags(String resource) {
        var arn = TestApi.ACCOUNT + resource;
        api.bus.reply(new Reply.Rejected("ResourceNotFound", "Resource not found: '" + arn + "'"));
        for (var operation : List.of("ListTagsForResource", "TagResource", "UntagResource")) {
            var response = api.call(operation, "{\"resourceArn\":\"" + arn + "\",\"tags\":[],\"tagKeys\":[]}");
            assertThat(response.error()).isEqualTo("ResourceNotFound");
            assertThat(response.text("message")).isEqualTo("Resource not found: '" + arn + "'");
            assertThat(response.text("resourceName")).isEqualTo(arn);
        }
    }

    @Test
    void whatIsNeverTaggedIsNoArnForIt() {
        assertThat(api.call("ListTagsForResource", "{\"resourceArn\":\"" + TestApi.ACCOUNT + "execution:m:e\"}")
                        .text("message"))
                .isEqualTo("Invalid Arn: 'Resource type not valid in this context: execution'");
    }
}
