package io.stepstream.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.FakeBus;
import io.stepstream.gateway.FakeRegistry;
import io.stepstream.gateway.FakeViews;
import io.stepstream.gateway.access.Access;
import io.stepstream.gateway.shape.ServiceModel;
import io.stepstream.gateway.shape.Shape;
import io.stepstream.gateway.shape.ShapeValidator;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.api.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A server over fakes, with a client that holds every answer against the service model. */
final class TestApi implements AutoCloseable {

    static final byte[] SECRET = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    static final String ACCOUNT = FakeRegistry.ACCOUNT;
    static final Instant NOW = Instant.parse("2026-11-02T00:00:00Z");

    private static final Set<ErrorCode> OF_EVERY_OPERATION = EnumSet.of(
            ErrorCode.AccessDeniedException,
            ErrorCode.ValidationException,
            ErrorCode.SerializationException,
            ErrorCode.UnknownOperationException,
            ErrorCode.ServiceUnavailable,
            ErrorCode.InternalFailure);

    final FakeBus bus = new FakeBus();
    final FakeRegistry registry = new FakeRegistry();
    final FakeViews views = new FakeViews();
    final Actions actions;
    final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    TestApi() {
        this(new ApiSettings.Limits(1024 * 1024, 2, Duration.ofSeconds(60)));
    }

    TestApi(ApiSettings.Limits limits) {
        this(limits, Access.open("123456789012"));
    }

    TestApi(Access access) {
        this(new ApiSettings.Limits(1024 * 1024, 2, Duration.ofSeconds(60)), access);
    }

    private TestApi(ApiSettings.Limits limits, Access access) {
        var settings = new ApiSettings("aws", "us-east-1", "123456789012", limits);
        actions = Actions.of(settings, SECRET, Clock.fixed(NOW, ZoneOffset.UTC), bus, registry, views);
        server = HttpServer.start("127.0.0.1", 0, settings, access, actions);
    }

    /** What came back. */
    record Response(int status, JsonNode body, HttpResponse<byte[]> http) {

        JsonNode get(String member) {
            var value = body.get(member);
            assertThat(value).as("%s in %s", member, body).isNotNull();
            return value;
        }

        String text(String member) {
            return get(member).textValue();
        }

        String error() {
            return status == 200 ? "none" : text("__type");
        }
    }

    HttpRequest.Builder request(String operation) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"))
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "AWSStepFunctions." + operation);
    }

    Response call(String operation, String json) {
        return later(operation, json).join();
    }

    CompletableFuture<Response> later(String operation, String json) {
        return client.sendAsync(
                        request(operation)
                                .POST(HttpRequest.BodyPublishers.ofString(json))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(http -> {
                    var response = response(http);
                    checkAgainstModel(operation, response);
                    return response;
                });
    }

    Response send(HttpRequest request) throws IOException, InterruptedException {
        return response(client.send(request, HttpResponse.BodyHandlers.ofByteArray()));
    }

    private static Response response(HttpResponse<byte[]> http) {
        assertThat(http.headers().firstValue("Content-Type")).contains("application/x-amz-json-1.0");
        assertThat(http.headers().firstValue("x-amzn-RequestId").orElse(""))
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        try {
            return new Response(http.statusCode(), Json.shared().readTree(http.body()), http);
        } catch (IOException e) {
            throw new AssertionError("Expected JSON, but " + new String(http.body(), StandardCharsets.UTF_8), e);
        }
    }

    private static void checkAgainstModel(String name, Response response) {
        var operation = ServiceModel.get().operation(name).orElseThrow();
        if (response.status() == 200) {
            checkMembers(response.body(), operation.output());
            assertThat(ShapeValidator.failures(response.body(), operation.output()))
                    .isEmpty();
        } else {
            var code = ErrorCode.named(response.text("__type")).orElseThrow();
            assertThat(response.http().headers().firstValue("x-amzn-ErrorType")).contains(code.name());
            assertThat(response.status()).isEqualTo(code.httpStatus());
            assertThat(OF_EVERY_OPERATION.contains(code) || operation.errors().contains(code.name()))
                    .as("%s among the errors of %s", code, name)
                    .isTrue();
        }
    }

    /** Every member is one of the model's and has its JSON type. */
    private static void checkMembers(JsonNode value, Shape shape) {
        switch (shape.kind()) {
            case STRUCTURE -> {
                assertThat(value).isInstanceOf(ObjectNode.class);
                for (var member : value.properties()) {
                    var known = Optional.ofNullable(shape.members().get(member.getKey()));
                    assertThat(known)
                            .as("%s of %s", member.getKey(), shape.name())
                            .isPresent();
                    checkMembers(member.getValue(), known.orElseThrow());
                }
            }
            case LIST, MAP ->
                value.forEach(item -> checkMembers(item, shape.element().orElseThrow()));
            case STRING -> assertThat(value.isTextual()).isTrue();
            case INTEGER, LONG -> assertThat(value.isIntegralNumber()).isTrue();
            case FLOAT, TIMESTAMP -> assertThat(value.isNumber()).isTrue();
            case BOOLEAN -> assertThat(value.isBoolean()).isTrue();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
