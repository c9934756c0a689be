package io.stepstream.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.shape.ServiceModel;
import io.stepstream.schemas.command.Reply;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {

    private static final String LIST = "ListStateMachines";

    private final TestApi api = new TestApi();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void theRootTellsABrowserWhatThisIs() throws Exception {
        var greeting = get("/");
        assertThat(greeting.statusCode()).isEqualTo(200);
        assertThat(greeting.body()).contains("Stepstream", "--endpoint-url http://localhost:" + api.server.port());
        assertThat(get("/health").body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.server.port() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void datesAreSecondsWithDecimalsAndNotStrings() {
        api.registry.put("m");
        var response = api.call(LIST, "{}");
        assertThat(new String(response.http().body(), StandardCharsets.UTF_8))
                .contains("\"creationDate\":1767323045.678");
    }

    @Test
    void anUnknownOperationIsRefusedByName() throws Exception {
        var unknown = api.send(api.request("FlyToTheMoon")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.error()).isEqualTo("UnknownOperationException");
        assertThat(unknown.text("message")).contains("FlyToTheMoon");
    }

    @Test
    void everyOperationOfTheModelAnswersInOneWayOrTheOther() {
        for (var name : ServiceModel.get().operations()) {
            var response = api.call(name, "{\"maxResults\":2000}");
            assertThat(response.error()).as(name).isIn("ValidationException", "UnknownOperationException");
        }
    }

    @Test
    void aRequestWithoutTargetOrWithAnotherServicesIsRefused() throws Exception {
        var address = URI.create("http://127.0.0.1:" + api.server.port() + "/");
        for (var target : new String[] {"", "DynamoDB_20120810.GetItem", "AWSStepFunctions"}) {
            var request = HttpRequest.newBuilder(address)
                    .header("Content-Type", "application/x-amz-json-1.0")
                    .header("X-Amz-Target", target)
                    .POST(HttpRequest.BodyPublishers.ofString("{}"));
            assertThat(api.send(request.build()).error()).isEqualTo("UnknownOperationException");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "text/plain",
                "application/x-amz-json-1.1",
                "application/x-www-form-urlencoded",
                "application/x-amz-json-1.0; charset=utf-16"
            })
    void anotherContentTypeIsRefused(String contentType) throws Exception {
        var response = api.send(api.request(LIST)
                .setHeader("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
        assertThat(response.status()).isEqualTo(415);
        assertThat(response.text("message")).contains("application/x-amz-json-1.0", contentType);
    }

    @Test
    void aCharsetOfUtf8IsFine() throws Exception {
        var response = api.send(api.request(LIST)
                .setHeader("Content-Type", "application/x-amz-json-1.0; charset=UTF-8")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
        assertThat(response.status()).isEqualTo(200);
    }

    @Test
    void aChunkedBodyIsTheSameAsAWholeOne() throws Exception {
        var body = "{\"name\":\"a b\"}".getBytes(StandardCharsets.UTF_8);
        var response = api.send(api.request("CreateActivity")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                .build());
        assertThat(response.error()).isEqualTo("InvalidName");
    }

    @Test
    void aGzippedBodyIsUnpackedWithinTheLimit() throws Exception {
        assertThat(gzipped("{\"name\":\"a b\"}".getBytes(StandardCharsets.UTF_8))
                        .error())
                .isEqualTo("InvalidName");
        assertThat(gzipped(new byte[2 * 1024 * 1024]).status()).isEqualTo(413);
        var broken = api.send(api.request(LIST)
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
        assertThat(broken.error()).isEqualTo("SerializationException");
        var other = api.send(api.request(LIST)
                .header("Content-Encoding", "br")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
        assertThat(other.status()).isEqualTo(415);
    }

    private TestApi.Response gzipped(byte[] body) throws IOException, InterruptedException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        }
        return api.send(api.request("CreateActivity")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes.toByteArray()))
                .build());
    }

    @Test
    void aBodyOverTheLimitIsHeardOutAndRefused() throws Exception {
        var response = api.send(api.request(LIST)
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[3 * 1024 * 1024]))
                .build());
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.error()).isEqualTo("RequestEntityTooLargeException");
    }

    @Test
    void anEndlessBodyIsCutOff() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.server.port())) {
            socket.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            var megabyte = new byte[1024 * 1024];
            boolean cut = false;
            for (int i = 0; i < 1_000 && !cut; i++) {
                try {
                    socket.getOutputStream().write(megabyte);
                } catch (IOException e) {
                    cut = true;
                }
            }
            assertThat(cut).isTrue();
        }
        assertThat(api.call(LIST, "{}").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "http://sync-localhost:8083/, sync-localhost:8083",
        "http://elsewhere/, localhost",
        "http://elsewhere, localhost",
        "/, sync-127.0.0.1:8083",
        "/, my_host",
        "/, sync-[::1]:1",
    })
    void anyHostAndTheAbsoluteFormAreTaken(String target, String host) throws Exception {
        assertThat(raw("POST " + target + " HTTP/1.1\r\nHost: " + host
                        + "\r\nConnection: close\r\nContent-Type: application/x-amz-json-1.0\r\nX-Amz-Target:"
                        + " AWSStepFunctions.ListStateMachines\r\nContent-Length: 2\r\n\r\n{}"))
                .startsWith("HTTP/1.1 200")
                .endsWith("{\"stateMachines\":[]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "POST / HTTP/1.1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            })
    void whatIsNoHttpIsRefusedAsOtherErrorsAre(String request) throws Exception {
        assertThat(raw(request)).startsWith("HTTP/1.1 400").contains("application/x-amz-json-1.0", "\"message\":");
    }

    @Test
    void headersOverTheLimitAreRefused() throws Exception {
        assertThat(raw("POST / HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(40_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
    }

    @Test
    void requestsInOnePacketAreAllAnswered() throws Exception {
        var one = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.0\r\nX-Amz-Target:"
                + " AWSStepFunctions.ListStateMachines\r\nContent-Length: 2\r\n%s\r\n{}";
        var answers = raw(one.formatted("") + one.formatted("") + one.formatted("Connection: close\r\n"));
        assertThat(answers.split("HTTP/1.1 200", -1)).hasSize(4);
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aCommandWithoutReplyIsUnavailableAndABugIsInternal() {
        api.registry.put("m");
        var start = "{\"stateMachineArn\":\"" + TestApi.ACCOUNT + "stateMachine:m\"}";
        api.bus.reply(new Reply.Accepted());
        assertThat(api.call("StartExecution", start).error()).isEqualTo("InternalFailure");
        api.bus.fail(new TimeoutException("30 s"));
        var response = api.call("StartExecution", start);
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.error()).isEqualTo("ServiceUnavailable");
    }
}
