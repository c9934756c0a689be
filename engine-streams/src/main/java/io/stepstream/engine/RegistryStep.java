package io.stepstream.engine;

import io.stepstream.asl.parse.AslParser;
import io.stepstream.asl.parse.KnownServices;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.event.LogLevel;
import io.stepstream.schemas.event.Logging;
import io.stepstream.schemas.view.RegistryRecord;
import io.stepstream.schemas.view.RegistryRecord.Activity;
import io.stepstream.schemas.view.RegistryRecord.Alias;
import io.stepstream.schemas.view.RegistryRecord.FirstVersion;
import io.stepstream.schemas.view.RegistryRecord.Machine;
import io.stepstream.schemas.view.RegistryRecord.MachineStatus;
import io.stepstream.schemas.view.RegistryRecord.Revision;
import io.stepstream.schemas.view.RegistryRecord.Version;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One decision of the registry; a refusal is an {@link ApiException}, and then nothing is changed. Idempotency and messages are
 * those of AWS's operations of the same names.
 */
final class RegistryStep implements RegistryCommand.Cases<Decision> {

    private final RegistryRows rows;
    private final Moment moment;
    private final Registry.Quotas quotas;
    private final KnownServices services;
    private final Versions versions;

    RegistryStep(RegistryRows rows, Moment moment, Registry.Quotas quotas, KnownServices services) {
        this.rows = rows;
        this.moment = moment;
        this.quotas = quotas;
        this.services = services;
        this.versions = new Versions(rows, moment, quotas);
    }

    // State machines.
    // ------------------------------------------------------------------------------------------------------

    @Override
    public Decision createStateMachine(RegistryCommand.CreateStateMachine command) {
        var arn = command.resourceArn();
        var known = rows.find(arn, Machine.class);
        if (known.isPresent()) {
            return createdAgain(command, known.get());
        }
        var references = variableReferences(command.definition(), command.machineType());
        if (rows.count(RegistryRows.Kind.STATE_MACHINES) >= quotas.stateMachines()) {
            throw new ApiException(
                    ErrorCode.StateMachineLimitExceeded,
                    "State Machine Limit Exceeded: '" + quotas.stateMachines() + " state machines'");
        }
        rows.count(RegistryRows.Kind.STATE_MACHINES, 1);
        var machine = new Machine(
                arn,
                command.name(),
                command.machineType(),
                MachineStatus.ACTIVE,
                moment.now(),
                moment.offset(),
                0,
                command.publish() ? Optional.of(new FirstVersion(command.versionDescription())) : Optional.empty(),
                command.tags(),
                moment.offset());
        var revision = new Revision(
                arn,
                moment.offset(),
                Optional.empty(),
                command.definition(),
                references,
                command.roleArn(),
                command.loggingConfiguration(),
                command.tracingConfiguration(),
                command.encryptionConfiguration(),
                moment.now(),
                moment.offset());
        put(revision);
        var version = publish(command.publish(), machine, revision, command.versionDescription());
        var stored = put(version.map(made -> machine.published(made.number(), moment.offset()))
                .orElse(machine));
        return changed(command, stored, version, toEveryPartition(machine, revision));
    }

    private Decision createdAgain(RegistryCommand.CreateStateMachine command, Machine known) {
        requireActive(known);
        var current = current(known);
        boolean same = known.machineType().equals(command.machineType())
                && current.definition().equals(command.definition())
                && current.loggingConfiguration().equals(command.loggingConfiguration())
                && current.tracingConfiguration().equals(command.tracingConfiguration())
                && current.encryptionConfiguration().equals(command.encryptionConfiguration())
                && known.firstVersion().isPresent() == command.publish()
                && known.firstVersion().flatMap(FirstVersion::description).equals(command.versionDescription());
        if (!same) {
            throw new ApiException(
                    ErrorCode.StateMachineAlreadyExists, "State Machine Already Exists: '" + known.arn() + "'");
        }
        return unchanged(
                command, known, known.position(), known.firstVersion().map(first -> Version.arn(known.arn(), 1)));
    }

