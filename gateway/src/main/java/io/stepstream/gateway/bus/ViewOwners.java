package io.stepstream.gateway.bus;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Who answers for which partition, as some engine last said. However many want to know it anew, one question is under way. */
final class ViewOwners {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int OK = 200;

    /**
     * What an engine said.
     *
     * @param partitions how many there are; 0 when nobody has said anything yet
     */
    record Known(int partitions, Map<Integer, URI> owners) {
        Known {
            owners = Map.copyOf(owners);
        }
    }

    private final Collection<URI> engines;
    private final HttpClient http;
    private final AtomicReference<@Nullable CompletableFuture<Known>> underWay = new AtomicReference<>();
    private volatile Known known = new Known(0, Map.of());

    ViewOwners(Collection<URI> engines, HttpClient http) {
        this.engines = List.copyOf(engines);
        this.http = http;
    }

    Known known() {
        return known;
    }

    /** An engine has said who has the partition instead of it. */
    synchronized void moved(int partition, URI owner) {
        var owners = new TreeMap<>(known.owners());
        owners.put(partition, owner);
        known = new Known(known.partitions(), owners);
    }

    private synchronized void learned(Known fresh) {
        known = fresh;
    }

    /** Asks one engine after the other until one answers. */
    CompletableFuture<Known> refresh() {
        var mine = new CompletableFuture<Known>();
        var running = underWay.compareAndExchange(null, mine);
        if (running != null) {
            return running;
        }
        var unused = CompletableFuture.supplyAsync(this::candidates)
                .thenCompose(candidates -> firstOf(candidates, 0))
                .whenComplete((fresh, failure) -> {
                    underWay.set(null);
                    if (failure == null) {
                        learned(fresh);
                        mine.complete(fresh);
                    } else {
                        mine.completeExceptionally(failure);
                    }
                });
        return mine;
    }

    private CompletableFuture<Known> firstOf(List<URI> candidates, int index) {
        if (index == candidates.size()) {
            return CompletableFuture.failedFuture(
                    new IOException("Expected one of " + candidates + " to say who owns the views, but none did"));
        }
        return ask(candidates.get(index)).exceptionallyCompose(failure -> firstOf(candidates, index + 1));
    }

    private CompletableFuture<Known> ask(URI engine) {
        var request = HttpRequest.newBuilder(engine.resolve("/views/owners"))
                .timeout(PATIENCE)
                .build();
        return http.sendAsync(request, BodyHandlers.ofByteArray()).thenApply(response -> {
            if (response.statusCode() != OK) {
                throw new IllegalStateException(
                        "Expected the owners from " + engine + ", but status " + response.statusCode());
            }
            return read(response.body());
        });
    }

    private static Known read(byte[] body) {
        try {
            var json = Json.read(body, JsonNode.class);
            var owners = new TreeMap<Integer, URI>();
            for (var owner : json.path("owners").properties()) {
                owners.put(
                        Integer.valueOf(owner.getKey()),
                        URI.create("http://" + owner.getValue().asText()));
            }
            return new Known(json.path("partitions").asInt(), owners);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected the owners", e);
        }
    }

    /** The configured ones, each address of a name by itself, and those that were known last. */
    private List<URI> candidates() {
        var candidates = new LinkedHashSet<URI>();
        for (var engine : engines) {
            candidates.addAll(addressesOf(engine));
        }
        candidates.addAll(known.owners().values());
        return List.copyOf(candidates);
    }

    private static List<URI> addressesOf(URI engine) {
        try {
            var addresses = new ArrayList<URI>();
            for (var address : InetAddress.getAllByName(engine.getHost())) {
                var text = address.getHostAddress();
                addresses.add(URI.create(
                        "http://" + (text.indexOf(':') < 0 ? text : "[" + text + "]") + ":" + engine.getPort()));
            }
            return addresses;
        } catch (java.net.UnknownHostException notNow) {
            return List.of(engine);
        }
    }
}
