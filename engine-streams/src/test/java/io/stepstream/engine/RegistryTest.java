package io.stepstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.parse.KnownServices;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.event.LogLevel;
import io.stepstream.schemas.event.Logging;
import io.stepstream.schemas.view.RegistryRecord;
import io.stepstream.schemas.view.RegistryRecord.MachineStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegistryTest {

    private static final String ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:order";
    private static final String ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:ship";
    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);
    private static final Optional<ReplyTo> CALLER = Optional.of(new ReplyTo(2, "call"));
    private static final String PASS = "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}";
    private static final String OTHER = "{\"StartAt\":\"Q\",\"States\":{\"Q\":{\"Type\":\"Pass\",\"End\":true}}}";

    private final Registry registry = new Registry(new Registry.Quotas(3, 2, 3, 2), KnownServices.ANY);
    private final MemoryRows<RegistryCommand> rows = new MemoryRows<>();
    private long offset;

    private Decision decide(RegistryCommand command) {
        var before = rows.copy();
        var moment = new Moment(
                Instant.parse("2026-01-01T00:00:00Z").plusSeconds(offset),
                0,
                offset,
                new Entropy(SECRET, "registry-commands", 0, offset));
        offset++;
        var decision = registry.decide(command.resourceArn(), command, moment, rows);
        var again = new Moment(
                moment.now(), 0, moment.offset(), new Entropy(SECRET, "registry-commands", 0, moment.offset()));
        assertThat(registry.decide(command.resourceArn(), command, again, before))
                .as("deciding twice")
                .isEqualTo(decision);
        return decision;
    }

    private static Reply reply(Decision decision) {
        var last = decision.effects().get(decision.effects().size() - 1);
        return ((Effect.SendReply) last).reply();
    }

    private static String error(Decision decision) {
        return ((Reply.Rejected) reply(decision)).error();
    }

    private static JsonNode resource(Decision decision) {
        return ((Reply.Registered) reply(decision)).resource();
    }

    private static RegistryCommand.CreateStateMachine create(String definition, String role, Map<String, String> tags) {
        return new RegistryCommand.CreateStateMachine(
                ARN,
                "order",
                definition,
                role,
                "STANDARD",
                json("{}"),
                json("{}"),
                json("{}"),
                tags,
                false,
                Optional.empty(),
                CALLER);
    }

    private static RegistryCommand.CreateStateMachine create() {
        return create(PASS, "role", Map.of());
    }

    private static RegistryCommand.UpdateStateMachine update(Optional<String> definition, Optional<String> role) {
        return new RegistryCommand.UpdateStateMachine(
                ARN,
                definition,
                role,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                CALLER);
    }

    private static JsonNode json(String text) {
        try {
            return Json.tree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void aNewMachineGoesToEveryPartitionBeforeItsCallerIsTold() {
        var decision = decide(create());

        assertThat(decision.effects())
                .first()
                .isEqualTo(new Effect.ToEveryPartition(
                        ARN,
                        new ExecutionCommand.DefinitionPublished(ARN, 0, PASS, "role", "STANDARD", Optional.empty())));
        assertThat(decision.registrations())
                .extracting(Decision.Registration::key)
                .containsExactly(ARN + "#0", ARN);
        assertThat(resource(decision).path("arn").asText()).isEqualTo(ARN);
    }

    @Test
    void theFirstRevisionHasNoRevisionId() {
        var revision = (RegistryRecord.Revision)
                decide(create()).registrations().get(0).record().orElseThrow();

        assertThat(revision.revisionId()).isEmpty();
    }

    @Test
    void aRevisionSaysWhichVariablesItsStatesLookInto() {
        var definition = "{\"StartAt\":\"P\",\"States\":{"
                + "\"P\":{\"Type\":\"Pass\",\"Assign\":{\"b\":1,\"a\":2},\"Next\":\"Q\"},"
                + "\"Q\":{\"Type\":\"Pass\",\"InputPath\":\"$b\",\"OutputPath\":\"$a\",\"End\":true}}}";
        var created = decide(create(definition, "role", Map.of()));
        var updated = decide(update(Optional.of(PASS), Optional.empty()));

        assertThat(revision(created).variableReferences()).isEqualTo(Map.of("Q", List.of("a", "b")));
        assertThat(revision(updated).variableReferences()).isEmpty();
    }

    private static RegistryRecord.Revision revision(Decision decision) {
        return (RegistryRecord.Revision)
                decision.registrations().get(0).record().orElseThrow();
    }

    @Test
    void aRepeatedCreateChangesNothingAndAnswersTheSame() {
        var first = decide(create());
        var before = rows.contents();

        var second = decide(create(PASS, "another role", Map.of("another", "tag")));

        assertThat(rows.contents()).isEqualTo(before);
        assertThat(second.registrations()).isEmpty();
        assertThat(reply(second)).isEqualTo(reply(first));
    }

    @Test
    void anotherDefinitionUnderTheSameNameIsRefused() {
        decide(create());

        assertThat(reply(decide(create(OTHER, "role", Map.of()))))
                .isEqualTo(
                        new Reply.Rejected("StateMachineAlreadyExists", "State Machine Already Exists: '" + ARN + "'"));
    }

    @Test
    void aDefinitionThatIsNoneIsRefused() {
        var decision = decide(create("{}", "role", Map.of()));

        assertThat(error(decision)).isEqualTo("InvalidDefinition");
        assertThat(rows.contents()).isEmpty();
    }

    @Test
    void anExpressMachineGoesToEveryPartitionWithItsLogging() {
        var logging = json("{\"level\":\"ERROR\",\"includeExecutionData\":true}");
        var express = new RegistryCommand.CreateStateMachine(
                ARN,
                "order",
                PASS,
                "role",
                "EXPRESS",
                logging,
                json("{}"),
                json("{}"),
                Map.of(),
                false,
                Optional.empty(),
                CALLER);

        assertThat(decide(express).effects())
                .first()
                .isEqualTo(new Effect.ToEveryPartition(
                        ARN,
                        new ExecutionCommand.DefinitionPublished(
                                ARN, 0, PASS, "role", "EXPRESS", Optional.of(new Logging(LogLevel.ERROR, true)))));
    }

    @Test
    void anUpdateMakesANewRevisionAndKeepsTheOld() {
        decide(create());

        var decision = decide(update(Optional.of(OTHER), Optional.empty()));

        assertThat(resource(decision).path("definition").asText()).isEqualTo(OTHER);
        assertThat(resource(decision).path("roleArn").asText()).isEqualTo("role");
        assertThat(resource(decision).path("revisionId").asText()).hasSize(36);
        assertThat(rows.contents()).containsKeys("registry " + ARN + "#0", "registry " + ARN + "#1");
    }

    @Test
    void anUpdateToTheSameValuesKeepsTheRevision() {
        decide(create());
        var first = decide(update(Optional.of(OTHER), Optional.empty()));

        var second = decide(update(Optional.of(OTHER), Optional.of("role")));

        assertThat(second.registrations()).isEmpty();
        assertThat(resource(second)).isEqualTo(resource(first));
    }

    @Test
    void anUpdateOfWhatIsNotThereIsRefused() {
        assertThat(error(decide(update(Optional.of(PASS), Optional.empty())))).isEqualTo("StateMachineDoesNotExist");
    }

    @Test
    void anUpdateToAnInvalidDefinitionIsRefused() {
        decide(create());

        assertThat(error(decide(update(Optional.of("{}"), Optional.empty())))).isEqualTo("InvalidDefinition");
    }

    @Test
    void aDeletedMachineIsDeletingUntilItsExecutionsHaveEnded() {
        decide(create());

        var decision = decide(new RegistryCommand.DeleteStateMachine(ARN, CALLER));

        assertThat(decision.effects())
                .first()
                .isEqualTo(new Effect.ToEveryPartition(ARN, new ExecutionCommand.StateMachineDeleted(ARN, 0)));
        assertThat(resource(decision).path("status").asText()).isEqualTo(MachineStatus.DELETING.name());
        assertThat(error(decide(create()))).isEqualTo("StateMachineDeleting");
        assertThat(error(decide(update(Optional.of(OTHER), Optional.empty())))).isEqualTo("StateMachineDeleting");
    }

    @Test
    void aFinishedDeletionFreesTheNameAndKeepsTheRevision() {
        decide(create());
        decide(new RegistryCommand.DeleteStateMachine(ARN, CALLER));

        var decision = decide(new RegistryCommand.FinishDeletion(ARN, 0, Optional.empty()));

        assertThat(decision.registrations()).containsExactly(new Decision.Registration(ARN, Optional.empty()));
        assertThat(rows.contents()).containsOnlyKeys("registry " + ARN + "#0", "registry #state-machines");
        assertThat(resource(decide(create())).path("revision").asLong()).isEqualTo(3);
    }

    @Test
    void aDeletionFinishedForAnEarlierMachineOfThatNameChangesNothing() {
        decide(create());
        decide(new RegistryCommand.DeleteStateMachine(ARN, CALLER));
        decide(new RegistryCommand.FinishDeletion(ARN, 0, Optional.empty()));
        decide(create());
        var before = rows.contents();

        decide(new RegistryCommand.FinishDeletion(ARN, 0, Optional.empty()));

        assertThat(rows.contents()).isEqualTo(before);
    }

    @Test
    void deletingWhatIsNotThereSucceeds() {
        var reply = (Reply.Registered) reply(decide(new RegistryCommand.DeleteStateMachine(ARN, CALLER)));

        assertThat(reply.position()).isEmpty();
    }

    private static RegistryCommand.CreateActivity activity(Map<String, String> tags, String encryption) {
        return new RegistryCommand.CreateActivity(ACTIVITY, "ship", json(encryption), tags, CALLER);
    }

    @Test
    void anActivityIsMadeOnce() {
        var first = decide(activity(Map.of("a", "1"), "{}"));

        var second = decide(activity(Map.of("b", "2"), "{}"));

        assertThat(first.effects())
                .first()
                .isEqualTo(new Effect.ToEveryPartition(ACTIVITY, new ExecutionCommand.ActivityRegistered(ACTIVITY)));
        assertThat(second.registrations()).isEmpty();
        assertThat(reply(second)).isEqualTo(reply(first));
    }

    @Test
    void anActivityWithAnotherEncryptionIsRefused() {
        decide(activity(Map.of(), "{}"));

        assertThat(error(decide(activity(Map.of(), "{\"type\":\"CUSTOMER_MANAGED_KMS_KEY\"}"))))
                .isEqualTo("ActivityAlreadyExists");
    }

    @Test
    void aDeletedActivityIsGoneForEveryPartition() {
        decide(activity(Map.of(), "{}"));

        var decision = decide(new RegistryCommand.DeleteActivity(ACTIVITY, CALLER));

        assertThat(decision.effects())
                .first()
                .isEqualTo(new Effect.ToEveryPartition(ACTIVITY, new ExecutionCommand.ActivityDeleted(ACTIVITY)));
        assertThat(decision.registrations()).isEqualTo(List.of(new Decision.Registration(ACTIVITY, Optional.empty())));
        assertThat(rows.contents()).containsOnlyKeys("registry #activities");
    }

    @Test
    void aCommandWithoutCallerIsAnsweredToNobody() {
        var decision = decide(new RegistryCommand.FinishDeletion(ARN, 0, Optional.empty()));

        assertThat(decision).isEqualTo(Decision.NOTHING);
    }
}
