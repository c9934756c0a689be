package io.stepstream.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.parse.AslParser;
import io.stepstream.engine.Decision.Registration;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.view.RegistryRecord;
import io.stepstream.schemas.view.RegistryRecord.Activity;
import io.stepstream.schemas.view.RegistryRecord.Machine;
import io.stepstream.schemas.view.RegistryRecord.MachineStatus;
import io.stepstream.schemas.view.RegistryRecord.Revision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides what state machines and activities there are, as the one writer of {@code registry}. A new revision goes to every
 * partition of {@code commands} as an effect, and its record leaves with the transaction, whose commit waits for the effects:
 * so nobody can name a revision that a partition does not have on its way.
 *
 * <p>Idempotency and messages are those of AWS's CreateStateMachine, UpdateStateMachine, DeleteStateMachine, CreateActivity
 * and DeleteActivity.
 */
public final class Registry implements Decider<RegistryCommand> {

    /** The store of this decider; keys and values are those of the {@code registry} topic. */
    public static final String TABLE = "registry";

    @Override
    public Decision decide(String key, RegistryCommand command, Moment moment, Rows<RegistryCommand> rows) {
        return command.match(new Step(rows.table(TABLE), moment));
    }

    @Override
    public Decision failed(
            String key, RegistryCommand command, Moment moment, Rows<RegistryCommand> rows, IllegalStateException bug) {
        return refused(command, "InternalFailure", "The request could not be processed.");
    }

    /** The key of a revision's record. */
    public static String revisionKey(String stateMachineArn, long revision) {
        return stateMachineArn + "#" + revision;
    }

    private static Decision refused(RegistryCommand command, String error, String message) {
        return answered(command, new Reply.Rejected(error, message));
    }

    private static Decision unchanged(RegistryCommand command, RegistryRecord record, long position) {
        return answered(
                command,
                new Reply.Registered(OptionalLong.of(position), Json.shared().valueToTree(record)));
    }

    private static Decision answered(RegistryCommand command, Reply reply) {
        return command.replyTo()
                .map(to -> Decision.of(new Effect.SendReply(to, reply)))
                .orElse(Decision.NOTHING);
    }

    /** One decision. */
    private static final class Step implements RegistryCommand.Cases<Decision> {

        private final Table table;
        private final Moment moment;

        Step(Table table, Moment moment) {
            this.table = table;
            this.moment = moment;
        }

        @Override
        public Decision createStateMachine(RegistryCommand.CreateStateMachine command) {
            var arn = command.resourceArn();
            var known = read(arn, Machine.class);
            if (known.isPresent()) {
                return createdAgain(command, known.get());
            }
            var errors =
                    AslParser.parse(command.definition(), command.machineType()).errors();
            if (!errors.isEmpty()) {
                return refused(command, "InvalidDefinition", "Invalid State Machine Definition: '" + errors + "'");
            }
            if (!command.machineType().equals("STANDARD")) {
                return refused(
                        command,
                        "StateMachineTypeNotSupported",
                        "State machines of type " + command.machineType()
                                + " are not supported yet by this version of Stepstream");
            }
            var machine = new Machine(
                    arn,
                    command.name(),
                    command.machineType(),
                    MachineStatus.ACTIVE,
                    moment.now(),
                    moment.offset(),
                    command.tags(),
                    moment.offset());
            var revision = new Revision(
                    arn,
                    moment.offset(),
                    Optional.empty(),
                    command.definition(),
                    command.roleArn(),
                    command.loggingConfiguration(),
                    command.tracingConfiguration(),
                    command.encryptionConfiguration(),
                    moment.now(),
                    moment.offset());
            return published(command, machine, revision, machine);
        }

