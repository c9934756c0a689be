package io.stepstream.gateway;

import io.stepstream.gateway.bus.RegistryView;
import io.stepstream.schemas.Arn;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.view.RegistryRecord.Activity;
import io.stepstream.schemas.view.RegistryRecord.Alias;
import io.stepstream.schemas.view.RegistryRecord.Machine;
import io.stepstream.schemas.view.RegistryRecord.Revision;
import io.stepstream.schemas.view.RegistryRecord.Version;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Finds what the registry knows, and says that something does not exist only when this gateway's view has caught up: another
 * gateway may have made it a moment ago.
 */
public final class Resources {

    private final RegistryView registry;

    public Resources(RegistryView registry) {
        this.registry = registry;
    }

    /** The machine of this unqualified ARN; fails with StateMachineDoesNotExist. */
    public CompletionStage<Machine> machine(String arn) {
        return found(() -> registry.machine(arn), () -> noMachine(arn));
    }

    /** The machine of this ARN, whose version or alias has to be there too; fails with StateMachineDoesNotExist. */
    public CompletionStage<Machine> machineOf(Arn arn) {
        var text = arn.toString();
        if (arn.qualifier().isEmpty()) {
            return machine(text);
        }
        var qualified = arn.isVersion() ? version(text) : alias(text, () -> noMachine(text));
        return qualified.thenCompose(there -> machine(arn.stateMachine().toString()));
    }

    /** The version; fails with StateMachineDoesNotExist. */
    public CompletionStage<Version> version(String arn) {
        return found(() -> registry.version(arn), () -> noMachine(arn));
    }

    /** The alias; {@code absent} makes what it fails with. */
    public CompletionStage<Alias> alias(String arn, Supplier<RuntimeException> absent) {
        return found(() -> registry.alias(arn), absent);
    }

    /** The activity; fails with ActivityDoesNotExist. */
    public CompletionStage<Activity> activity(String arn) {
        return found(
                () -> registry.activity(arn),
                () -> new ApiException(ErrorCode.ActivityDoesNotExist, "Activity Does Not Exist: '" + arn + "'"));
    }

    /** A revision that something known refers to: it must be there. */
    public CompletionStage<Revision> revision(String stateMachineArn, long revision) {
        return found(
                () -> registry.revision(stateMachineArn, revision),
                () -> new IllegalStateException("Expected revision " + revision + " of " + stateMachineArn
                        + " in the registry, but it is not"));
    }

    /** The refusal for a machine, version or alias that is not there. */
    public static ApiException noMachine(String arn) {
        return new ApiException(ErrorCode.StateMachineDoesNotExist, "State Machine Does Not Exist: '" + arn + "'");
    }

    /** The refusal for a machine whose deletion has begun. */
    public static ApiException deleting(String arn) {
        return new ApiException(ErrorCode.StateMachineDeleting, "State Machine Is Being Deleted: '" + arn + "'");
    }

    private <T> CompletionStage<T> found(Supplier<Optional<T>> lookUp, Supplier<RuntimeException> absent) {
        var known = lookUp.get();
        if (known.isPresent()) {
            return CompletableFuture.completedStage(known.get());
        }
        return registry.caughtUp().thenApply(done -> lookUp.get().orElseThrow(absent));
    }
}
