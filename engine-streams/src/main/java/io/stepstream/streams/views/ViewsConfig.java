package io.stepstream.streams.views;

import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;

/**
 * What the views need to know.
 *
 * @param kafka properties of every Kafka client, {@code bootstrap.servers} among them
 * @param streams properties of Kafka Streams that go before what stands here
 * @param dataDir where the stores are kept; they outlive the process
 * @param instanceId this instance's name in the consumer group, the same after a restart
 * @param server where other processes reach this instance's {@link QueryServer}; absent where nobody asks from outside
 * @param threads stream threads; the partitions are shared among them
 * @param standbys copies of each partition's stores on other instances
 * @param sessionTimeout how long a dead instance keeps its partitions
 * @param retention how long a closed execution is kept
 */
public record ViewsConfig(
        Map<String, Object> kafka,
        Map<String, Object> streams,
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
        kafka = Map.copyOf(new LinkedHashMap<>(kafka));
        streams = Map.copyOf(new LinkedHashMap<>(streams));
    }

    /** One instance that serves this process alone. */
    public static ViewsConfig standalone(Map<String, Object> kafka, Topics topics, Path dataDir) {
        return new ViewsConfig(
                kafka,
                Map.of(),
                topics,
                dataDir,
                "standalone",
                Optional.empty(),
                1,
                0,
                Duration.ofSeconds(6),
                DEFAULT_RETENTION);
    }

    /** The application's id, which is also its consumer group and the prefix of its changelogs. */
    public String applicationId() {
        return topics.prefix() + "views";
    }

    /** The consumer group of the engine. */
    String engineGroup() {
        return topics.prefix() + "engine";
    }

    int partitions() {
        return topics.partitions().commands();
    }
}
