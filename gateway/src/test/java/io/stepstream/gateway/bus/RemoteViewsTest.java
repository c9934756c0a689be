package io.stepstream.gateway.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.event.EventRecord;
import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.event.HistoryEventType;
import io.stepstream.schemas.view.Views;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RemoteViewsTest {

    private static final int PARTITIONS = 4;
    private static final String MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:orders";

    /** Who has which partition, as everybody says. */
    private final Map<Integer, FakeEngine> owners = new ConcurrentHashMap<>();

    private final List<FakeEngine> engines = new ArrayList<>();
    private final FakeEngine first = new FakeEngine();
    private final FakeEngine second = new FakeEngine();

    RemoteViewsTest() {
        own(first, 0, 1);
        own(second, 2, 3);
    }

    @AfterEach
    void stop() {
        engines.forEach(FakeEngine::stop);
    }

    @Test
    void aQuestionGoesToTheOwnerOfThePartition() throws Exception {
        var views = new RemoteViews(List.of(first.address()));
        for (int i = 0; i < 20; i++) {
            var status = status("e" + i, i);
            ownerOf(status).statuses.put(status.executionArn(), status);
            assertThat(get(views.execution(status.executionArn()))).contains(status);
        }
        assertThat(first.misdirected).isEmpty();
        assertThat(second.misdirected).isEmpty();
    }

    @Test
    void anExecutionThatIsNotThereIsAbsent() throws Exception {
        var views = new RemoteViews(List.of(first.address()));
        assertThat(get(views.execution(arn("nobody")))).isEmpty();
        assertThat(get(views.closed(arn("nobody")))).isEqualTo(new Views.Closed(false, 7));
        assertThat(get(views.history(new Views.HistoryQuery(arn("nobody"), 1, false, 10))))
                .isEmpty();
    }

    @Test
    void eventsComeAsTheyWere() throws Exception {
        var event = new HistoryEvent(
                3, 2, Instant.ofEpochMilli(1_700_000_000_123L), HistoryEventType.MapStateSucceeded, Optional.empty());
        var views = new RemoteViews(List.of(second.address()));
        first.history = List.of(new EventRecord(arn("a"), event));
        second.history = first.history;

        assertThat(get(views.history(new Views.HistoryQuery(arn("a"), 0, true, 10))))
                .containsExactly(event);
    }

    @Test
    void aListIsMergedFromAllOwners() throws Exception {
        var names = IntStream.range(0, 20).mapToObj(i -> "e" + i).toList();
        for (int i = 0; i < 20; i++) {
            var status = status(names.get(i), i);
            ownerOf(status).statuses.put(status.executionArn(), status);
        }
        var views = new RemoteViews(List.of(first.address()));
        var page = get(views.executions(new Views.ExecutionQuery(
                MACHINE,
                Optional.of(Status.RUNNING),
                Optional.of(new Views.After(Instant.ofEpochSecond(15), arn("e15"))),
                10)));

        assertThat(page.executions().stream().map(ExecutionStatus::name))
                .containsExactly("e14", "e13", "e12", "e11", "e10", "e9", "e8", "e7", "e6", "e5");
        assertThat(page.more()).isTrue();
    }

    @Test
    void aMovedPartitionIsFoundAtItsNewOwner() throws Exception {
        var views = new RemoteViews(List.of(first.address()));
        assertThat(get(views.execution(arn("any")))).isEmpty();

        own(second, 0, 1, 2, 3);
        for (int i = 0; i < 8; i++) {
            var status = status("e" + i, i);
            second.statuses.put(status.executionArn(), status);
            assertThat(get(views.execution(status.executionArn()))).contains(status);
        }
        // told once for each partition at most, then it is known
        assertThat(first.misdirected).hasSizeBetween(1, 2);
    }

    @Test
    void aListSurvivesTheMoveOfAPartition() throws Exception {
        var views = new RemoteViews(List.of(first.address()));
        var query = new Views.ExecutionQuery(MACHINE, Optional.empty(), Optional.empty(), 10);
        assertThat(get(views.executions(query)).executions()).isEmpty();

        own(second, 1);
        IntStream.range(0, 8)
                .mapToObj(i -> status("e" + i, i))
                .forEach(status -> ownerOf(status).statuses.put(status.executionArn(), status));

        assertThat(get(views.executions(query)).executions()).hasSize(8);
    }

    @Test
    void anEngineThatIsGoneIsReplacedByTheNewOwner() throws Exception {
        var views = new RemoteViews(List.of(first.address(), second.address()));
        var status = status("a", 1);
        second.statuses.put(status.executionArn(), status);
        own(first, 0, 1, 2, 3);
        assertThat(get(views.execution(status.executionArn()))).isEmpty();

        first.stop();
        own(second, 0, 1, 2, 3);
        assertThat(get(views.execution(status.executionArn()))).contains(status);
    }

    @Test
    void aPartitionWithoutOwnerIsWaitedFor() throws Exception {
        var views = new RemoteViews(List.of(first.address()));
        owners.clear();
        var asked = views.execution(arn("a")).toCompletableFuture();
        first.awaitOwnersAsked(2);
        assertThat(asked).isNotDone();

        own(first, 0, 1, 2, 3);
        assertThat(get(asked)).isEmpty();
    }

    @Test
    void anEngineThatWaitedInVainIsNotAskedAgain() {
        first.failWith = 504;
        second.failWith = 504;
        var views = new RemoteViews(List.of(first.address()));

        assertThatThrownBy(() -> get(views.execution(arn("a"))))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("504");
        assertThat(first.asked.size() + second.asked.size()).isEqualTo(1);
    }

    private void own(FakeEngine engine, Integer... partitions) {
        Arrays.asList(partitions).forEach(partition -> owners.put(partition, engine));
    }

    private FakeEngine ownerOf(ExecutionStatus status) {
        return owners.getOrDefault(partitionOf(status.executionArn()), first);
    }

    private static int partitionOf(String arn) {
        return Utils.toPositive(Utils.murmur2(arn.getBytes(StandardCharsets.UTF_8))) % PARTITIONS;
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static String arn(String name) {
        return "arn:aws:states:eu-west-1:123456789012:execution:orders:" + name;
    }

    private static ExecutionStatus status(String name, int second) {
        return new ExecutionStatus(
                arn(name),
                MACHINE,
                name,
                Status.RUNNING,
                Instant.ofEpochSecond(second),
                Optional.empty(),
                "{}",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                1,
                1,
                1);
    }

    /** A query server that has what a test put into it. */
    private final class FakeEngine {

        final Map<String, ExecutionStatus> statuses = new ConcurrentHashMap<>();
        final List<String> asked = new CopyOnWriteArrayList<>();
        final List<String> misdirected = new CopyOnWriteArrayList<>();
        volatile List<EventRecord> history = List.of();
        volatile int failWith;
        private final java.util.concurrent.Semaphore ownersAsked = new java.util.concurrent.Semaphore(0);
        private final HttpServer server;

        FakeEngine() {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            server.createContext("/views/", this::handle);
            server.start();
            engines.add(this);
        }

        URI address() {
            return URI.create("http://" + hostAndPort());
        }

        private String hostAndPort() {
            return "127.0.0.1:" + server.getAddress().getPort();
        }

        void awaitOwnersAsked(int times) throws InterruptedException {
            assertThat(ownersAsked.tryAcquire(times, 10, TimeUnit.SECONDS)).isTrue();
        }

        void stop() {
            server.stop(0);
        }

        private void handle(HttpExchange exchange) throws IOException {
            var question = exchange.getRequestURI().getPath();
            if (question.equals("/views/owners")) {
                ownersAsked.release();
                var known = new LinkedHashMap<String, String>();
                owners.forEach((partition, engine) -> known.put(Integer.toString(partition), engine.hostAndPort()));
                answer(exchange, 200, Json.bytes(Map.of("partitions", PARTITIONS, "owners", known)));
                return;
            }
            asked.add(question);
            if (failWith > 0) {
                answer(exchange, failWith, new byte[0]);
                return;
            }
            var parameters = parameters(exchange.getRequestURI().getRawQuery());
            var partitions = partitions(parameters);
            for (int partition : partitions) {
                if (owners.get(partition) != this) {
                    misdirected.add(question);
                    var owner = owners.get(partition);
                    if (owner != null) {
                        exchange.getResponseHeaders().add("stepstream-owner", owner.hostAndPort());
                    }
                    exchange.getResponseHeaders().add("stepstream-partition", Integer.toString(partition));
                    answer(exchange, 421, new byte[0]);
                    return;
                }
            }
            switch (question) {
                case "/views/execution" -> {
                    var status = statuses.get(parameters.getOrDefault("arn", ""));
                    answer(exchange, status == null ? 204 : 200, status == null ? new byte[0] : Json.bytes(status));
                }
                case "/views/closed" -> answer(exchange, 200, Json.bytes(new Views.Closed(false, 7)));
                case "/views/history" ->
                    answer(
                            exchange,
                            200,
                            history.stream()
                                    .map(event -> new String(event.value(), StandardCharsets.UTF_8))
                                    .toList()
                                    .toString()
                                    .getBytes(StandardCharsets.UTF_8));
                case "/views/executions" -> answer(exchange, 200, Json.bytes(list(parameters, partitions)));
                default -> answer(exchange, 404, new byte[0]);
            }
        }

        private Views.ExecutionPage list(Map<String, String> parameters, Set<Integer> partitions) {
            int limit = Integer.parseInt(parameters.getOrDefault("limit", ""));
            long before = Long.parseLong(parameters.getOrDefault("afterStart", "" + Long.MAX_VALUE));
            var all = statuses.values().stream()
                    .filter(status -> partitions.contains(partitionOf(status.executionArn())))
                    .filter(status -> status.startDate().toEpochMilli() < before)
                    .sorted(io.stepstream.schemas.view.ExecutionOrder.NEWEST_FIRST)
                    .toList();
            return new Views.ExecutionPage(all.subList(0, Math.min(limit, all.size())), all.size() > limit);
        }

        private static Set<Integer> partitions(Map<String, String> parameters) {
            var arn = parameters.get("arn");
            if (arn != null) {
                return Set.of(partitionOf(arn));
            }
            return Set.copyOf(
                    Arrays.stream(parameters.getOrDefault("partitions", "").split(",", -1))
                            .map(Integer::valueOf)
                            .toList());
        }

        private static Map<String, String> parameters(String query) {
            var parameters = new LinkedHashMap<String, String>();
            for (var parameter : query.split("&", -1)) {
                int equals = parameter.indexOf('=');
                parameters.put(
                        parameter.substring(0, equals),
                        URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8));
            }
            return parameters;
        }

        private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        }
    }
}
