package io.stepstream.streams.views;

import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.streams.state.HostInfo;

/**
 * What the views need to know.
 *
 * @param kafka Kafka's properties: {@code bootstrap.servers} and whatever else every client shall have; those that begin
 *     with {@code producer.}, {@code consumer.} or {@code streams.} are for these alone
 * @param dataDir where the stores are kept; they outlive the process
 * @param instanceId this instance's name in the consumer group, the same after a restart
 * @param server where other processes reach this instance's {@link QueryServer}; absent where nobody asks from outside
 * @param threads stream threads; the partitions are shared among them
 * @param standbys copies of each partition's stores on other instances
 * @param sessionTimeout how long a dead instance keeps its partitions
 * @param retention how long a closed execution is kept
 */
public record ViewsConfig(
        Map<String, ?> kafka,
        Topics topics,
        Path dataDir,
        String instanceId,
        Optional<HostInfo> server,
        int threads,
        int standbys,
        Duration sessionTimeout,
        Duration retention) {

    public static final Duration DEFAULT_RETENTION = Duration.ofDays(90);

    public ViewsConfig {
        kafka = Collections.unmodifiableMap(new TreeMap<>(kafka));
    }

    /** One instance that serves this process alone. */
    public static ViewsConfig standalone(Map<String, ?> kafka, Topics topics, Path dataDir) {
        return new ViewsConfig(
                kafka, topics, dataDir, "standalone", Optional.empty(), 1, 0, Duration.ofSeconds(6), DEFAULT_RETENTION);
    }

    /** The application's id, which is also its consumer group and the prefix of its changelogs. */
    public String applicationId() {
        return topics.prefix() + "views";
    }

    /** The consumer group of the engine. */
    String engineGroup() {
        return topics.prefix() + "engine";
    }

    /** The properties of a client that is neither producer nor consumer nor Streams. */
    Map<String, Object> clientProperties() {
        var properties = new HashMap<String, Object>();
        kafka.forEach((key, value) -> {
            if (!key.startsWith("producer.") && !key.startsWith("consumer.") && !key.startsWith("streams.")) {
                properties.put(key, value);
            }
        });
        return properties;
    }

    /** Those of one kind of client, {@code producer.} say. */
    Map<String, Object> clientProperties(String kind) {
        var properties = clientProperties();
        kafka.forEach((key, value) -> {
            if (key.startsWith(kind)) {
                properties.put(key.substring(kind.length()), value);
            }
        });
        return properties;
    }

    int partitions() {
        return topics.partitions().commands();
    }
}