    @Override
    public Decision updateStateMachine(RegistryCommand.UpdateStateMachine command) {
        var machine = machine(command.resourceArn());
        requireActive(machine);
        var current = current(machine);
        var definition = command.definition().orElse(current.definition());
        var references = variableReferences(definition, machine.machineType());
        var wanted = new Revision(
                machine.arn(),
                moment.offset(),
                Optional.of(moment.entropy().uuid().toString()),
                definition,
                references,
                command.roleArn().orElse(current.roleArn()),
                command.loggingConfiguration().orElse(current.loggingConfiguration()),
                command.tracingConfiguration().orElse(current.tracingConfiguration()),
                command.encryptionConfiguration().orElse(current.encryptionConfiguration()),
                moment.now(),
                moment.offset());
        if (saysTheSame(wanted, current)) {
            var version = publish(command.publish(), machine, current, command.versionDescription());
            if (version.isEmpty() || version.get().number() <= machine.lastVersion()) {
                return unchanged(command, current, machine.position(), version.map(Version::arn));
            }
            put(machine.published(version.get().number(), moment.offset()));
            return changed(command, current, version, List.of());
        }
        put(wanted);
        var revised = machine.revised(wanted.revision(), moment.offset());
        var version = publish(command.publish(), revised, wanted, command.versionDescription());
        put(version.map(made -> revised.published(made.number(), moment.offset()))
                .orElse(revised));
        return changed(command, wanted, version, toEveryPartition(machine, wanted));
    }

    private Optional<Version> publish(
            boolean wanted, Machine machine, Revision revision, Optional<String> description) {
        return wanted ? Optional.of(versions.publish(machine, revision.revision(), description)) : Optional.empty();
    }

    private static boolean saysTheSame(Revision one, Revision other) {
        return one.definition().equals(other.definition())
                && one.roleArn().equals(other.roleArn())
                && one.loggingConfiguration().equals(other.loggingConfiguration())
                && one.tracingConfiguration().equals(other.tracingConfiguration())
                && one.encryptionConfiguration().equals(other.encryptionConfiguration());
    }

    /** Of a definition that is valid; refuses any other. */
    private Map<String, List<String>> variableReferences(String definition, String machineType) {
        var parsed = AslParser.parse(definition, machineType, services);
        if (parsed.stateMachine().isEmpty()) {
            throw new ApiException(
                    ErrorCode.InvalidDefinition, "Invalid State Machine Definition: '" + parsed.errors() + "'");
        }
        var references = new LinkedHashMap<String, List<String>>();
        parsed.stateMachine()
                .get()
                .references()
                .forEach((state, variables) -> references.put(state, List.copyOf(variables)));
        return references;
    }

    private static List<Effect> toEveryPartition(Machine machine, Revision revision) {
        return List.of(new Effect.ToEveryPartition(
                machine.arn(),
                new ExecutionCommand.DefinitionPublished(
                        machine.arn(),
                        revision.revision(),
                        revision.definition(),
                        revision.roleArn(),
                        machine.machineType(),
                        Optional.of(Logging.of(revision.loggingConfiguration()))
                                .filter(logging -> logging.level() != LogLevel.OFF))));
    }

    @Override
    public Decision deleteStateMachine(RegistryCommand.DeleteStateMachine command) {
        var known = rows.find(command.resourceArn(), Machine.class);
        if (known.isEmpty()) {
            return nothingThere(command);
        }
        var machine = known.get();
        if (machine.status() == MachineStatus.DELETING) {
            return unchanged(command, machine, machine.position(), Optional.empty());
        }
        return changed(
                command,
                put(machine.deleting(moment.offset())),
                Optional.empty(),
                List.of(new Effect.ToEveryPartition(
                        machine.arn(), new ExecutionCommand.StateMachineDeleted(machine.arn(), machine.revision()))));
    }

    @Override
    public Decision finishDeletion(RegistryCommand.FinishDeletion command) {
        var known = rows.find(command.resourceArn(), Machine.class)
                .filter(machine -> machine.status() == MachineStatus.DELETING)
                .filter(machine -> machine.revision() == command.revision());
        if (known.isEmpty()) {
            return nothingThere(command);
        }
        var arn = command.resourceArn();
        rows.ofMachine(arn, Alias.class).forEach(alias -> rows.remove(alias.arn()));
        rows.ofMachine(arn, Version.class).forEach(version -> rows.remove(version.arn()));
        rows.remove(arn);
        rows.count(RegistryRows.Kind.STATE_MACHINES, -1);
        return changed(command, known.get(), Optional.empty(), List.of());
    }

