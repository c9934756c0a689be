package io.stepstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.parse.KnownServices;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.view.RegistryRecord.Route;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VersionsTest {

    private static final String ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:order";
    private static final Optional<ReplyTo> CALLER = Optional.of(new ReplyTo(2, "call"));
    private static final JsonNode EMPTY = JsonNodeFactory.instance.objectNode();
    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);

    private final Registry registry = new Registry(new Registry.Quotas(3, 2, 3, 2), KnownServices.ANY);
    private final MemoryRows<RegistryCommand> rows = new MemoryRows<>();
    private long offset;

    private Decision decide(RegistryCommand command) {
        var at = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(offset);
        var moment = new Moment(at, 0, offset, new Entropy(SECRET, "registry-commands", 0, offset));
        offset++;
        return registry.decide(command.resourceArn(), command, moment, rows);
    }

    private Reply reply(RegistryCommand command) {
        var effects = decide(command).effects();
        return ((Effect.SendReply) effects.get(effects.size() - 1)).reply();
    }

    private Reply.Registered done(RegistryCommand command) {
        return (Reply.Registered) reply(command);
    }

    private static String pass(int number) {
        return "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"Result\":" + number + ",\"End\":true}}}";
    }

    private static RegistryCommand.CreateStateMachine create(boolean publish, Optional<String> description) {
        return new RegistryCommand.CreateStateMachine(
                ARN, "order", pass(0), "role", "STANDARD", EMPTY, EMPTY, EMPTY, Map.of(), publish, description, CALLER);
    }

    private static RegistryCommand.UpdateStateMachine update(int number, boolean publish) {
        return new RegistryCommand.UpdateStateMachine(
                ARN,
                Optional.of(pass(number)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                publish,
                Optional.empty(),
                CALLER);
    }

    private static RegistryCommand.PublishVersion publish(Optional<String> revisionId) {
        return new RegistryCommand.PublishVersion(ARN, revisionId, Optional.empty(), CALLER);
    }

    private static RegistryCommand.CreateAlias alias(String name, String description, Route... routes) {
        return new RegistryCommand.CreateAlias(ARN + ":" + name, Optional.of(description), List.of(routes), CALLER);
    }

    private static Route to(int version, int weight) {
        return new Route(ARN + ":" + version, weight);
    }

    private static Reply.Rejected rejected(String error, String message) {
        return new Reply.Rejected(error, message);
    }

    @Test
    void aMachineCanBeMadeWithItsFirstVersion() {
        var decision = decide(create(true, Optional.of("the first")));

        assertThat(decision.registrations())
                .extracting(Decision.Registration::key)
                .as("what a record names stands before it")
                .containsExactly(ARN + "#0", ARN + ":1", ARN);
        assertThat(reply(create(true, Optional.of("the first"))))
                .as("the same again")
                .isEqualTo(((Effect.SendReply) decision.effects().get(1)).reply())
                .extracting(reply -> ((Reply.Registered) reply).versionArn())
                .isEqualTo(Optional.of(ARN + ":1"));
    }

    @Test
    void aRepeatedCreateThatPublishesOtherwiseIsNoRepetition() {
        decide(create(true, Optional.of("the first")));

        var exists = rejected("StateMachineAlreadyExists", "State Machine Already Exists: '" + ARN + "'");
        assertThat(reply(create(false, Optional.empty()))).isEqualTo(exists);
        assertThat(reply(create(true, Optional.empty()))).isEqualTo(exists);
    }

    @Test
    void aRevisionHasOneVersion() {
        decide(create(false, Optional.empty()));

        var first = done(publish(Optional.empty()));
        var again = done(publish(Optional.of("INITIAL")));

        assertThat(first.resource().path("arn").asText()).isEqualTo(ARN + ":1");
        assertThat(again).isEqualTo(first);
        assertThat(done(update(0, true)).versionArn()).contains(ARN + ":1");
    }

    @Test
    void anUpdateThatChangesNothingButPublishesMakesAVersion() {
        decide(create(false, Optional.empty()));

        assertThat(done(update(0, true)).versionArn()).contains(ARN + ":1");
        assertThat(done(update(1, true)).versionArn()).contains(ARN + ":2");
        assertThat(done(update(1, false)).versionArn()).isEmpty();
    }

    @Test
    void numbersAreNeverUsedAgain() {
        decide(create(true, Optional.empty()));
        decide(update(1, true));

        assertThat(done(new RegistryCommand.DeleteVersion(ARN + ":2", CALLER)).position())
                .isPresent();
        assertThat(done(new RegistryCommand.DeleteVersion(ARN + ":2", CALLER)).position())
                .as("what is gone already")
                .isEmpty();
        assertThat(done(publish(Optional.empty())).resource().path("number").asLong())
                .isEqualTo(3);
    }

    @Test
    void anotherRevisionThanTheCurrentOneIsNotPublished() {
        decide(create(false, Optional.empty()));
        assertThat(reply(publish(Optional.of("x"))))
                .isEqualTo(rejected(
                        "ConflictException",
                        "Failed to publish the State Machine version for revision x. The current State Machine revision is"
                                + " INITIAL."));
        var revision = done(update(1, false)).resource().path("revisionId").asText();

        assertThat(reply(publish(Optional.of("INITIAL"))))
                .isEqualTo(rejected(
                        "ConflictException",
                        "Failed to publish the State Machine version for revision INITIAL. The current State Machine"
                                + " revision is " + revision + "."));
        assertThat(done(publish(Optional.of(revision)))
                        .resource()
                        .path("number")
                        .asLong())
                .isEqualTo(1);
    }

    @Test
    void aMachineHasOnlySoManyVersionsAndAliases() {
        decide(create(true, Optional.empty()));
        decide(update(1, true));
        decide(update(2, true));

        assertThat(((Reply.Rejected) reply(update(3, true))).error()).isEqualTo("ServiceQuotaExceededException");
        assertThat(done(update(2, true)).versionArn())
                .as("the refused update changed nothing")
                .contains(ARN + ":3");
        decide(alias("a", "", to(1, 100)));
        decide(alias("b", "", to(1, 100)));
        assertThat(((Reply.Rejected) reply(alias("c", "", to(1, 100)))).error())
                .isEqualTo("ServiceQuotaExceededException");
    }

    @Test
    void anEqualAliasIsTheSameAndADifferentOneAConflict() {
        decide(create(true, Optional.empty()));
        decide(update(1, true));

        var first = done(alias("live", "d", to(1, 100)));

        assertThat(done(alias("live", "d", to(1, 100)))).isEqualTo(first);
        var conflict = rejected(
                "ConflictException",
                "Failed to create alias because an alias with the same name and a different routing configuration already"
                        + " exists.");
        assertThat(reply(alias("live", "e", to(1, 100)))).isEqualTo(conflict);
        assertThat(reply(alias("live", "d", to(1, 50), to(2, 50)))).isEqualTo(conflict);
    }

    @Test
    void aliasesLeadToVersionsThatExist() {
        var missing = rejected("ResourceNotFound", "Request references a resource that does not exist.");
        assertThat(reply(alias("live", "d", to(1, 100)))).isEqualTo(missing);
        decide(create(true, Optional.empty()));
        assertThat(reply(alias("live", "d", to(1, 50), to(2, 50)))).isEqualTo(missing);
        decide(alias("live", "d", to(1, 100)));
        assertThat(reply(new RegistryCommand.UpdateAlias(
                        ARN + ":live", Optional.empty(), Optional.of(List.of(to(9, 100))), CALLER)))
                .isEqualTo(missing);
        assertThat(reply(new RegistryCommand.UpdateAlias(ARN + ":else", Optional.of("x"), Optional.empty(), CALLER)))
                .isEqualTo(missing);
        assertThat(reply(new RegistryCommand.DeleteAlias(ARN + ":else", CALLER)))
                .isEqualTo(missing);
    }

    @Test
    void anUpdatedAliasKeepsWhatIsNotGiven() {
        decide(create(true, Optional.empty()));
        decide(update(1, true));
        var made = done(alias("live", "d", to(1, 100))).resource();

        var described =
                done(new RegistryCommand.UpdateAlias(ARN + ":live", Optional.of("e"), Optional.empty(), CALLER));
        var again = done(new RegistryCommand.UpdateAlias(ARN + ":live", Optional.of("e"), Optional.empty(), CALLER));
        var routed = done(new RegistryCommand.UpdateAlias(
                        ARN + ":live", Optional.empty(), Optional.of(List.of(to(2, 100))), CALLER))
                .resource();

        assertThat(described.resource().path("routes")).isEqualTo(made.path("routes"));
        assertThat(described.resource().path("updateDate")).isNotEqualTo(made.path("updateDate"));
        assertThat(again).isEqualTo(described);
        assertThat(routed.path("description").asText()).isEqualTo("e");
        assertThat(routed.path("creationDate")).isEqualTo(made.path("creationDate"));
    }

    @Test
    void aVersionThatAnAliasLeadsToIsNotDeleted() {
        decide(create(true, Optional.empty()));
        decide(update(1, true));
        decide(alias("live", "d", to(1, 90), to(2, 10)));
        decide(alias("next", "d", to(2, 100)));

        assertThat(reply(new RegistryCommand.DeleteVersion(ARN + ":2", CALLER)))
                .isEqualTo(rejected(
                        "ConflictException",
                        "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this"
                                + " version: [live, next]"));
        decide(new RegistryCommand.DeleteAlias(ARN + ":live", CALLER));
        assertThat(done(new RegistryCommand.DeleteVersion(ARN + ":1", CALLER)).position())
                .isPresent();
    }

    @Test
    void versionsAndAliasesGoWithTheirMachine() {
        decide(create(true, Optional.empty()));
        decide(alias("live", "d", to(1, 100)));
        decide(new RegistryCommand.DeleteStateMachine(ARN, CALLER));

        assertThat(((Reply.Rejected) reply(publish(Optional.empty()))).error()).isEqualTo("StateMachineDeleting");
        assertThat(((Reply.Rejected) reply(alias("more", "d", to(1, 100)))).error())
                .isEqualTo("StateMachineDeleting");
        var decision = decide(new RegistryCommand.FinishDeletion(ARN, 0, Optional.empty()));

        assertThat(decision.registrations())
                .containsExactly(
                        new Decision.Registration(ARN + ":live", Optional.empty()),
                        new Decision.Registration(ARN + ":1", Optional.empty()),
                        new Decision.Registration(ARN, Optional.empty()));
        decide(create(true, Optional.empty()));
        assertThat(done(update(1, true)).versionArn()).contains(ARN + ":2");
    }

    @Test
    void aQuotaCountsWhatIsThere() {
        for (var name : List.of("a", "b", "c")) {
            done(named(name));
        }
        assertThat(reply(named("d")))
                .isEqualTo(rejected("StateMachineLimitExceeded", "State Machine Limit Exceeded: '3 state machines'"));
        var gone = ARN.replace("order", "b");
        var revision = done(new RegistryCommand.DeleteStateMachine(gone, CALLER))
                .resource()
                .path("revision")
                .asLong();
        decide(new RegistryCommand.FinishDeletion(gone, revision, Optional.empty()));
        done(named("d"));

        done(activity("a"));
        done(activity("b"));
        assertThat(((Reply.Rejected) reply(activity("c"))).error()).isEqualTo("ActivityLimitExceeded");
        done(new RegistryCommand.DeleteActivity(activity("a").resourceArn(), CALLER));
        done(activity("c"));
    }

    @Test
    void rowsWithoutACountAreCounted() {
        for (var name : List.of("a", "b", "c")) {
            done(named(name));
        }
        rows.table(Registry.TABLE).delete("#state-machines");

        assertThat(((Reply.Rejected) reply(named("d"))).error()).isEqualTo("StateMachineLimitExceeded");
    }

    private static RegistryCommand.CreateStateMachine named(String name) {
        return new RegistryCommand.CreateStateMachine(
                ARN.replace("order", name),
                name,
                pass(0),
                "role",
                "STANDARD",
                EMPTY,
                EMPTY,
                EMPTY,
                Map.of(),
                true,
                Optional.empty(),
                CALLER);
    }

    private static RegistryCommand.CreateActivity activity(String name) {
        return new RegistryCommand.CreateActivity(
                "arn:aws:states:us-east-1:123456789012:activity:" + name, name, EMPTY, Map.of(), CALLER);
    }

    @Test
    void tagsAreAddedOverwrittenAndRemoved() {
        decide(create(false, Optional.empty()));

        done(new RegistryCommand.TagResource(ARN, Map.of("a", "1"), CALLER));
        done(new RegistryCommand.TagResource(ARN, Map.of("b", "2"), CALLER));
        var tagged = done(new RegistryCommand.TagResource(ARN, Map.of("a", "3"), CALLER));
        var untagged = done(new RegistryCommand.UntagResource(ARN, List.of("b", "c"), CALLER));

        assertThat(tagged.resource().path("tags")).hasToString("{\"a\":\"3\",\"b\":\"2\"}");
        assertThat(untagged.resource().path("tags")).hasToString("{\"a\":\"3\"}");
    }

    @Test
    void onlyMachinesAndActivitiesHaveTags() {
        decide(create(true, Optional.empty()));
        done(activity("a"));

        done(new RegistryCommand.TagResource(activity("a").resourceArn(), Map.of("a", "1"), CALLER));
        assertThat(reply(new RegistryCommand.TagResource(ARN + ":1", Map.of("a", "1"), CALLER)))
                .isEqualTo(rejected("ResourceNotFound", "Resource not found: '" + ARN + ":1'"));
    }
}
