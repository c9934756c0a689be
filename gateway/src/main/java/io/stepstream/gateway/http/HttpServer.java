package io.stepstream.gateway.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.stepstream.gateway.access.Access;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The gateway's HTTP server: the API at {@code POST /}, and beside it what people and probes look at. */
public final class HttpServer implements AutoCloseable {

    private static final int MIN_THREADS = 6;
    private static final int MAX_THREADS = 32;

    /** A connection may be silent for the longest poll, and a little. */
    private static final int IDLE_MILLIS = 90_000;

    private static final int MAX_HEADER_BYTES = 32 * 1024;

    private static final String GREETING = """
            This is Stepstream: AWS Step Functions on your own Kafka.

            Point an AWS SDK or CLI at this address, for example

              aws stepfunctions list-state-machines --endpoint-url http://localhost:PORT

            or send AWS JSON 1.0 yourself: POST / with Content-Type: application/x-amz-json-1.0
            and X-Amz-Target: AWSStepFunctions.<Operation>. Health: GET /health.
            """;

    private final Javalin javalin;

    private HttpServer(Javalin javalin) {
        this.javalin = javalin;
    }

    /**
     * Starts listening.
     *
     * @param port 0 for any free one
     * @param more further routes and settings
     */
    public static HttpServer start(
            String host, int port, ApiSettings settings, Access access, Actions actions, Consumer<JavalinConfig> more) {
        var javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.jetty.threadPool = threads();
            config.jetty.modifyServer(server -> {
                server.setHandler(new AwsJsonHandler(access, actions, settings.limits()));
                server.setErrorHandler(HttpServer::refuse);
            });
            config.jetty.addConnector((server, http) -> connector(server, http, host, port));
            config.routes.get(
                    "/",
                    context -> context.contentType("text/plain; charset=utf-8")
                            .result(GREETING.replace("PORT", Integer.toString(context.port()))));
            config.routes.get(
                    "/health",
                    context -> context.contentType("application/json").result("{\"status\":\"UP\"}"));
            more.accept(config);
        });
        javalin.start();
        return new HttpServer(javalin);
    }

    /** Without further routes. */
    public static HttpServer start(String host, int port, ApiSettings settings, Access access, Actions actions) {
        return start(host, port, settings, access, actions, config -> {});
    }

    public int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
    }

    /** What is no HTTP, or breaks off: the server's own errors, in the form of all others. */
    private static boolean refuse(Request request, Response response, Callback callback) {
        var reason = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
        var json = Members.object(members -> members.text("__type", "BadRequestException")
                .text("message", "Expected an HTTP request, but: " + (reason == null ? response.getStatus() : reason)));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, AwsJson.CONTENT_TYPE);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, json.length);
        response.write(true, ByteBuffer.wrap(json), callback);
        return true;
    }

    /** Actions do not block, so few threads serve many connections; the rest is for consoles and probes. */
    private static QueuedThreadPool threads() {
        var threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("http");
        return threads;
    }

    private static ServerConnector connector(Server server, HttpConfiguration http, String host, int port) {
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        // SDKs put "sync-" before the host, proxies send the absolute form with another one: which host a caller names
        // is
        // nothing to us.
        http.setHttpCompliance(HttpCompliance.RFC9110.with(
                "ANY_HOST",
                HttpCompliance.Violation.MISMATCHED_AUTHORITY,
                HttpCompliance.Violation.UNSAFE_HOST_HEADER));
        var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setAcceptQueueSize(1_024);
        return connector;
    }
}
