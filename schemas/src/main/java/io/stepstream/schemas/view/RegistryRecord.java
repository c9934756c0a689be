package io.stepstream.schemas.view;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value of the {@code registry} topic, which every gateway holds in memory.
 *
 * <p>Keys: the ARN of a machine, version, alias or activity; a revision's is {@code <machine ARN>#<revision number>}.
 * {@code position} is the offset in {@code registry-commands} that made the record.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface RegistryRecord {

    long position();

    /**
     * A machine as it is now.
     *
     * @param revision names the {@link Revision} that new executions run
     * @param lastVersion the highest version number that was ever given out; 0 for none
     * @param firstVersion what CreateStateMachine said of version 1; absent where it published none
     */
    record Machine(
            String arn,
            String name,
            String machineType,
            MachineStatus status,
            Instant creationDate,
            long revision,
            long lastVersion,
            Optional<FirstVersion> firstVersion,
            Map<String, String> tags,
            long position)
            implements RegistryRecord {

        public Machine {
            tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        }

        /** With another current revision. */
        public Machine revised(long newRevision, long newPosition) {
            return new Machine(
                    arn,
                    name,
                    machineType,
                    status,
                    creationDate,
                    newRevision,
                    lastVersion,
                    firstVersion,
                    tags,
                    newPosition);
        }

        /** After a version of that number was published; an earlier one changes nothing. */
        public Machine published(long version, long newPosition) {
            return version <= lastVersion
                    ? this
                    : new Machine(
                            arn,
                            name,
                            machineType,
                            status,
                            creationDate,
                            revision,
                            version,
                            firstVersion,
                            tags,
                            newPosition);
        }

        public Machine deleting(long newPosition) {
            return new Machine(
                    arn,
                    name,
                    machineType,
                    MachineStatus.DELETING,
                    creationDate,
                    revision,
                    lastVersion,
                    firstVersion,
                    tags,
                    newPosition);
        }

        public Machine tagged(Map<String, String> newTags, long newPosition) {
            return new Machine(
                    arn,
                    name,
                    machineType,
                    status,
                    creationDate,
                    revision,
                    lastVersion,
                    firstVersion,
                    newTags,
                    newPosition);
        }
    }

    /** The versionDescription of a CreateStateMachine that published. */
    record FirstVersion(Optional<String> description) {}

    enum MachineStatus {
        ACTIVE,
        DELETING
    }

    /**
     * What one revision of a machine says. Revisions outlive their machine, since executions refer to them.
     *
     * @param revision the offset in {@code registry-commands} that made it: unique even when a name is used again
     * @param revisionId the API's id; absent for a machine's first revision, as in AWS
     * @param variableReferences by the name of a state, the variables that it looks into; only states that do
     */
    record Revision(
            String stateMachineArn,
            long revision,
            Optional<String> revisionId,
            String definition,
            Map<String, List<String>> variableReferences,
            String roleArn,
            JsonNode loggingConfiguration,
            JsonNode tracingConfiguration,
            JsonNode encryptionConfiguration,
            Instant updateDate,
            long position)
            implements RegistryRecord {
        public Revision {
            variableReferences = Collections.unmodifiableMap(new LinkedHashMap<>(variableReferences));
        }
    }

    /**
     * A published version: a number for a revision.
     *
     * @param number from 1, never used twice by one machine
     */
    record Version(
            String arn,
            String stateMachineArn,
            long number,
            long revision,
            Optional<String> description,
            Instant creationDate,
            long position)
            implements RegistryRecord {

        public static String arn(String stateMachineArn, long number) {
            return stateMachineArn + ":" + number;
        }
    }

    /** A name for one version, or for two among which starts are shared out. */
    record Alias(
            String arn,
            String stateMachineArn,
            String name,
            Optional<String> description,
            List<Route> routes,
            Instant creationDate,
            Instant updateDate,
            long position)
            implements RegistryRecord {
        public Alias {
            routes = List.copyOf(routes);
        }
    }

    /**
     * Where an alias leads.
     *
     * @param weight percent of the starts, 0 to 100
     */
    record Route(String versionArn, int weight) {}

    record Activity(
            String arn,
            String name,
            Instant creationDate,
            JsonNode encryptionConfiguration,
            Map<String, String> tags,
            long position)
            implements RegistryRecord {

        public Activity {
            tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        }

        public Activity tagged(Map<String, String> newTags, long newPosition) {
            return new Activity(arn, name, creationDate, encryptionConfiguration, newTags, newPosition);
        }
    }
}
