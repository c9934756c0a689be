package io.stepstream.schemas.command;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.view.RegistryRecord.Route;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be said to the registry: state machines, versions, aliases, activities and their tags. The key is the resource's
 * ARN.
 */
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

        R publishVersion(PublishVersion command);

        R deleteVersion(DeleteVersion command);

        R createAlias(CreateAlias command);

        R updateAlias(UpdateAlias command);

        R deleteAlias(DeleteAlias command);

        R createActivity(CreateActivity command);

        R deleteActivity(DeleteActivity command);

        R tagResource(TagResource command);

        R untagResource(UntagResource command);
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
            boolean publish,
            Optional<String> versionDescription,
            Optional<ReplyTo> replyTo)
            implements RegistryCommand {
        public CreateStateMachine {
            tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
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
            boolean publish,
            Optional<String> versionDescription,
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

    /** Of a machine's current revision, which has to be {@code revisionId} if that is given; {@code INITIAL} is the first. */
    record PublishVersion(
            String resourceArn, Optional<String> revisionId, Optional<String> description, Optional<ReplyTo> replyTo)
            implements RegistryCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.publishVersion(this);
        }
    }

    record DeleteVersion(String resourceArn, Optional<ReplyTo> replyTo) implements RegistryCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.deleteVersion(this);
        }
    }

    /** The last part of the ARN is the alias's name; all routes lead to versions of the same machine. */
    record CreateAlias(String resourceArn, Optional<String> description, List<Route> routes, Optional<ReplyTo> replyTo)
            implements RegistryCommand {
        public CreateAlias {
            routes = List.copyOf(routes);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.createAlias(this);
        }
    }

    /** Absent members keep their value. */
    record UpdateAlias(
            String resourceArn, Optional<String> description, Optional<List<Route>> routes, Optional<ReplyTo> replyTo)
            implements RegistryCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.updateAlias(this);
        }
    }

    record DeleteAlias(String resourceArn, Optional<ReplyTo> replyTo) implements RegistryCommand {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.deleteAlias(this);
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
            tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
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

    /** Adds tags, or gives those of the same key another value. */
    record TagResource(String resourceArn, Map<String, String> tags, Optional<ReplyTo> replyTo)
            implements RegistryCommand {
        public TagResource {
            tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.tagResource(this);
        }
    }

    /** Keys that are not set are no mistake. */
    record UntagResource(String resourceArn, List<String> tagKeys, Optional<ReplyTo> replyTo)
            implements RegistryCommand {
        public UntagResource {
            tagKeys = List.copyOf(tagKeys);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.untagResource(this);
        }
    }
}