    // Versions and aliases.
    // ------------------------------------------------------------------------------------------------

    @Override
    public Decision publishVersion(RegistryCommand.PublishVersion command) {
        var machine = machine(command.resourceArn());
        requireActive(machine);
        var current = current(machine);
        var currentId = current.revisionId().orElse("INITIAL");
        if (command.revisionId().isPresent() && !command.revisionId().get().equals(currentId)) {
            throw new ApiException(
                    ErrorCode.ConflictException,
                    "Failed to publish the State Machine version for revision "
                            + command.revisionId().get() + ". The current State Machine revision is " + currentId
                            + ".");
        }
        var version = versions.publish(machine, current.revision(), command.description());
        if (version.number() <= machine.lastVersion()) {
            return unchanged(command, version, version.position(), Optional.empty());
        }
        put(machine.published(version.number(), moment.offset()));
        return changed(command, version, Optional.empty(), List.of());
    }

    @Override
    public Decision deleteVersion(RegistryCommand.DeleteVersion command) {
        var deleted = versions.delete(command.resourceArn());
        return deleted.isPresent()
                ? changed(command, deleted.get(), Optional.empty(), List.of())
                : nothingThere(command);
    }

    @Override
    public Decision createAlias(RegistryCommand.CreateAlias command) {
        var known = versions.same(command);
        return known.isPresent()
                ? unchanged(command, known.get(), known.get().position(), Optional.empty())
                : changed(command, versions.create(command), Optional.empty(), List.of());
    }

    @Override
    public Decision updateAlias(RegistryCommand.UpdateAlias command) {
        var before = versions.alias(command.resourceArn());
        var after = versions.update(before, command);
        return after.equals(before)
                ? unchanged(command, before, before.position(), Optional.empty())
                : changed(command, after, Optional.empty(), List.of());
    }

    @Override
    public Decision deleteAlias(RegistryCommand.DeleteAlias command) {
        var alias = versions.alias(command.resourceArn());
        rows.remove(alias.arn());
        return changed(command, alias, Optional.empty(), List.of());
    }

    // Activities.
    // ----------------------------------------------------------------------------------------------------------

    @Override
    public Decision createActivity(RegistryCommand.CreateActivity command) {
        var arn = command.resourceArn();
        var known = rows.find(arn, Activity.class);
        if (known.isPresent()) {
            if (!known.get().encryptionConfiguration().equals(command.encryptionConfiguration())) {
                throw new ApiException(ErrorCode.ActivityAlreadyExists, "Activity Already Exists: '" + arn + "'");
            }
            return unchanged(command, known.get(), known.get().position(), Optional.empty());
        }
        if (rows.count(RegistryRows.Kind.ACTIVITIES) >= quotas.activities()) {
            throw new ApiException(
                    ErrorCode.ActivityLimitExceeded,
                    "Activity Limit Exceeded: '" + quotas.activities() + " activities'");
        }
        rows.count(RegistryRows.Kind.ACTIVITIES, 1);
        var activity = new Activity(
                arn, command.name(), moment.now(), command.encryptionConfiguration(), command.tags(), moment.offset());
        rows.put(arn, activity);
        return changed(
                command,
                activity,
                Optional.empty(),
                List.of(new Effect.ToEveryPartition(arn, new ExecutionCommand.ActivityRegistered(arn))));
    }

    @Override
    public Decision deleteActivity(RegistryCommand.DeleteActivity command) {
        var arn = command.resourceArn();
        var known = rows.find(arn, Activity.class);
        if (known.isEmpty()) {
            return nothingThere(command);
        }
        rows.remove(arn);
        rows.count(RegistryRows.Kind.ACTIVITIES, -1);
        return changed(
                command,
                known.get(),
                Optional.empty(),
                List.of(new Effect.ToEveryPartition(arn, new ExecutionCommand.ActivityDeleted(arn))));
    }

