package io.stepstream.services;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.stepstream.schemas.command.ServiceCall;
import io.stepstream.schemas.command.TaskRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An HTTP server that answers every request alike and remembers what it was asked; and who asks it. */
final class Endpoint implements AutoCloseable {

    static final String EXECUTION = "arn:aws:states:us-east-1:000000000000:execution:machine:run";

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final HttpServer server;
    private final List<Asked> asked = new ArrayList<>();
    private final Map<String, String> answerHeaders = new LinkedHashMap<>();
    private final Map<String, URI> functions = new LinkedHashMap<>();
    private int status = 200;
    private String answer = "{}";

    /** Header names in lower case. */
    record Asked(String method, URI uri, Map<String, String> headers, String body) {}

    Endpoint() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        var headers = new TreeMap<String, String>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        synchronized (asked) {
            asked.add(new Asked(exchange.getRequestMethod(), exchange.getRequestURI(), headers, body));
        }
        answerHeaders.forEach(exchange.getResponseHeaders()::set);
        var bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    Endpoint answers(int withStatus, String body, String... headers) {
        status = withStatus;
        answer = body;
        answerHeaders.clear();
        for (int i = 0; i < headers.length; i += 2) {
            answerHeaders.put(headers[i], headers[i + 1]);
        }
        return this;
    }

    /** This server does the function's work, at that path. */
    Endpoint function(String name, String path) {
        functions.put(name, URI.create(url() + path));
        return this;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    Asked asked() {
        synchronized (asked) {
            return asked.get(asked.size() - 1);
        }
    }

    static ServiceCall call(String service, String action, String arguments) {
        return new ServiceCall(
                EXECUTION,
                new TaskRef(1, 1, 1),
                "arn:aws:states:::" + service + ":" + action,
                service,
                action,
                arguments,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    ServiceOutcome ask(TaskService service, ServiceCall call) {
        return ask(service, call, Map.of("AWS_ENDPOINT_URL", url()));
    }

    ServiceOutcome ask(TaskService service, ServiceCall call, Map<String, String> environment) {
        var settings = new ServiceSettings(environment, URI.create(url()), functions, 100_000, Duration.ofSeconds(20));
        return service.call(call, new ServiceContext(CLIENT, settings)).join();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
