package io.stepstream.standalone;

import io.stepstream.schemas.config.FreePort;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/**
 * A real Kafka broker and controller (KRaft) in this process, on loopback only, so that nobody needs a Kafka to try Stepstream
 * and nothing behaves differently once there is one.
 *
 * <p>Its log lies in a directory of its own and outlives the process: what was acknowledged is in the operating system's
 * page cache, which a kill of the process does not touch. Against power loss there is {@link Options#fsync}.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int NODE_ID = 1;
    private static final String FORMATTED = "meta.properties";

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedKafka(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * How the broker is to run.
     *
     * @param directory of its log; made and formatted where it is new
     * @param port for clients on this machine, 0 for any that is free
     * @param fsync whether each append is forced to the disk before it is acknowledged (about 4 ms each)
     */
    public record Options(Path directory, int port, boolean fsync) {}

    /** Returns when clients are served. Throws an IOException that says what to do if the port is taken. */
    public static EmbeddedKafka start(Options options) throws IOException {
        int port = options.port == 0 ? FreePort.onLoopback() : options.port;
        requireFree(port);
        Files.createDirectories(options.directory);
        if (!Files.exists(options.directory.resolve(FORMATTED))) {
            format(options.directory);
        }
        var settings = new Properties();
        settings.putAll(profile(options.directory, port, FreePort.onLoopback(), options.fsync));
        var config = KafkaConfig.fromProps(settings, false);
        var server = new KafkaRaftServer(config, Time.SYSTEM);
        server.startup();
        return new EmbeddedKafka(server, port);
    }

    /** {@code host:port} for clients on this machine. */
    public String bootstrapServers() {
        return LOOPBACK + ":" + port;
    }

    /** Waits until everything is written and no file is open. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path directory) throws IOException {
        try {
            new Formatter()
                    .setNodeId(NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName("CONTROLLER")
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .setIgnoreFormatted(true)
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("Expected to prepare " + directory + " for the Kafka broker, but failed", e);
        }
    }

    /**
     * The broker's settings, where they differ from Kafka's defaults: quick to start on a small machine, quick to serve again
     * after kill -9, and short waits between transactions.
     */
    static Map<String, String> profile(Path directory, int port, int controllerPort, boolean fsync) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put("log.dirs", directory.toString());
        settings.put(
                "listeners",
                "PLAINTEXT://" + LOOPBACK + ":" + port + ",CONTROLLER://" + LOOPBACK + ":" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://" + LOOPBACK + ":" + port);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("controller.quorum.voters", NODE_ID + "@" + LOOPBACK + ":" + controllerPort);
        settings.put("auto.create.topics.enable", "false");

        // one node; the default of 50 partitions costs seconds at the start
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "4");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "4");

        // after kill -9 the controller refuses the new incarnation until the old one's session is over
        settings.put("broker.session.timeout.ms", "2000");
        settings.put("broker.heartbeat.interval.ms", "500");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "1000");

        // the first produce after a commit meets the markers of the last transaction: look again soon
        settings.put("add.partitions.to.txn.retry.backoff.ms", "1");
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

        settings.put("message.max.bytes", Integer.toString(2 * Topics.MAX_MESSAGE_BYTES));
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024));
        // compaction shares two processors with everything else: it may take its time
        settings.put("log.cleaner.io.max.bytes.per.second", Integer.toString(8 * 1024 * 1024));
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("log.segment.bytes", Integer.toString(256 * 1024 * 1024));
        if (fsync) {
            settings.put("log.flush.interval.messages", "1");
        }
        return settings;
    }

    private static void requireFree(int port) throws IOException {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new IOException(
                    "Expected port " + port
                            + " to be free for the Kafka broker, but it is in use; choose another with --kafka-port (0 for any)",
                    e);
        }
    }
}