        private Decision createdAgain(RegistryCommand.CreateStateMachine command, Machine known) {
            if (known.status() == MachineStatus.DELETING) {
                return deleting(command);
            }
            var current = revision(known);
            boolean same = known.machineType().equals(command.machineType())
                    && current.definition().equals(command.definition())
                    && current.loggingConfiguration().equals(command.loggingConfiguration())
                    && current.tracingConfiguration().equals(command.tracingConfiguration())
                    && current.encryptionConfiguration().equals(command.encryptionConfiguration());
            return same
                    ? unchanged(command, known, known.position())
                    : refused(
                            command,
                            "StateMachineAlreadyExists",
                            "State Machine Already Exists: '" + command.resourceArn() + "'");
        }

        @Override
        public Decision updateStateMachine(RegistryCommand.UpdateStateMachine command) {
            var arn = command.resourceArn();
            var known = read(arn, Machine.class);
            if (known.isEmpty()) {
                return refused(command, "StateMachineDoesNotExist", "State Machine Does Not Exist: '" + arn + "'");
            }
            var machine = known.get();
            if (machine.status() == MachineStatus.DELETING) {
                return deleting(command);
            }
            var current = revision(machine);
            var definition = command.definition().orElse(current.definition());
            var errors = AslParser.parse(definition, machine.machineType()).errors();
            if (!errors.isEmpty()) {
                return refused(command, "InvalidDefinition", "Invalid State Machine Definition: '" + errors + "'");
            }
            var wanted = new Revision(
                    arn,
                    moment.offset(),
                    Optional.of(moment.entropy().uuid().toString()),
                    definition,
                    command.roleArn().orElse(current.roleArn()),
                    command.loggingConfiguration().orElse(current.loggingConfiguration()),
                    command.tracingConfiguration().orElse(current.tracingConfiguration()),
                    command.encryptionConfiguration().orElse(current.encryptionConfiguration()),
                    moment.now(),
                    moment.offset());
            if (saysTheSame(wanted, current)) {
                return unchanged(command, current, machine.position());
            }
            var updated = new Machine(
                    arn,
                    machine.name(),
                    machine.machineType(),
                    machine.status(),
                    machine.creationDate(),
                    wanted.revision(),
                    machine.tags(),
                    moment.offset());
            return published(command, updated, wanted, wanted);
        }

        private static boolean saysTheSame(Revision one, Revision other) {
            return one.definition().equals(other.definition())
                    && one.roleArn().equals(other.roleArn())
                    && one.loggingConfiguration().equals(other.loggingConfiguration())
                    && one.tracingConfiguration().equals(other.tracingConfiguration())
                    && one.encryptionConfiguration().equals(other.encryptionConfiguration());
        }

        /** The machine with its new revision; the revision's record first, so that readers never miss what a machine names. */
        private Decision published(RegistryCommand command, Machine machine, Revision revision, RegistryRecord answer) {
            return write(
                    command,
                    answer,
                    List.of(
                            registration(revisionKey(machine.arn(), revision.revision()), revision),
                            registration(machine.arn(), machine)),
                    new ExecutionCommand.DefinitionPublished(
                            machine.arn(),
                            revision.revision(),
                            revision.definition(),
                            revision.roleArn(),
                            machine.machineType()));
        }

        @Override
        public Decision deleteStateMachine(RegistryCommand.DeleteStateMachine command) {
            var known = read(command.resourceArn(), Machine.class);
            if (known.isEmpty()) {
                return answered(command, new Reply.Registered(OptionalLong.empty(), none()));
            }
            var machine = known.get();
            if (machine.status() == MachineStatus.DELETING) {
                return unchanged(command, machine, machine.position());
            }
            var deleting = new Machine(
                    machine.arn(),
                    machine.name(),
                    machine.machineType(),
                    MachineStatus.DELETING,
                    machine.creationDate(),
                    machine.revision(),
                    machine.tags(),
                    moment.offset());
            return write(
                    command,
                    deleting,
                    List.of(registration(machine.arn(), deleting)),
                    new ExecutionCommand.StateMachineDeleted(machine.arn(), machine.revision()));
        }

        @Override
        public Decision finishDeletion(RegistryCommand.FinishDeletion command) {
            var known = read(command.resourceArn(), Machine.class)
                    .filter(machine -> machine.status() == MachineStatus.DELETING)
                    .filter(machine -> machine.revision() == command.revision());
            if (known.isEmpty()) {
                return answered(command, new Reply.Registered(OptionalLong.empty(), none()));
            }
            return removed(command, known.get());
        }

