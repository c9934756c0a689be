package io.stepstream.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.api.ApiException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Requests are signed by the AWS SDK's own signer. */
class SignedAccessTest {

    private static final Instant NOW = Instant.parse("2026-11-02T12:00:00Z");
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    private final SignedAccess access = new SignedAccess(
            credentials("{\"accessKeys\":[{\"accessKeyId\":\"AKID\",\"secretAccessKey\":\"" + SECRET
                    + "\",\"account\":\"123456789012\",\"name\":\"worker\","
                    + "\"allow\":[{\"operations\":[\"Start*\",\"List*\"],"
                    + "\"resources\":[\"arn:aws:states:us-east-1:*:stateMachine:order?\",\"*\"]}]}]}"),
            Clock.fixed(NOW, ZoneOffset.UTC));

    private static Credentials credentials(String json) {
        try {
            return Credentials.of(Json.tree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static SignedRequest signed(String key, String secret, String service, Instant at, String uri) {
        var body = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        var request = SdkHttpRequest.builder()
                .uri(URI.create(uri))
                .method(SdkHttpMethod.POST)
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .putHeader("X-Amz-Target", "AWSStepFunctions.StartExecution")
                .putHeader("amz-sdk-invocation-id", "call")
                .build();
        var signedRequest = AwsV4HttpSigner.create()
                .sign(builder -> builder.identity(AwsCredentialsIdentity.create(key, secret))
                        .request(request)
                        .payload(ContentStreamProvider.fromByteArray(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC)))
                .request();
        var headers = new SignedRequest.Headers();
        signedRequest.headers().forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
        return new SignedRequest(
                "POST",
                signedRequest.encodedPath(),
                signedRequest.encodedQueryParameters().orElse(""),
                headers.values(),
                body);
    }

    private static SignedRequest signed() {
        return signed("AKID", SECRET, "states", NOW, "http://localhost:8083/");
    }

    private static SignedRequest with(SignedRequest request, String header, UnaryOperator<String> change) {
        var headers = new LinkedHashMap<>(request.headers());
        headers.put(header, List.of(change.apply(request.header(header).orElse(""))));
        return new SignedRequest(request.method(), request.path(), request.query(), headers, request.body());
    }

    private String refusal(SignedRequest request) {
        try {
            access.admit(request);
            return "none";
        } catch (ApiException e) {
            return e.code().name();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8083/", "http://sync-localhost:8083", "http://h/?b=2&a=1&a=0&c"})
    void whatTheSdkSignsIsLetIn(String uri) {
        var caller = access.admit(signed("AKID", SECRET, "states", NOW, uri));

        assertThat(caller.account()).isEqualTo("123456789012");
        assertThat(caller.name()).isEqualTo("worker");
    }

    @Test
    void aChangeOfWhatIsSignedIsNoticed() {
        var request = signed();
        var otherBody = new SignedRequest(
                request.method(),
                request.path(),
                request.query(),
                request.headers(),
                "{\"a\":2}".getBytes(StandardCharsets.UTF_8));

        assertThat(refusal(otherBody)).isEqualTo("InvalidSignatureException");
        assertThat(refusal(with(request, "x-amz-target", target -> target.replace("Start", "Stop"))))
                .isEqualTo("InvalidSignatureException");
        assertThat(refusal(with(request, "host", host -> "elsewhere"))).isEqualTo("InvalidSignatureException");
        assertThat(refusal(with(
                        request,
                        "authorization",
                        text -> text.substring(0, text.length() - 1) + (text.endsWith("0") ? "1" : "0"))))
                .isEqualTo("InvalidSignatureException");
        assertThat(refusal(with(request, "x-amz-more", none -> "unsigned"))).isEqualTo("InvalidSignatureException");
        assertThat(refusal(with(request, "user-agent", none -> "unsigned")))
                .as("what may be changed on the way")
                .isEqualTo("none");
    }

    @Test
    void aWrongKeyIsRefused() {
        assertThat(refusal(signed("AKID", SECRET + "x", "states", NOW, "http://h/")))
                .isEqualTo("InvalidSignatureException");
        assertThat(refusal(signed("OTHER", SECRET, "states", NOW, "http://h/")))
                .isEqualTo("UnrecognizedClientException");
        assertThat(refusal(signed("AKID", SECRET, "s3", NOW, "http://h/"))).isEqualTo("InvalidSignatureException");
    }

    @ParameterizedTest
    @CsvSource({"-899, none", "-901, InvalidSignatureException", "899, none", "901, InvalidSignatureException"})
    void aSignatureHoldsForAQuarterOfAnHour(long seconds, String error) {
        assertThat(refusal(signed("AKID", SECRET, "states", NOW.plus(Duration.ofSeconds(seconds)), "http://h/")))
                .isEqualTo(error);
    }

    @Test
    void whatIsNotSignedProperlyIsRefused() {
        var request = signed();
        var bare = new SignedRequest("POST", "/", "", Map.of(), new byte[0]);

        assertThat(refusal(bare)).isEqualTo("MissingAuthenticationTokenException");
        for (var authorization : List.of(
                "Basic x",
                "AWS4-HMAC-SHA256 x",
                "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=00",
                "AWS4-HMAC-SHA256 Credential=AKID/20261102/eu-west-1/states/aws4_request, SignedHeaders=host, Signature=zz",
                "AWS4-HMAC-SHA256 Credential=AKID/20261102/eu-west-1/states/aws4_request, SignedHeaders=host, Signature="
                        + "g".repeat(64))) {
            assertThat(refusal(with(request, "authorization", text -> authorization)))
                    .as(authorization)
                    .isEqualTo("IncompleteSignatureException");
        }
        assertThat(refusal(with(request, "x-amz-date", date -> "yesterday"))).isEqualTo("IncompleteSignatureException");
        assertThat(refusal(with(request, "x-amz-date", date -> "20261101T115500Z")))
                .isEqualTo("InvalidSignatureException");
        assertThat(refusal(with(request, "authorization", text -> text.replace("host;", ""))))
                .isEqualTo("InvalidSignatureException");
    }

    @ParameterizedTest
    @CsvSource({
        "StartExecution, arn:aws:states:us-east-1:123456789012:stateMachine:orders, true",
        "StartExecution, arn:aws:states:us-east-1:123456789012:stateMachine:order, true",
        "StopExecution, arn:aws:states:us-east-1:123456789012:stateMachine:orders, false",
        "StartExecution, arn:aws:states:us-east-1:999999999999:stateMachine:orders, false",
        "ListStateMachines, *, true",
    })
    void rulesAndTheAccountDecide(String operation, String resource, boolean allowed) {
        var caller = access.admit(signed());
        if (allowed) {
            caller.require(operation, resource);
        } else {
            assertThatThrownBy(() -> caller.require(operation, resource))
                    .hasMessageStartingWith("User: arn:aws:iam::123456789012:user/worker is not authorized to perform:"
                            + " states:" + operation + " on resource: " + resource);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "orders, true",
        "orderx, true",
        "order, false",
        "orders2, false",
        "'or.ers', false",
    })
    void aRuleTakesItsWildcardsAndNothingElse(String name, boolean allowed) {
        var rule = Caller.Rule.of(List.of("Start*"), List.of("arn:*:order?"));

        assertThat(rule.allows("StartSyncExecution", "arn:aws:states:us-east-1:1:stateMachine:" + name))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"accessKeys\":[]}",
                "{\"accessKeys\":[{\"accessKeyId\":\"A\",\"secretAccessKey\":\"short\",\"account\":\"123456789012\"}]}",
                "{\"accessKeys\":[{\"accessKeyId\":\"A\",\"secretAccessKey\":\"0123456789abcdef\",\"account\":\"12\"}]}",
                "{\"accessKeys\":[{\"secretAccessKey\":\"0123456789abcdef\",\"account\":\"123456789012\"}]}",
                "{\"accessKeys\":[{\"accessKeyId\":\"A\",\"secretAccessKey\":\"0123456789abcdef\","
                        + "\"account\":\"123456789012\",\"allow\":[{\"operations\":[\"*\"]}]}]}",
                "{\"accessKeys\":[{\"accessKeyId\":\"A\",\"secretAccessKey\":\"0123456789abcdef\","
                        + "\"account\":\"123456789012\",\"allow\":[{\"operations\":[7],\"resources\":[\"*\"]}]}]}",
            })
    void credentialsThatSayTooLittleAreRefusedWithoutTheirSecrets(String json) {
        assertThatThrownBy(() -> credentials(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Expected ")
                .hasMessageNotContaining("0123456789abcdef")
                .hasMessageNotContaining("short");
    }

    @Test
    void aKeyWithoutRulesMayDoNothing() {
        var caller = credentials("{\"accessKeys\":[{\"accessKeyId\":\"A\",\"secretAccessKey\":\"0123456789abcdef\","
                        + "\"account\":\"123456789012\"}]}")
                .key("A")
                .orElseThrow()
                .caller();

        assertThatThrownBy(() -> caller.require("ListStateMachines", Caller.NO_RESOURCE))
                .hasMessageContaining("not authorized");
    }

    @Test
    void aFileThatIsNotThereIsSaidToBe() {
        assertThatThrownBy(() -> Credentials.read(Path.of("no-such-file"))).hasMessageContaining("no-such-file");
    }
}
