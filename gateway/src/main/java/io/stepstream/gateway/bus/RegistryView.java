package io.stepstream.gateway.bus;

import io.stepstream.schemas.view.RegistryRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** All machines, revisions, versions, aliases and activities, in memory, as this gateway has read them from {@code registry}. */
public interface RegistryView {

    Optional<RegistryRecord.Machine> machine(String arn);

    Optional<RegistryRecord.Revision> revision(String stateMachineArn, long revision);

    Optional<RegistryRecord.Version> version(String arn);

    Optional<RegistryRecord.Alias> alias(String arn);

    Optional<RegistryRecord.Activity> activity(String arn);

    /** All of a machine, in no particular order: there is a quota. */
    List<RegistryRecord.Version> versions(String stateMachineArn);

    /** As {@link #versions}. */
    List<RegistryRecord.Alias> aliases(String stateMachineArn);

    /** Ordered by ARN, from the first that is above {@code afterArn}; at most {@code limit}. */
    List<RegistryRecord.Machine> machines(Optional<String> afterArn, int limit);

    /** As {@link #machines}. */
    List<RegistryRecord.Activity> activities(Optional<String> afterArn, int limit);

    /**
     * Completes when everything is here that was in {@code registry} at the time of the call: to be asked before a resource is
     * said not to exist, since another gateway may have made it a moment ago.
     */
    CompletionStage<Void> caughtUp();
}
