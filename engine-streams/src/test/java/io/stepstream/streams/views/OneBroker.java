package io.stepstream.streams.views;

import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/** A real broker in this JVM, for tests that need one. */
final class OneBroker implements AutoCloseable {

    private final KafkaRaftServer server;
    private final String address;

    private OneBroker(KafkaRaftServer server, String address) {
        this.server = server;
        this.address = address;
    }

    static OneBroker start(Path directory) throws Exception {
        int clients = freePort();
        int controller = freePort();
        var formatter = new Formatter()
                .setNodeId(1)
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName("CONTROLLER")
                .addDirectory(directory.toString())
                .setMetadataLogDirectory(directory.toString())
                .setIgnoreFormatted(true)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        formatter.run();
        var properties = new HashMap<String, Object>();
        properties.put("node.id", "1");
        properties.put("process.roles", "broker,controller");
        properties.put("listeners", "PLAINTEXT://127.0.0.1:" + clients + ",CONTROLLER://127.0.0.1:" + controller);
        properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + clients);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        properties.put("log.dirs", directory.toString());
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("offsets.topic.num.partitions", "4");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("transaction.state.log.num.partitions", "4");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("group.min.session.timeout.ms", "1000");
        properties.put("auto.create.topics.enable", "false");
        properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024));
        var server = new KafkaRaftServer(KafkaConfig.fromProps(asProperties(properties), false), Time.SYSTEM);
        server.startup();
        return new OneBroker(server, "127.0.0.1:" + clients);
    }

    private static java.util.Properties asProperties(Map<String, Object> values) {
        var properties = new java.util.Properties();
        properties.putAll(values);
        return properties;
    }

    Map<String, Object> clientProperties() {
        return Map.of("bootstrap.servers", address);
    }

    void create(Topics topics) throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(clientProperties())) {
            admin.createTopics(topics.all().stream()
                            .map(topic -> new NewTopic(
                                            topic.name(),
                                            Optional.of(topic.partitions()),
                                            Optional.of(topic.replicationFactor()))
                                    .configs(topic.config()))
                            .toList())
                    .all()
                    .get();
        }
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
