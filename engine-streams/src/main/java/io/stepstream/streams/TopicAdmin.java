package io.stepstream.streams;

import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.topic.Topics.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What has to hold at the brokers before the engine starts, made so where that is allowed and checked in any case. */
final class TopicAdmin implements InputLogs {

    /** From this version on, the brokers fence a dead producer's late writes. */
    private static final int TRANSACTION_VERSION = 2;

    private static final long PATIENCE_SECONDS = 30;

    /** Settings that the engine's correctness hangs on; others may be changed by an operator. */
    private static final Set<String> BINDING = Set.of("cleanup.policy", "message.timestamp.type");

    private final Admin admin;

    TopicAdmin(Admin admin) {
        this.admin = admin;
    }

    /** Throws IllegalStateException where the brokers' transactions are of an older kind. */
    void requireTransactions() {
        var features = await(admin.describeFeatures().featureMetadata()).finalizedFeatures();
        var version = features.get("transaction.version");
        if (version == null || version.maxVersionLevel() < TRANSACTION_VERSION) {
            throw new IllegalStateException("Expected brokers with transaction.version " + TRANSACTION_VERSION
                    + " (Kafka 4.0 or later), but they have "
                    + (version == null ? "none" : version.maxVersionLevel())
                    + ". Run: kafka-features.sh --bootstrap-server <broker> upgrade --feature transaction.version="
                    + TRANSACTION_VERSION);
        }
    }

    /**
     * Throws IllegalStateException, with what to do, where topics differ from the plan or are missing and may not be
     * created.
     */
    void ensure(Topics topics, boolean create) {
        Map<String, TopicDescription> present = describe(topics);
        var missing = missing(topics, present);
        if (!missing.isEmpty()) {
            if (!create) {
                throw new IllegalStateException(
                        "Expected these topics to exist:" + System.lineSeparator() + plan(missing));
            }
            create(missing);
            present = describeAll(topics);
        }
        verify(topics, present);
    }

    /** The topics as commands that create them. */
    static String plan(Collection<Topic> topics) {
        var lines = new ArrayList<String>();
        for (var topic : topics) {
            var line = new StringBuilder("kafka-topics.sh --bootstrap-server <broker> --create --topic ")
                    .append(topic.name())
                    .append(" --partitions ")
                    .append(topic.partitions())
                    .append(" --replication-factor ")
                    .append(topic.replicationFactor());
            topic.config()
                    .forEach((key, value) ->
                            line.append(" --config ").append(key).append('=').append(value));
            lines.add(line.toString());
        }
        return String.join(System.lineSeparator(), lines);
    }

    private Map<String, TopicDescription> describe(Topics topics) {
        var names = topics.all().stream().map(Topic::name).toList();
        var found = new HashMap<String, TopicDescription>();
        admin.describeTopics(names).topicNameValues().forEach((name, future) -> {
            try {
                found.put(name, await(future));
            } catch (UnknownTopicOrPartitionException e) {
                // it is one of those to create
            }
        });
        return found;
    }

    private static List<Topic> missing(Topics topics, Map<String, TopicDescription> present) {
        return topics.all().stream()
                .filter(topic -> !present.containsKey(topic.name()))
                .toList();
    }

    /** Brokers learn of a new topic a moment after its creation was confirmed. */
    private Map<String, TopicDescription> describeAll(Topics topics) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            var present = describe(topics);
            if (missing(topics, present).isEmpty() || System.nanoTime() > deadline) {
                return present;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private void create(List<Topic> missing) {
        var wanted = missing.stream()
                .map(topic -> new NewTopic(topic.name(), topic.partitions(), topic.replicationFactor())
                        .configs(topic.config()))
                .toList();
        admin.createTopics(wanted).values().forEach((name, future) -> {
            try {
                await(future);
            } catch (TopicExistsException e) {
                // another instance was faster; its topic is verified like any other
            }
        });
    }

    private void verify(Topics topics, Map<String, TopicDescription> present) {
        var faults = new ArrayList<String>();
        var resources = new ArrayList<ConfigResource>();
        for (var topic : topics.all()) {
            resources.add(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()));
            var description = present.get(topic.name());
            int partitions = description == null ? 0 : description.partitions().size();
            if (partitions != topic.partitions()) {
                faults.add(topic.name() + ": expected " + topic.partitions() + " partitions, but " + partitions);
            }
        }
        var configs = await(admin.describeConfigs(resources).all());
        for (var topic : topics.all()) {
            var config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()));
            new TreeMap<>(topic.config()).forEach((key, value) -> {
                var entry = config == null ? null : config.get(key);
                if (BINDING.contains(key) && (entry == null || !value.equals(entry.value()))) {
                    faults.add(topic.name() + ": expected " + key + "=" + value + ", but "
                            + (entry == null ? "nothing" : entry.value()));
                }
            });
        }
        if (!faults.isEmpty()) {
            throw new IllegalStateException("Expected the topics to be as planned, but:" + System.lineSeparator()
                    + String.join(System.lineSeparator(), faults));
        }
    }

    /**
     * Gives an engine that never ran the beginning of its input topics to start from: it has no policy for a missing
     * offset, since a lost one must not pass for a first one. An instance that has joined meanwhile has done the same.
     */
    void setFirstOffsets(String group, Collection<TopicPartition> inputs) {
        for (int attempt = 0; ; attempt++) {
            var missing = missingOffsets(group, inputs);
            if (missing.isEmpty()) {
                return;
            }
            try {
                await(admin.alterConsumerGroupOffsets(
                                group, beginnings(missing), new AlterConsumerGroupOffsetsOptions())
                        .all());
                return;
            } catch (UnknownMemberIdException | GroupNotEmptyException e) {
                if (attempt > 0) {
                    throw new IllegalStateException(
                            "Expected the running engines of group " + group + " to have offsets of " + missing
                                    + ". Stop them all, then start again.",
                            e);
                }
            }
        }
    }

    private List<TopicPartition> missingOffsets(String group, Collection<TopicPartition> inputs) {
        var spec = Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(inputs));
        var offsets =
                await(admin.listConsumerGroupOffsets(spec, new ListConsumerGroupOffsetsOptions().requireStable(true))
                        .partitionsToOffsetAndMetadata(group));
        return inputs.stream().filter(input -> offsets.get(input) == null).toList();
    }

    private Map<TopicPartition, OffsetAndMetadata> beginnings(List<TopicPartition> partitions) {
        var specs = new HashMap<TopicPartition, OffsetSpec>();
        partitions.forEach(partition -> specs.put(partition, OffsetSpec.earliest()));
        var offsets = new LinkedHashMap<TopicPartition, OffsetAndMetadata>();
        await(admin.listOffsets(specs).all())
                .forEach((partition, found) -> offsets.put(partition, new OffsetAndMetadata(found.offset())));
        return offsets;
    }

    @Override
    public Uuid topicId(String topic) {
        var description =
                await(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
        if (description == null) {
            throw new IllegalStateException("Expected the brokers to describe " + topic);
        }
        return description.topicId();
    }

    @Override
    public long endOffset(String topic, int partition) {
        var asked = new TopicPartition(topic, partition);
        return await(admin.listOffsets(Map.of(asked, OffsetSpec.latest())).partitionResult(asked))
                .offset();
    }

    /** The value, or what Kafka says instead. */
    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Expected to wait for the brokers, but was interrupted", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("Expected the brokers to answer within " + PATIENCE_SECONDS + " s", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("Expected the brokers to answer, but", e.getCause());
        }
    }
}
