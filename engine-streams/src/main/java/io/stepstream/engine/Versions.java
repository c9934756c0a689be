package io.stepstream.engine;

import io.stepstream.schemas.Arn;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.view.RegistryRecord.Alias;
import io.stepstream.schemas.view.RegistryRecord.Machine;
import io.stepstream.schemas.view.RegistryRecord.Route;
import io.stepstream.schemas.view.RegistryRecord.Version;
import java.util.List;
import java.util.Optional;

/** The rules of versions and aliases: what may be published, referred to and deleted. */
final class Versions {

    private final RegistryRows rows;
    private final Moment moment;
    private final Registry.Quotas quotas;

    Versions(RegistryRows rows, Moment moment, Registry.Quotas quotas) {
        this.rows = rows;
        this.moment = moment;
        this.quotas = quotas;
    }

    /** The version of a revision: the one that it has, or a new one. The machine's record is the caller's to write. */
    Version publish(Machine machine, long revision, Optional<String> description) {
        var all = rows.ofMachine(machine.arn(), Version.class);
        for (var version : all) {
            if (version.revision() == revision) {
                return version;
            }
        }
        if (all.size() >= quotas.versions()) {
            throw new ApiException(
                    ErrorCode.ServiceQuotaExceededException,
                    "Expected at most " + quotas.versions() + " versions of a state machine, but " + machine.arn()
                            + " has as many");
        }
        long number = machine.lastVersion() + 1;
        var version = new Version(
                Version.arn(machine.arn(), number),
                machine.arn(),
                number,
                revision,
                description,
                moment.now(),
                moment.offset());
        rows.put(version.arn(), version);
        return version;
    }

    /** Empty if there was none. */
    Optional<Version> delete(String versionArn) {
        var version = rows.find(versionArn, Version.class);
        if (version.isPresent()) {
            var aliases = rows.ofMachine(version.get().stateMachineArn(), Alias.class).stream()
                    .filter(alias -> alias.routes().stream()
                            .anyMatch(route -> route.versionArn().equals(versionArn)))
                    .map(Alias::name)
                    .toList();
            if (!aliases.isEmpty()) {
                throw new ApiException(
                        ErrorCode.ConflictException,
                        "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this"
                                + " version: " + aliases);
            }
            rows.remove(versionArn);
        }
        return version;
    }

    /** The alias that an equal request has made; fails with ConflictException for one of that name that is not equal. */
    Optional<Alias> same(RegistryCommand.CreateAlias command) {
        var known = rows.find(command.resourceArn(), Alias.class);
        if (known.isPresent()
                && !(known.get().description().equals(command.description())
                        && known.get().routes().equals(command.routes()))) {
            throw new ApiException(
                    ErrorCode.ConflictException,
                    "Failed to create alias because an alias with the same name and a different routing configuration"
                            + " already exists.");
        }
        return known;
    }

    Alias create(RegistryCommand.CreateAlias command) {
        var arn = Arn.parse(command.resourceArn()).orElseThrow();
        var machineArn = arn.stateMachine().toString();
        requireRoutes(machineArn, command.routes());
        if (rows.ofMachine(machineArn, Alias.class).size() >= quotas.aliases()) {
            throw new ApiException(
                    ErrorCode.ServiceQuotaExceededException,
                    "Expected at most " + quotas.aliases() + " aliases of a state machine, but " + machineArn
                            + " has as many");
        }
        var alias = new Alias(
                command.resourceArn(),
                machineArn,
                arn.qualifier().orElseThrow(),
                command.description(),
                command.routes(),
                moment.now(),
                moment.now(),
                moment.offset());
        rows.put(alias.arn(), alias);
        return alias;
    }

    /** The alias; fails with ResourceNotFound. */
    Alias alias(String arn) {
        return rows.find(arn, Alias.class).orElseThrow(Versions::notFound);
    }

    /** The alias itself where the command changes nothing. */
    Alias update(Alias alias, RegistryCommand.UpdateAlias command) {
        var description = command.description().or(alias::description);
        var routes = command.routes().orElse(alias.routes());
        requireRoutes(alias.stateMachineArn(), routes);
        if (description.equals(alias.description()) && routes.equals(alias.routes())) {
            return alias;
        }
        var updated = new Alias(
                alias.arn(),
                alias.stateMachineArn(),
                alias.name(),
                description,
                routes,
                alias.creationDate(),
                moment.now(),
                moment.offset());
        rows.put(updated.arn(), updated);
        return updated;
    }

    private void requireRoutes(String machineArn, List<Route> routes) {
        RegistryStep.requireActive(rows.find(machineArn, Machine.class).orElseThrow(Versions::notFound));
        for (var route : routes) {
            var version = rows.find(route.versionArn(), Version.class).orElseThrow(Versions::notFound);
            if (!version.stateMachineArn().equals(machineArn)) {
                throw notFound();
            }
        }
    }

    private static ApiException notFound() {
        return new ApiException(ErrorCode.ResourceNotFound, "Request references a resource that does not exist.");
    }
}
