package io.stepstream.streams.views;

import io.stepstream.schemas.topic.Topics;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Which topics fill which stores. One sub-topology, so that an execution's status, history and list rows are always on the same
 * instance.
 *
 * <pre>
 *   events      -> history     key and value as in the topic, which is also what it is restored from
 *   executions  -> executions  as above
 *               -> index       see {@link IndexKey}; has a changelog
 *               -> covered     highest offset in commands that a status has shown; has a changelog, written once a commit
 * </pre>
 */
final class ViewsTopology {

    static final String HISTORY = "history";
    static final String EXECUTIONS = "executions";
    static final String INDEX = "index";
    static final String COVERED = "covered";

    private static final String STATUSES = "statuses";

    private ViewsTopology() {}

    static Topology of(Topics topics, Progress progress) {
        var bytes = new ByteArrayDeserializer();
        var topology = new Topology();
        topology.addReadOnlyStateStore(
                store(HISTORY), "events-source", bytes, bytes, topics.events(), "events", HistoryProcessor::new);
        topology.addReadOnlyStateStore(
                store(EXECUTIONS),
                "executions-source",
                bytes,
                bytes,
                topics.executions(),
                STATUSES,
                () -> new StatusProcessor(progress));
        // a short execution comes and goes within one commit: cached, so that its rows are written once
        topology.addStateStore(store(INDEX).withLoggingEnabled(changelog()).withCachingEnabled(), STATUSES);
        topology.addStateStore(store(COVERED).withLoggingEnabled(changelog()).withCachingEnabled(), STATUSES);
        // no processor of statuses touches history: this makes one sub-topology of the two
        topology.connectProcessorAndStateStores(STATUSES, HISTORY);
        return topology;
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled();
    }

    /** Rows come and go with every execution, so the log is compacted often. */
    private static Map<String, String> changelog() {
        return Map.of(
                "segment.bytes", Integer.toString(16 * 1024 * 1024),
                "min.cleanable.dirty.ratio", "0.3",
                "delete.retention.ms", "600000");
    }
}
