package io.stepstream.gateway.ingress;

import io.stepstream.gateway.bus.RegistryView;
import io.stepstream.schemas.view.RegistryRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The registry for one batch of records after the other: catching up once serves a whole batch, since its records are older
 * than the question. A topic full of machines that do not exist costs one look-up per batch.
 */
final class BatchRegistryView implements RegistryView {

    private final RegistryView registry;
    private @Nullable CompletionStage<Void> caughtUp;

    BatchRegistryView(RegistryView registry) {
        this.registry = registry;
    }

    synchronized void beginBatch() {
        caughtUp = null;
    }

    @Override
    public Optional<RegistryRecord.Machine> machine(String arn) {
        return registry.machine(arn);
    }

    @Override
    public Optional<RegistryRecord.Revision> revision(String stateMachineArn, long revision) {
        return registry.revision(stateMachineArn, revision);
    }

    @Override
    public Optional<RegistryRecord.Activity> activity(String arn) {
        return registry.activity(arn);
    }

    @Override
    public Optional<RegistryRecord.Version> version(String arn) {
        return registry.version(arn);
    }

    @Override
    public Optional<RegistryRecord.Alias> alias(String arn) {
        return registry.alias(arn);
    }

    @Override
    public List<RegistryRecord.Version> versions(String stateMachineArn) {
        return registry.versions(stateMachineArn);
    }

    @Override
    public List<RegistryRecord.Alias> aliases(String stateMachineArn) {
        return registry.aliases(stateMachineArn);
    }

    @Override
    public List<RegistryRecord.Machine> machines(Optional<String> afterArn, int limit) {
        return registry.machines(afterArn, limit);
    }

    @Override
    public List<RegistryRecord.Activity> activities(Optional<String> afterArn, int limit) {
        return registry.activities(afterArn, limit);
    }

    @Override
    public synchronized CompletionStage<Void> caughtUp() {
        var known = caughtUp;
        if (known == null) {
            known = registry.caughtUp();
            caughtUp = known;
        }
        return known;
    }
}
