package io.stepstream.engine;

import io.stepstream.asl.parse.KnownServices;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import java.util.Optional;

/**
 * Decides what state machines, versions, aliases and activities there are, as the one writer of {@code registry}. A new
 * revision goes to every partition of {@code commands} as an effect, and its record leaves with the transaction, whose commit
 * waits for the effects: so nobody can name a revision that a partition does not have on its way.
 */
public final class Registry implements Decider<RegistryCommand> {

    /** The store of this decider; keys and values are those of the {@code registry} topic. */
    public static final String TABLE = "registry";

    private final Quotas quotas;
    private final KnownServices services;

    /** {@code services} are what definitions may name. */
    public Registry(Quotas quotas, KnownServices services) {
        this.quotas = quotas;
        this.services = services;
    }

    /**
     * How many there may be.
     *
     * @param versions of one machine
     * @param aliases of one machine
     */
    public record Quotas(int stateMachines, int activities, int versions, int aliases) {

        /** AWS's, per account and region. */
        public static final Quotas AWS = new Quotas(100_000, 100_000, 1_000, 100);
    }

    @Override
    public Decision decide(String key, RegistryCommand command, Moment moment, Rows<RegistryCommand> rows) {
        try {
            return command.match(new RegistryStep(new RegistryRows(rows.table(TABLE)), moment, quotas, services));
        } catch (ApiException refusal) {
            return refused(
                    command,
                    new Reply.Rejected(
                            refusal.code().name(),
                            refusal.message(),
                            Optional.ofNullable(refusal.members().get("reason"))));
        }
    }

    @Override
    public Decision failed(
            String key, RegistryCommand command, Moment moment, Rows<RegistryCommand> rows, IllegalStateException bug) {
        return refused(command, new Reply.Rejected("InternalFailure", "The request could not be processed."));
    }

    private static Decision refused(RegistryCommand command, Reply.Rejected why) {
        return command.replyTo()
                .map(to -> Decision.of(new Effect.SendReply(to, why)))
                .orElse(Decision.NOTHING);
    }

    /** The key of a revision's record. */
    public static String revisionKey(String stateMachineArn, long revision) {
        return stateMachineArn + "#" + revision;
    }
}