    // Tags.
    // ----------------------------------------------------------------------------------------------------------------

    @Override
    public Decision tagResource(RegistryCommand.TagResource command) {
        return retag(command, tags -> tags.putAll(command.tags()));
    }

    @Override
    public Decision untagResource(RegistryCommand.UntagResource command) {
        return retag(command, tags -> command.tagKeys().forEach(tags::remove));
    }

    private Decision retag(RegistryCommand command, Change change) {
        var arn = command.resourceArn();
        var machine = rows.find(arn, Machine.class);
        var activity = rows.find(arn, Activity.class);
        var before = machine.map(Machine::tags)
                .or(() -> activity.map(Activity::tags))
                .orElseThrow(() -> new ApiException(ErrorCode.ResourceNotFound, "Resource not found: '" + arn + "'")
                        .with("resourceName", arn));
        var after = new LinkedHashMap<>(before);
        change.apply(after);
        if (after.size() > MAX_TAGS) {
            throw new ApiException(
                            ErrorCode.TooManyTags,
                            "Expected at most " + MAX_TAGS + " tags on a resource, but it would have " + after.size())
                    .with("resourceName", arn);
        }
        var record = machine.<RegistryRecord>map(known -> known.tagged(after, moment.offset()))
                .or(() -> activity.map(known -> known.tagged(after, moment.offset())))
                .orElseThrow();
        rows.put(arn, record);
        return changed(command, record, Optional.empty(), List.of());
    }

    /** What is done to tags. */
    private interface Change {
        void apply(Map<String, String> tags);
    }

    private static final int MAX_TAGS = 50;

    // -------------------------------------------------------------------------------------------------------------------

    private Machine machine(String arn) {
        return rows.find(arn, Machine.class)
                .orElseThrow(() -> new ApiException(
                        ErrorCode.StateMachineDoesNotExist, "State Machine Does Not Exist: '" + arn + "'"));
    }

    static void requireActive(Machine machine) {
        if (machine.status() == MachineStatus.DELETING) {
            throw new ApiException(
                    ErrorCode.StateMachineDeleting, "State Machine Is Being Deleted: '" + machine.arn() + "'");
        }
    }

    private Revision current(Machine machine) {
        return rows.find(Registry.revisionKey(machine.arn(), machine.revision()), Revision.class)
                .orElseThrow(() -> new IllegalStateException(
                        "Expected revision " + machine.revision() + " of " + machine.arn() + " to be kept"));
    }

    private void put(Revision revision) {
        rows.put(Registry.revisionKey(revision.stateMachineArn(), revision.revision()), revision);
    }

    /** To be put after the revision and version that it names, so that readers never miss those. */
    private Machine put(Machine machine) {
        rows.put(machine.arn(), machine);
        return machine;
    }

    /** Writes everything; {@code effects} go out before the reply. */
    private Decision changed(
            RegistryCommand command, RegistryRecord answer, Optional<Version> version, List<Effect> effects) {
        var registrations = rows.write();
        var all = new ArrayList<>(effects);
        all.addAll(reply(command, answer, moment.offset(), version.map(Version::arn)));
        return new Decision(List.of(), List.of(), List.of(), List.of(), registrations, all);
    }

    private static Decision unchanged(
            RegistryCommand command, RegistryRecord record, long position, Optional<String> versionArn) {
        return Decision.of(List.of(), List.of(), reply(command, record, position, versionArn));
    }

    private static List<Effect> reply(
            RegistryCommand command, RegistryRecord record, long position, Optional<String> versionArn) {
        return reply(
                command,
                new Reply.Registered(OptionalLong.of(position), Json.shared().valueToTree(record), versionArn));
    }

    private static List<Effect> reply(RegistryCommand command, Reply reply) {
        return command.replyTo()
                .<List<Effect>>map(to -> List.of(new Effect.SendReply(to, reply)))
                .orElse(List.of());
    }

    /** Deleting what is not there succeeds. */
    private static Decision nothingThere(RegistryCommand command) {
        return Decision.of(
                List.of(),
                List.of(),
                reply(
                        command,
                        new Reply.Registered(OptionalLong.empty(), Json.shared().createObjectNode())));
    }
}
