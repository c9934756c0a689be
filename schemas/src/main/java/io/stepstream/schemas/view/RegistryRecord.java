package io.stepstream.schemas.view;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A value of the {@code registry} topic, which every gateway holds in memory.
 *
 * <p>Keys: a machine's or activity's ARN; a revision's is {@code <machine ARN>#<revision number>}. {@code position} is the
 * offset in {@code registry-commands} that made the record.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface RegistryRecord {

    long position();

    /** A machine as it is now. {@code revision} names the {@link Revision} that new executions run. */
    record Machine(
            String arn,
            String name,
            String machineType,
            MachineStatus status,
            Instant creationDate,
            long revision,
            Map<String, String> tags,
            long position)
            implements RegistryRecord {}

    enum MachineStatus {
        ACTIVE,
        DELETING
    }

    /**
     * What one revision of a machine says. Revisions outlive their machine, since executions refer to them.
     *
     * @param revision the offset in {@code registry-commands} that made it: unique even when a name is used again
     * @param revisionId the API's id; absent for a machine's first revision, as in AWS
     */
    record Revision(
            String stateMachineArn,
            long revision,
            Optional<String> revisionId,
            String definition,
            String roleArn,
            JsonNode loggingConfiguration,
            JsonNode tracingConfiguration,
            JsonNode encryptionConfiguration,
            Instant updateDate,
            long position)
            implements RegistryRecord {}

    record Activity(
            String arn,
            String name,
            Instant creationDate,
            JsonNode encryptionConfiguration,
            Map<String, String> tags,
            long position)
            implements RegistryRecord {}
}
