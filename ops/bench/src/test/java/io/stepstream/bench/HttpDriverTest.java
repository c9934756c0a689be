package io.stepstream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDriverTest {

    private HttpServer server;

    /** Echoes operation and body; {@code length} 0 is chunked for this server. */
    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            var request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var operation = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            var answer = (operation + " " + request).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(
                    operation.endsWith("Refused") ? 400 : 200, operation.endsWith("Chunked") ? 0 : answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    private URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Whole", "Chunked"})
    void manyCallsAtOnceGetTheirOwnAnswers(String operation) throws Exception {
        var answers = new ConcurrentHashMap<Integer, String>();
        var calls = 200;
        var open = new CountDownLatch(calls);
        try (var driver = HttpDriver.start(endpoint())) {
            for (int i = 0; i < calls; i++) {
                int call = i;
                driver.call(operation, ("é" + i).getBytes(StandardCharsets.UTF_8), (status, body) -> {
                    answers.put(call, status + " " + body);
                    open.countDown();
                });
            }
            assertThat(open.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(IntStream.range(0, calls).mapToObj(answers::get).toList())
                .isEqualTo(IntStream.range(0, calls)
                        .mapToObj(i -> "200 AWSStepFunctions." + operation + " é" + i)
                        .toList());
    }

    @Test
    void aBodyLargerThanTheFirstBufferArrivesWhole() throws Exception {
        var large = "x".repeat(300_000);
        try (var driver = HttpDriver.start(endpoint())) {
            assertThat(call(driver, "Whole", large)).isEqualTo("200 AWSStepFunctions.Whole " + large);
        }
    }

    @Test
    void anErrorIsAnAnswer() throws Exception {
        try (var driver = HttpDriver.start(endpoint())) {
            assertThat(call(driver, "Refused", "{}")).isEqualTo("400 AWSStepFunctions.Refused {}");
        }
    }

    @Test
    void aServerThatIsNotThereIsToldAsNoResponse() throws Exception {
        var gone = endpoint();
        server.stop(0);
        try (var driver = HttpDriver.start(gone)) {
            assertThat(call(driver, "Whole", "{}")).startsWith("0 no connection to ");
        }
    }

    @Test
    void delayedTasksRunInTheirOrder() throws Exception {
        var order = new CompletableFuture<List<String>>();
        try (var driver = HttpDriver.start(endpoint())) {
            var seen = new ArrayList<String>();
            driver.later(20, () -> {
                seen.add("second");
                order.complete(seen);
            });
            driver.later(1, () -> seen.add("first"));
            assertThat(order.get(10, TimeUnit.SECONDS)).containsExactly("first", "second");
        }
    }

    private static String call(HttpDriver driver, String operation, String body) throws Exception {
        var answer = new CompletableFuture<String>();
        driver.call(
                operation,
                body.getBytes(StandardCharsets.UTF_8),
                (status, text) -> answer.complete(status + " " + text));
        return answer.get(10, TimeUnit.SECONDS);
    }
}
