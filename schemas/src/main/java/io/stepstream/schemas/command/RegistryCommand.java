package io.stepstream.schemas.command;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What can be said to the registry: state machines, activities and their tags. The key is the resource's ARN. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface RegistryCommand {

    String resourceArn();

    Optional<ReplyTo> replyTo();

    <R> R match(Cases<R> cases);

    interface Cases<R> {
        R createStateMachine(CreateStateMachine command);

        R updateStateMachine(UpdateStateMachine command);

        R deleteStateMachine(DeleteStateMachine command);

        R finishDeletion(FinishDeletion command);

        R createActivity(CreateActivity command);

        R deleteActivity(DeleteActivity command);
    }

    /** The members are CreateStateMachine's; configurations are kept as the JSON that was given, with AWS's defaults. */
    record CreateStateMachine(
            String resourceArn,
            String name,
            String definition,
            String roleArn,
            String machineType,
            JsonNode loggingConfiguration,
            JsonNode tracingConfiguration,
            JsonNode encryptionConfiguration,
            Map<String, String> tags,
            Optional<ReplyTo> replyTo)
            implements RegistryCommand {
        public CreateStateMachine {
            tags = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.createStateMachine(this);
        }
    }

    /** Absent members keep their value. */
    record UpdateStateMachine(
            String resourceArn,
            Optional<String> definition,
            Optional<String> roleArn,
            Optional<JsonNode> loggingConfiguration,
            Optional<JsonNode> tracingConfiguration,
            Optional<JsonNode> encryptionConfiguration,
            Optional<ReplyTo> replyTo)
            implements RegistryCommand {
        /** Jackson reads an absent tree as JSON null. */
        public UpdateStateMachine {
            loggingConfiguration = loggingConfiguration.filter(given -> !given.isNull());
            tracingConfiguration = tracingConfiguration.filter(given -> !given.isNull());
            encryptionConfiguration = encryptionConfiguration.filter(given -> !given.isNull());
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.updateStateMachine(this);
        }
    }

    record DeleteStateMachine(String resourceArn, Optional<ReplyTo> replyTo) implements RegistryCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.deleteStateMachine(this);
        }
    }

    /** The views show no running execution of a machine that is being deleted: it can go. */
    record FinishDeletion(String resourceArn, long revision, Optional<ReplyTo> replyTo) implements RegistryCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.finishDeletion(this);
        }
    }

    record CreateActivity(
            String resourceArn,
            String name,
            JsonNode encryptionConfiguration,
            Map<String, String> tags,
            Optional<ReplyTo> replyTo)
            implements RegistryCommand {
        public CreateActivity {
            tags = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.createActivity(this);
        }
    }

    record DeleteActivity(String resourceArn, Optional<ReplyTo> replyTo) implements RegistryCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.deleteActivity(this);
        }
    }
}
