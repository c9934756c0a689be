package io.stepstream.gateway;

import io.stepstream.gateway.bus.ClientProperties;
import io.stepstream.gateway.bus.KafkaCommandBus;
import io.stepstream.gateway.bus.KafkaRegistryView;
import io.stepstream.gateway.http.Actions;
import io.stepstream.gateway.http.HttpServer;
import io.stepstream.gateway.ingress.Ingress;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.view.Views;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gateway, all of it, in whatever process: the API over HTTP and the topics that others write to. */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(100);

    /** What is to be closed, the last first. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private int port;

    private Gateway() {}

    /**
     * Starts, and returns once calls are answered. Throws IllegalStateException when brokers, topics or the registry are not
     * there in the time that the settings allow.
     *
     * @param kafka client properties by {@code kafka.*}, {@code kafka.producer.*} and {@code kafka.consumer.*};
     *     {@code kafka.bootstrap.servers} is needed
     * @param views the read side, remote or in the same process; closing it is the caller's affair
     */
    public static Gateway start(GatewayConfig config, Map<String, ?> kafka, Views views) {
        var gateway = new Gateway();
        try {
            gateway.open(config, ClientProperties.of(kafka), views);
            return gateway;
        } catch (RuntimeException e) {
            gateway.close();
            throw e;
        }
    }

    private void open(GatewayConfig config, ClientProperties clients, Views views) {
        var deadline =
                System.nanoTime() + config.get(GatewayConfig.START_TIMEOUT).toNanos();
        var topics = config.topics();
        var callerNumber = new AtomicInteger();
        var callers = Executors.newFixedThreadPool(config.get(GatewayConfig.CALLER_THREADS), task -> {
            var thread = new Thread(task, "callers-" + callerNumber.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        parts.push(callers::shutdownNow);
        var admin = Admin.create(clients.admin(Map.of("client.id", topics.prefix() + "gateway-admin")));
        parts.push(admin);
        awaitTopics(admin, topics, deadline);

        var registry = KafkaRegistryView.start(topics, clients, admin, callers);
        parts.push(registry);
        var bus = KafkaCommandBus.start(topics, clients, registry, config.get(GatewayConfig.REPLY_TIMEOUT), callers);
        parts.push(bus);
        await(bus.ready(), "replies", deadline);
        await(registry.loaded(), "the registry", deadline);

        var actions = Actions.of(config.api(), config.secret(), Clock.systemUTC(), bus, registry, views);
        var http = HttpServer.start(
                config.get(GatewayConfig.HOST), config.get(GatewayConfig.PORT), config.api(), config.access(), actions);
        parts.push(http);
        // Before the server stops, workers that wait are told that there is no task: they go to another gateway.
        parts.push(bus::endPolls);
        port = http.port();
        if (config.get(GatewayConfig.INGRESS)) {
            parts.push(Ingress.start(
                    topics, clients, config.ingress(), admin, config.secret(), bus, bus::expectReply, registry, views));
        }
        LOG.info("Ready on port {}", port);
    }

    /** The port of the API. */
    public int port() {
        return port;
    }

    private static void awaitTopics(Admin admin, Topics topics, long deadline) {
        var names = topics.all().stream().map(Topics.Topic::name).toList();
        while (true) {
            try {
                var found = admin.describeTopics(names).allTopicNames().get(left(deadline), TimeUnit.NANOSECONDS);
                awaitLeaders(admin, found.values(), deadline);
                return;
            } catch (ExecutionException e) {
                if (left(deadline) == 0) {
                    throw late("the topics " + names, e.getCause() == null ? e : e.getCause());
                }
                LOG.info("Waiting for the topics: {}", String.valueOf(e.getCause()));
                pause();
            } catch (TimeoutException e) {
                throw late("brokers", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw late("brokers", e);
            }
        }
    }

    /**
     * The admin client asks again until each leader answers. An idempotent producer that writes before that may find its first
     * batches refused as out of order again and again.
     */
    private static void awaitLeaders(Admin admin, Collection<TopicDescription> topics, long deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        var partitions = new HashMap<TopicPartition, OffsetSpec>();
        for (var topic : topics) {
            topic.partitions()
                    .forEach(info ->
                            partitions.put(new TopicPartition(topic.name(), info.partition()), OffsetSpec.latest()));
        }
        admin.listOffsets(partitions).all().get(left(deadline), TimeUnit.NANOSECONDS);
    }

    private static void await(CompletionStage<Void> ready, String what, long deadline) {
        try {
            ready.toCompletableFuture().get(left(deadline), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw late(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw late(what, e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN_AFTER.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw late("topics", e);
        }
    }

    private static long left(long deadline) {
        return Math.max(0, deadline - System.nanoTime());
    }

    private static IllegalStateException late(String what, Throwable cause) {
        return new IllegalStateException(
                "Expected " + what + " within the time to start, but " + cause + ". Are the bootstrap servers right,"
                        + " and has an engine created the topics?",
                cause);
    }

    /** Answers what is under way, as far as that takes only a moment, and stops. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("Expected to close cleanly, but {}", e.toString());
            }
        }
    }
}
