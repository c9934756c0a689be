package io.stepstream.standalone;

import io.stepstream.gateway.Gateway;
import io.stepstream.gateway.GatewayConfig;
import io.stepstream.schemas.Json;
import io.stepstream.streams.EngineConfig;
import io.stepstream.streams.EngineParts;
import io.stepstream.streams.EngineStreams;
import io.stepstream.streams.views.StreamsViews;
import io.stepstream.streams.views.ViewsConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.rocksdb.RocksDB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Broker, engine, views and gateway in one process: started together, closed in the opposite order. */
public final class Standalone implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Standalone.class);

    /** Settings that are decided here: they follow from the options, or from there being one process. */
    static final Set<String> DECIDED = Set.of(
            EngineConfig.DATA_DIR.key(),
            EngineConfig.TOPIC_PREFIX.key(),
            EngineConfig.REPLICATION.key(),
            EngineConfig.STANDBYS.key(),
            EngineConfig.QUERY_HOST.key(),
            EngineConfig.QUERY_PORT.key(),
            EngineConfig.QUERY_ADVERTISED.key(),
            GatewayConfig.HOST.key(),
            GatewayConfig.PORT.key(),
            GatewayConfig.TOPIC_PREFIX.key(),
            GatewayConfig.ENGINE_URLS.key());

    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration ENGINE_CLOSE = Duration.ofSeconds(4);

    /**
     * How it is to run.
     *
     * @param dataDirectory where everything is kept; empty for a temporary one that is deleted in the end
     * @param host that the API listens on; the broker listens on loopback whatever is said here
     * @param port of the API, 0 for any that is free
     * @param kafkaPort of the broker, 0 for any that is free
     * @param fsync whether the broker forces each append to the disk
     * @param settings of engine and gateway by their keys, {@code engine.*} and {@code gateway.*}
     */
    public record Options(
            Optional<Path> dataDirectory,
            String host,
            int port,
            int kafkaPort,
            boolean fsync,
            Map<String, String> settings) {

        public Options {
            settings = Map.copyOf(settings);
            for (var key : settings.keySet()) {
                if (DECIDED.contains(key) || !(key.startsWith("engine.") || key.startsWith("gateway."))) {
                    throw new IllegalArgumentException("Expected one of the settings that --help shows, but " + key);
                }
            }
        }

        /** Loopback only, any free ports, temporary data, every setting at its default. */
        public static Options ephemeral() {
            return new Options(Optional.empty(), "127.0.0.1", 0, 0, false, Map.of());
        }
    }

    /** What is to be closed, the last first. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private final EmbeddedKafka kafka;
    private final EngineStreams engine;
    private final Gateway gateway;

    private Standalone(Options options) throws IOException, InterruptedException {
        try {
            if (options.port != 0) {
                requireFree(options.host, options.port);
            }
            var directory = options.dataDirectory.isPresent()
                    ? DataDirectory.open(options.dataDirectory.get())
                    : DataDirectory.ephemeral();
            parts.push(directory);
            int port = options.port == 0 ? freePort(options.host) : options.port;
            var engineConfig = EngineConfig.of(engineSettings(options, port, directory), directory.secret());
            var gatewayConfig = GatewayConfig.of(gatewaySettings(options, port), directory.secret());

            var warmUp = CompletableFuture.runAsync(Standalone::loadClasses);
            kafka = EmbeddedKafka.start(new EmbeddedKafka.Options(directory.kafka(), options.kafkaPort, options.fsync));
            parts.push(kafka);
            Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
            // makes the topics, and restores while the others start
            engine = EngineStreams.start(engineConfig, engineClient(client), EngineParts.of(engineConfig));
            parts.push(() -> engine.close(ENGINE_CLOSE));
            var views = StreamsViews.start(viewsConfig(client, engineConfig, directory));
            parts.push(views);
            gateway = Gateway.start(gatewayConfig, prefixed(client), views);
            parts.push(gateway);
            warmUp.join();
            if (!engine.awaitReady(START) || !views.awaitReady(START)) {
                throw new IllegalStateException(
                        "Expected the engine and its views to run within " + START.toSeconds()
                                + " s, but the engine is " + engine.state() + " and the views are " + views.state(),
                        engine.failure());
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Returns when calls are answered. Throws an IOException or IllegalStateException that says what to do where a port or the
     * data directory is taken, or a part does not start.
     */
    public static Standalone start(Options options) throws IOException, InterruptedException {
        return new Standalone(options);
    }

    /** Port of the API. */
    public int port() {
        return gateway.port();
    }

    /** Of the broker, for clients on this machine. */
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** Blocks until the engine has stopped, by {@link #close} or by itself; then the reason is returned. */
    Optional<Throwable> awaitEnd() throws InterruptedException {
        engine.awaitEnd();
        return Optional.ofNullable(engine.failure());
    }

    /** Answers what is under way, commits, and leaves the groups, so that the next start is quick. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("Expected a part to close, but it failed", e);
            }
        }
    }

    private static Map<String, String> engineSettings(Options options, int port, DataDirectory directory) {
        var settings = some(options.settings, "engine.");
        settings.put(EngineConfig.DATA_DIR.key(), directory.engine().toString());
        var host = options.host.equals("0.0.0.0") || options.host.equals("::") ? "127.0.0.1" : options.host;
        settings.putIfAbsent(EngineConfig.API_URL.key(), "http://" + host + ":" + port);
        return settings;
    }

    private static Map<String, String> gatewaySettings(Options options, int port) {
        var settings = some(options.settings, "gateway.");
        settings.put(GatewayConfig.HOST.key(), options.host);
        settings.put(GatewayConfig.PORT.key(), Integer.toString(port));
        return settings;
    }

    private static Map<String, String> some(Map<String, String> settings, String prefix) {
        var some = new LinkedHashMap<String, String>();
        settings.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                some.put(key, value);
            }
        });
        return some;
    }

    /** For this process alone: nobody asks from outside, and nobody stands by. */
    private static ViewsConfig viewsConfig(Map<String, Object> client, EngineConfig config, DataDirectory directory) {
        return new ViewsConfig(
                client,
                config.topics(),
                directory.engine(),
                directory.instance(),
                Optional.empty(),
                config.get(EngineConfig.THREADS),
                0,
                config.get(EngineConfig.SESSION_TIMEOUT),
                config.get(EngineConfig.RETENTION));
    }

    /** The next transaction may meet the markers of the last one, which the broker here has written in a moment. */
    private static Map<String, Object> engineClient(Map<String, Object> client) {
        var properties = new LinkedHashMap<>(client);
        properties.put("producer.retry.backoff.ms", "5");
        return properties;
    }

    private static Map<String, Object> prefixed(Map<String, Object> client) {
        var prefixed = new LinkedHashMap<String, Object>();
        client.forEach((key, value) -> prefixed.put("kafka." + key, value));
        return prefixed;
    }

    /** What takes long the first time and does not need the broker: done while that starts. */
    private static void loadClasses() {
        RocksDB.loadLibrary();
        Json.bytes(Map.of());
        try {
            Class.forName("io.stepstream.gateway.http.HttpServer");
            Class.forName("io.javalin.Javalin");
            Class.forName("org.eclipse.jetty.server.Server");
        } catch (ClassNotFoundException e) {
            throw new CompletionException(e);
        }
    }

    private static void requireFree(String host, int port) throws IOException {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getAllByName(host)[0], port));
        } catch (IOException e) {
            throw new IOException(
                    "Expected port " + port + " of " + host
                            + " to be free for the API, but it is in use; choose another with --port (0 for any)",
                    e);
        }
    }

    private static int freePort(String host) throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getAllByName(host)[0])) {
            return socket.getLocalPort();
        }
    }
}
