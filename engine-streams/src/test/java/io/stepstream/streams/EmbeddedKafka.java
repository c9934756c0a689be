package io.stepstream.streams;

import io.stepstream.schemas.config.FreePort;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/** A real broker and controller in this JVM, for tests; its data goes with the given folder. */
public final class EmbeddedKafka implements AutoCloseable {

    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private EmbeddedKafka(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    public static EmbeddedKafka start(Path folder) {
        int broker = freePort();
        int controller = freePort();
        var data = folder.resolve("kafka").toString();
        format(data);
        var server =
                new KafkaRaftServer(KafkaConfig.fromProps(properties(data, broker, controller), false), Time.SYSTEM);
        server.startup();
        return new EmbeddedKafka(server, "127.0.0.1:" + broker);
    }

    private static Properties properties(String data, int broker, int controller) {
        var values = new HashMap<String, String>();
        values.put("process.roles", "broker,controller");
        values.put("node.id", "1");
        values.put("log.dirs", data);
        values.put("listeners", "PLAINTEXT://127.0.0.1:" + broker + ",CONTROLLER://127.0.0.1:" + controller);
        values.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + broker);
        values.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        values.put("controller.listener.names", "CONTROLLER");
        values.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        for (var topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            values.put(topic + ".replication.factor", "1");
            values.put(topic + ".num.partitions", "2");
        }
        values.put("transaction.state.log.min.isr", "1");
        values.put("share.coordinator.state.topic.min.isr", "1");
        values.put("group.initial.rebalance.delay.ms", "0");
        values.put("group.min.session.timeout.ms", "1000");
        values.put("auto.create.topics.enable", "false");
        values.put("add.partitions.to.txn.retry.backoff.ms", "1");
        values.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        values.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024));
        var properties = new Properties();
        properties.putAll(values);
        return properties;
    }

    private static void format(String data) {
        try (var quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            var formatter = new Formatter();
            formatter
                    .setNodeId(1)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName("CONTROLLER")
                    .addDirectory(data)
                    .setMetadataLogDirectory(data)
                    .setIgnoreFormatted(true)
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setPrintStream(quiet)
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("Expected to format " + data, e);
        }
    }

    public static int freePort() {
        try {
            return FreePort.onLoopback();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Map<String, Object> properties() {
        return Map.of("bootstrap.servers", bootstrapServers);
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
