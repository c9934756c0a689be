package io.stepstream.gateway.bus;

import io.stepstream.schemas.config.FreePort;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/** One real broker for all system tests of this JVM; each test has topics of its own by their prefix. */
public final class EmbeddedKafka {

    private static final EmbeddedKafka SHARED = start();

    private final String bootstrapServers;

    private EmbeddedKafka(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    public static EmbeddedKafka shared() {
        return SHARED;
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    public ClientProperties clients() {
        return ClientProperties.of(bootstrapServers);
    }

    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** New topics under the prefix. */
    public Topics createTopics(String prefix) {
        var topics = Topics.embedded(prefix);
        try (var admin = admin()) {
            admin.createTopics(topics.all().stream()
                            .map(topic -> new NewTopic(topic.name(), topic.partitions(), topic.replicationFactor())
                                    .configs(topic.config()))
                            .toList())
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("Expected the broker to create topics " + prefix, e);
        }
        return topics;
    }

    private static EmbeddedKafka start() {
        try {
            var directory = Files.createTempDirectory("gateway-kafka");
            int port = FreePort.onLoopback();
            int controllerPort = FreePort.onLoopback();
            format(directory);
            var server = new KafkaRaftServer(
                    KafkaConfig.fromProps(properties(directory, port, controllerPort), false), Time.SYSTEM);
            server.startup();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, directory)));
            return new EmbeddedKafka("127.0.0.1:" + port);
        } catch (Exception e) {
            throw new IllegalStateException("Expected a broker to start in this JVM", e);
        }
    }

    private static void format(Path directory) throws Exception {
        new Formatter()
                .setNodeId(1)
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName("CONTROLLER")
                .addDirectory(directory.toString())
                .setMetadataLogDirectory(directory.toString())
                .setIgnoreFormatted(true)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .run();
    }

    private static Properties properties(Path directory, int port, int controllerPort) {
        var properties = new Properties();
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", "1");
        properties.setProperty(
                "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        properties.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        properties.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.setProperty("controller.listener.names", "CONTROLLER");
        properties.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        properties.setProperty("log.dirs", directory.toString());
        properties.setProperty("auto.create.topics.enable", "false");
        properties.setProperty("offsets.topic.replication.factor", "1");
        properties.setProperty("offsets.topic.num.partitions", "4");
        properties.setProperty("transaction.state.log.replication.factor", "1");
        properties.setProperty("transaction.state.log.min.isr", "1");
        properties.setProperty("transaction.state.log.num.partitions", "4");
        properties.setProperty("group.initial.rebalance.delay.ms", "0");
        properties.setProperty("group.min.session.timeout.ms", "1000");
        properties.setProperty("log.cleaner.dedupe.buffer.size", "16777216");
        properties.setProperty("add.partitions.to.txn.retry.backoff.ms", "1");
        return properties;
    }

    private static void stop(KafkaRaftServer server, Path directory) {
        server.shutdown();
        server.awaitShutdown();
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new IllegalStateException("Expected to delete " + directory, e);
        }
    }
}
