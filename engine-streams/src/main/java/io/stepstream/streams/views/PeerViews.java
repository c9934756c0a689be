package io.stepstream.streams.views;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.view.Views;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.streams.state.HostInfo;

/** Asks the query servers of other instances. Blocks; for a thread that may. */
final class PeerViews {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Supplier<Map<Integer, HostInfo>> owners;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    PeerViews(Supplier<Map<Integer, HostInfo>> owners) {
        this.owners = owners;
    }

    /** Whether any execution of the machine runs in these partitions. Throws where one of them does not answer. */
    boolean anyRunning(String stateMachineArn, Collection<Integer> partitions)
            throws IOException, InterruptedException {
        for (var asked : byOwner(partitions).entrySet()) {
            var numbers = asked.getValue().stream().map(Object::toString).collect(Collectors.joining(","));
            var address = URI.create("http://" + asked.getKey().host() + ":"
                    + asked.getKey().port() + "/views/executions?fresh=true&limit=1&status=" + Status.RUNNING
                    + "&partitions=" + numbers + "&stateMachineArn="
                    + URLEncoder.encode(stateMachineArn, StandardCharsets.UTF_8));
            var response =
                    http.send(HttpRequest.newBuilder(address).timeout(PATIENCE).build(), BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IOException("Expected an answer from " + address + ", but status " + response.statusCode());
            }
            if (!Json.read(response.body(), Views.ExecutionPage.class)
                    .executions()
                    .isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private Map<HostInfo, List<Integer>> byOwner(Collection<Integer> partitions) throws IOException {
        var known = owners.get();
        var grouped = new LinkedHashMap<HostInfo, List<Integer>>();
        for (int partition : partitions) {
            var owner = known.get(partition);
            if (owner == null) {
                throw new IOException("Expected an owner of partition " + partition + ", but nobody has it now");
            }
            grouped.computeIfAbsent(owner, any -> new ArrayList<>()).add(partition);
        }
        return grouped;
    }
}