        @Override
        public Decision createActivity(RegistryCommand.CreateActivity command) {
            var arn = command.resourceArn();
            var known = read(arn, Activity.class);
            if (known.isPresent()) {
                return known.get().encryptionConfiguration().equals(command.encryptionConfiguration())
                        ? unchanged(command, known.get(), known.get().position())
                        : refused(command, "ActivityAlreadyExists", "Activity Already Exists: '" + arn + "'");
            }
            var activity = new Activity(
                    arn,
                    command.name(),
                    moment.now(),
                    command.encryptionConfiguration(),
                    command.tags(),
                    moment.offset());
            return write(
                    command,
                    activity,
                    List.of(registration(arn, activity)),
                    new ExecutionCommand.ActivityRegistered(arn));
        }

        @Override
        public Decision deleteActivity(RegistryCommand.DeleteActivity command) {
            var known = read(command.resourceArn(), Activity.class);
            if (known.isEmpty()) {
                return answered(command, new Reply.Registered(OptionalLong.empty(), none()));
            }
            var removal = removed(command, known.get());
            return withEffects(
                    removal,
                    new Effect.ToEveryPartition(
                            command.resourceArn(), new ExecutionCommand.ActivityDeleted(command.resourceArn())));
        }

        private Decision deleting(RegistryCommand command) {
            return refused(
                    command, "StateMachineDeleting", "State Machine Is Being Deleted: '" + command.resourceArn() + "'");
        }

        private Decision removed(RegistryCommand command, RegistryRecord record) {
            table.delete(command.resourceArn());
            var reply = new Reply.Registered(
                    OptionalLong.of(moment.offset()), Json.shared().valueToTree(record));
            return new Decision(
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(new Registration(command.resourceArn(), Optional.empty())),
                    command.replyTo()
                            .<List<Effect>>map(to -> List.of(new Effect.SendReply(to, reply)))
                            .orElse(List.of()));
        }

        private Decision write(
                RegistryCommand command,
                RegistryRecord answer,
                List<Registration> registrations,
                ExecutionCommand toEveryPartition) {
            for (var registration : registrations) {
                registration.record().ifPresent(record -> table.put(registration.key(), Json.bytes(record)));
            }
            var reply = new Reply.Registered(
                    OptionalLong.of(moment.offset()), Json.shared().valueToTree(answer));
            var replies = command.replyTo()
                    .<List<Effect>>map(to -> List.of(new Effect.SendReply(to, reply)))
                    .orElse(List.of());
            return withEffects(
                    new Decision(List.of(), List.of(), List.of(), registrations, replies),
                    new Effect.ToEveryPartition(command.resourceArn(), toEveryPartition));
        }

        /** {@code first} goes out before the decision's own effects: the reply comes last. */
        private static Decision withEffects(Decision decision, Effect first) {
            var effects = new ArrayList<Effect>();
            effects.add(first);
            effects.addAll(decision.effects());
            return new Decision(
                    decision.events(), decision.statuses(), decision.expired(), decision.registrations(), effects);
        }

        private Revision revision(Machine machine) {
            return read(revisionKey(machine.arn(), machine.revision()), Revision.class)
                    .orElseThrow(() -> new IllegalStateException(
                            "Expected revision " + machine.revision() + " of " + machine.arn() + " to be kept"));
        }

        private <T extends RegistryRecord> Optional<T> read(String key, Class<T> type) {
            var value = table.get(key);
            if (value == null) {
                return Optional.empty();
            }
            try {
                return Optional.of(Json.read(value, type));
            } catch (IOException e) {
                throw new IllegalStateException("Expected the registry's row " + key + " to be readable", e);
            }
        }

        private static Registration registration(String key, RegistryRecord record) {
            return new Registration(key, Optional.of(record));
        }

        private static JsonNode none() {
            return Json.shared().createObjectNode();
        }
    }
}
