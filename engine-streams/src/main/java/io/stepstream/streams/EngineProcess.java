package io.stepstream.streams;

import io.stepstream.schemas.config.FreePort;
import io.stepstream.streams.views.QueryServer;
import io.stepstream.streams.views.StreamsViews;
import io.stepstream.streams.views.ViewsConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an engine process of its own runs: the engine, the views and the server that answers gateways out of them. */
final class EngineProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EngineProcess.class);

    private static final Duration READY = Duration.ofMinutes(10);

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final EngineStreams engine;
    private final StreamsViews views;
    private final HostInfo query;

    private EngineProcess(EngineConfig config, Map<String, ?> kafka) {
        query = listens(config);
        try {
            // makes the topics, which the views take for granted
            engine = EngineStreams.start(config, kafka, EngineParts.of(config));
            running.push(engine);
            views = StreamsViews.start(new ViewsConfig(
                    kafka,
                    config.topics(),
                    config.dataDir(),
                    config.instanceId(),
                    Optional.of(advertised(config, query)),
                    config.get(EngineConfig.THREADS),
                    config.get(EngineConfig.STANDBYS),
                    config.get(EngineConfig.SESSION_TIMEOUT),
                    config.get(EngineConfig.RETENTION)));
            running.push(views);
            running.push(QueryServer.start(views, query.host(), query.port()));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Returns before state is restored. Throws IllegalStateException, with what to do, where it cannot start. */
    static EngineProcess start(EngineConfig config, Map<String, ?> kafka) {
        return new EngineProcess(config, kafka);
    }

    /** Where gateways may ask this instance. */
    HostInfo query() {
        return query;
    }

    /** Waits until commands are processed and questions answered; false if the engine ended before that. */
    boolean awaitReady() throws InterruptedException {
        return engine.awaitReady(READY) && views.awaitReady(READY);
    }

    /** Blocks until the engine has ended; why, if it did so by itself. */
    Optional<Throwable> awaitEnd() throws InterruptedException {
        engine.awaitEnd();
        return Optional.ofNullable(engine.failure());
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                LOG.warn("Expected a part to close, but it failed", e);
            }
        }
    }

    private static HostInfo listens(EngineConfig config) {
        var host = config.get(EngineConfig.QUERY_HOST);
        int port = config.get(EngineConfig.QUERY_PORT);
        return new HostInfo(host, port == 0 ? freePort(host) : port);
    }

    private static int freePort(String host) {
        try {
            return FreePort.at(InetAddress.getByName(host));
        } catch (IOException e) {
            throw new UncheckedIOException("Expected a free port at " + host, e);
        }
    }

    /** What other instances are told: the setting, or where it listens, or this machine where that is every address. */
    private static HostInfo advertised(EngineConfig config, HostInfo listens) {
        var told = HostInfo.buildFromEndpoint(config.get(EngineConfig.QUERY_ADVERTISED));
        if (told != null) {
            return told;
        }
        try {
            return InetAddress.getByName(listens.host()).isAnyLocalAddress()
                    ? new HostInfo(InetAddress.getLocalHost().getHostName(), listens.port())
                    : listens;
        } catch (UnknownHostException e) {
            throw new UncheckedIOException("Expected " + EngineConfig.QUERY_ADVERTISED.key() + " to be set", e);
        }
    }
}
