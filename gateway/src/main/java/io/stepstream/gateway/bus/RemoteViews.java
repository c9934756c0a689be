package io.stepstream.gateway.bus;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.event.EventRecord;
import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.view.ExecutionOrder;
import io.stepstream.schemas.view.Views;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;

/**
 * The views of engines in other processes: each question goes to the instance that has the partition, a list to all of them at
 * once. An instance that has not (any more) what it is asked for says so; then, and when one cannot be reached, the owners are
 * asked for again, until the question's time is over.
 *
 * <p>Never blocks: answers come on threads of the HTTP client.
 */
public final class RemoteViews implements Views {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofMillis(20);

    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int BAD_REQUEST = 400;
    private static final int MISDIRECTED = 421;
    private static final int GATEWAY_TIMEOUT = 504;
    private static final String OWNER_HEADER = "stepstream-owner";
    private static final String PARTITION_HEADER = "stepstream-partition";

    private final ViewOwners owners;
    private final HttpClient http;

    /**
     * Asks nobody yet: the first question does.
     *
     * @param engines where the query servers of some engines are, {@code http://host:port}; a host name may stand for several.
     *     They need only know the others
     */
    public RemoteViews(Collection<URI> engines) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
        this.owners = new ViewOwners(engines, http);
    }

    @Override
    public CompletionStage<Optional<ExecutionStatus>> execution(String executionArn) {
        return ofExecution(executionArn, "/views/execution?arn=" + encoded(executionArn))
                .thenApply(body -> body.map(json -> read(json, ExecutionStatus.class)));
    }

    @Override
    public CompletionStage<Closed> closed(String executionArn) {
        return ofExecution(executionArn, "/views/closed?arn=" + encoded(executionArn))
                .thenApply(body -> read(body.orElseThrow(), Closed.class));
    }

    @Override
    public CompletionStage<List<HistoryEvent>> history(HistoryQuery query) {
        var path = "/views/history?arn=" + encoded(query.executionArn()) + "&from=" + query.fromId() + "&reverse="
                + query.reverse() + "&limit=" + query.limit();
        return ofExecution(query.executionArn(), path).thenApply(body -> events(body.orElseThrow()));
    }

    @Override
    public CompletionStage<ExecutionPage> executions(ExecutionQuery query) {
        var path = new StringBuilder("/views/executions?stateMachineArn=")
                .append(encoded(query.stateMachineArn()))
                .append("&limit=")
                .append(query.limit());
        query.status().ifPresent(status -> path.append("&status=").append(status));
        query.after()
                .ifPresent(after -> path.append("&afterStart=")
                        .append(after.startDate().toEpochMilli())
                        .append("&afterArn=")
                        .append(encoded(after.executionArn())));
        Function<Collection<Integer>, String> asked = partitions -> path + "&partitions="
                + partitions.stream().map(Object::toString).collect(Collectors.joining(","));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        return partitions(deadline)
                .thenCompose(count -> ask(IntStream.range(0, count).boxed().toList(), asked, deadline))
                .thenApply(bodies -> ExecutionOrder.merge(
                        bodies.stream()
                                .map(body -> read(body.orElseThrow(), ExecutionPage.class))
                                .toList(),
                        query.limit()));
    }

    private CompletableFuture<Optional<byte[]>> ofExecution(String executionArn, String path) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int hash = Utils.toPositive(Utils.murmur2(executionArn.getBytes(StandardCharsets.UTF_8)));
        return partitions(deadline)
                .thenCompose(count -> ask(List.of(hash % count), any -> path, deadline))
                .thenApply(answers -> answers.get(0));
    }

    /** How many partitions there are: never changes, so only the first question may have to ask. */
    private CompletableFuture<Integer> partitions(long deadline) {
        var known = owners.known();
        if (known.partitions() > 0) {
            return CompletableFuture.completedFuture(known.partitions());
        }
        return owners.refresh()
                .handle((fresh, failure) -> failure)
                .thenCompose(failure -> failure == null
                        ? partitions(deadline)
                        : later(deadline, failure).thenCompose(done -> partitions(deadline)));
    }

    /** Asks the owners of the partitions, each for those it has. The bodies come in no order; empty ones say "none". */
    private CompletableFuture<List<Optional<byte[]>>> ask(
            Collection<Integer> partitions, Function<Collection<Integer>, String> path, long deadline) {
        var answers = new ArrayList<CompletableFuture<List<Optional<byte[]>>>>();
        var homeless = new ArrayList<Integer>();
        var byOwner = new LinkedHashMap<URI, List<Integer>>();
        var known = owners.known().owners();
        for (int partition : partitions) {
            var owner = known.get(partition);
            if (owner == null) {
                homeless.add(partition);
            } else {
                byOwner.computeIfAbsent(owner, any -> new ArrayList<>()).add(partition);
            }
        }
        byOwner.forEach((owner, own) -> answers.add(askOwner(owner, own, path, deadline)));
        if (!homeless.isEmpty()) {
            answers.add(askAgain(
                    homeless,
                    path,
                    deadline,
                    new IOException("Expected an owner of the partitions " + homeless + ", but nobody has them")));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> answers.stream()
                        .flatMap(answer -> answer.join().stream())
                        .toList());
    }

    private CompletableFuture<List<Optional<byte[]>>> askOwner(
            URI owner, List<Integer> partitions, Function<Collection<Integer>, String> path, long deadline) {
        var request = HttpRequest.newBuilder(owner.resolve(path.apply(partitions)))
                .timeout(PATIENCE)
                .build();
        return http.sendAsync(request, BodyHandlers.ofByteArray())
                .thenApply(Attempt::new)
                .exceptionally(Attempt::new)
                .thenCompose(attempt -> attempt.response()
                        .map(response -> answered(response, partitions, path, deadline))
                        .orElseGet(() -> askAgain(
                                partitions, path, deadline, attempt.failure().orElseThrow())));
    }

    /** What came of a request: a response or why there is none. */
    private record Attempt(Optional<HttpResponse<byte[]>> response, Optional<Throwable> failure) {

        Attempt(HttpResponse<byte[]> response) {
            this(Optional.of(response), Optional.empty());
        }

        Attempt(Throwable failure) {
            this(Optional.empty(), Optional.of(failure));
        }
    }

    private CompletableFuture<List<Optional<byte[]>>> answered(
            HttpResponse<byte[]> response,
            List<Integer> partitions,
            Function<Collection<Integer>, String> path,
            long deadline) {
        int status = response.statusCode();
        if (status == OK) {
            return CompletableFuture.completedFuture(List.of(Optional.of(response.body())));
        }
        if (status == NO_CONTENT) {
            return CompletableFuture.completedFuture(List.of(Optional.empty()));
        }
        var failure = new IOException("Expected an answer from " + response.uri() + ", but status " + status + ": "
                + new String(response.body(), StandardCharsets.UTF_8));
        if (status == MISDIRECTED && moved(response)) {
            return later(deadline, failure).thenCompose(done -> ask(partitions, path, deadline));
        }
        // these would come again: our mistake, and what an engine has waited for in vain
        return status == BAD_REQUEST || status == GATEWAY_TIMEOUT
                ? CompletableFuture.failedFuture(failure)
                : askAgain(partitions, path, deadline, failure);
    }

    /** Whether the response says who has the partition. */
    private boolean moved(HttpResponse<byte[]> response) {
        var owner = response.headers().firstValue(OWNER_HEADER);
        var partition = response.headers().firstValueAsLong(PARTITION_HEADER);
        if (owner.isEmpty() || partition.isEmpty()) {
            return false;
        }
        owners.moved((int) partition.getAsLong(), URI.create("http://" + owner.get()));
        return true;
    }

    /** After a short while, and after the owners have been asked for. */
    private CompletableFuture<List<Optional<byte[]>>> askAgain(
            Collection<Integer> partitions,
            Function<Collection<Integer>, String> path,
            long deadline,
            Throwable failure) {
        return later(deadline, failure)
                .thenCompose(done -> owners.refresh().handle((fresh, unreachable) -> unreachable))
                .thenCompose(any -> ask(partitions, path, deadline));
    }

    private static CompletableFuture<Void> later(long deadline, Throwable failure) {
        if (System.nanoTime() - deadline > 0) {
            var late = new TimeoutException("Expected the views to answer within " + PATIENCE);
            late.initCause(
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure);
            return CompletableFuture.failedFuture(late);
        }
        return new CompletableFuture<Void>().completeOnTimeout(null, RETRY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static List<HistoryEvent> events(byte[] json) {
        try {
            var events = new ArrayList<HistoryEvent>();
            for (var event : Json.shared().readTree(json)) {
                events.add(EventRecord.of(event).event());
            }
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException("Expected events", e);
        }
    }

    private static <T> T read(byte[] json, Class<T> type) {
        try {
            return Json.read(json, type);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected " + type.getSimpleName(), e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
