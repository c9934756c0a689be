package io.stepstream.gateway;

import io.stepstream.schemas.Arn;
import io.stepstream.schemas.view.RegistryRecord.Alias;
import io.stepstream.schemas.view.RegistryRecord.Machine;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.IntUnaryOperator;

/** Finds out what a start is to run: an unqualified machine's current revision, a version, or a version drawn by an alias. */
final class Targets {

    private final Resources resources;
    private final IntUnaryOperator draws;

    /** {@code draws} gives a number from 0 to below its argument. */
    Targets(Resources resources, IntUnaryOperator draws) {
        this.resources = resources;
        this.draws = draws;
    }

    /** What a start runs, and by which version and alias it came to that. */
    public record Target(Machine machine, long revision, Optional<String> versionArn, Optional<String> aliasArn) {}

    /** Fails with StateMachineDoesNotExist. {@code arn} is a state machine's without label. */
    CompletionStage<Target> of(Arn arn) {
        if (arn.qualifier().isEmpty()) {
            return resources
                    .machine(arn.toString())
                    .thenApply(machine -> new Target(machine, machine.revision(), Optional.empty(), Optional.empty()));
        }
        if (arn.isVersion()) {
            return version(arn, arn.toString(), Optional.empty());
        }
        return resources
                .alias(arn.toString(), () -> Resources.noMachine(arn.toString()))
                .thenCompose(alias -> version(arn, drawn(alias), Optional.of(alias.arn())));
    }

    private CompletionStage<Target> version(Arn arn, String versionArn, Optional<String> aliasArn) {
        return resources
                .version(versionArn)
                .thenCompose(version -> resources
                        .machine(arn.stateMachine().toString())
                        .thenApply(
                                machine -> new Target(machine, version.revision(), Optional.of(versionArn), aliasArn)));
    }

    private String drawn(Alias alias) {
        int left = draws.applyAsInt(100);
        for (var route : alias.routes()) {
            left -= route.weight();
            if (left < 0) {
                return route.versionArn();
            }
        }
        throw new IllegalStateException("Expected the weights of " + alias.arn() + " to sum to 100, but they do not");
    }
}
