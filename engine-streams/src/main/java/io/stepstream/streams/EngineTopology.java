package io.stepstream.streams;

import io.stepstream.schemas.topic.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Makes one sub-topology of each part: input topic, processor, stores, outputs. They share nothing. */
final class EngineTopology {

    /**
     * Changelogs of rows that come and go. The time to serve again after a kill is the time to read these, so they are
     * compacted early and forget deletions soon; nobody but the engine reads them.
     */
    private static final Map<String, String> CHANGELOG = Map.of(
            "segment.bytes", Integer.toString(16 * 1024 * 1024),
            "segment.ms", "600000",
            "min.cleanable.dirty.ratio", "0.1",
            "delete.retention.ms", "600000",
            "max.message.bytes", Integer.toString(Topics.MAX_MESSAGE_BYTES));

    private EngineTopology() {}

    static Topology of(List<Part<?>> parts, CommandProcessor.Surroundings surroundings) {
        var topology = new Topology();
        for (var part : parts) {
            add(topology, part, surroundings);
        }
        return topology;
    }

    private static <C> void add(Topology topology, Part<C> part, CommandProcessor.Surroundings surroundings) {
        var source = part.name() + "-commands";
        var processor = part.name();
        topology.addSource(
                AutoOffsetReset.none(), source, new ByteArrayDeserializer(), new ByteArrayDeserializer(), part.input());
        topology.addProcessor(processor, () -> new CommandProcessor<>(part, surroundings), source);
        // one row each that every command changes: cached, so that a commit writes it once
        topology.addStateStore(store(part, CommandProcessor.META).withCachingEnabled(), processor);
        topology.addStateStore(store(part, CommandProcessor.POSITIONS).withCachingEnabled(), processor);
        topology.addStateStore(store(part, CommandProcessor.TIMERS), processor);
        for (var table : part.tables()) {
            topology.addStateStore(store(part, table), processor);
        }
        var topics = surroundings.config().topics();
        sink(topology, part, EffectRouter.EVENTS, topics.events());
        sink(topology, part, EffectRouter.EXECUTIONS, topics.executions());
        sink(topology, part, EffectRouter.LOGS, topics.logs());
        sink(topology, part, EffectRouter.REGISTRY, topics.registry());
        sink(topology, part, EffectRouter.REJECTED, topics.rejected());
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(Part<?> part, String table) {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(part.store(table)), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(CHANGELOG)
                .withCachingDisabled();
    }

    private static void sink(Topology topology, Part<?> part, String name, String topic) {
        topology.addSink(
                part.store(name),
                topic,
                SinkKey.SERIALIZER,
                new ByteArraySerializer(),
                SinkKey.PARTITIONER,
                part.name());
    }
}
