package io.stepstream.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ServiceCall;
import io.stepstream.schemas.command.TaskRef;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LambdaServiceTest {

    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:charge";

    private final LambdaService service = new LambdaService();
    private final Endpoint lambda = new Endpoint();

    @AfterEach
    void stop() {
        lambda.close();
    }

    private static ServiceCall invoke(String arguments) {
        return Endpoint.call("lambda", "invoke", arguments);
    }

    private static ServiceCall function(String arn, String input) {
        return new ServiceCall(
                Endpoint.EXECUTION,
                new TaskRef(1, 1, 1),
                arn,
                "lambda",
                "",
                input,
                Optional.empty(),
                Optional.empty(),
                Optional.of("Root=1-2-3"));
    }

    @Test
    void aFunctionsOwnArnIsInvokedWithTheInput() {
        var outcome = lambda.answers(200, "{\"b\": 1.50}").ask(service, function(ARN + ":PROD", "{\"a\":1}"));
        assertThat(outcome.output()).contains("{\"b\":1.50}");
        assertThat(lambda.asked().uri().getPath()).isEqualTo("/2015-03-31/functions/" + ARN + ":PROD/invocations");
        assertThat(lambda.asked().body()).isEqualTo("{\"a\":1}");
        assertThat(lambda.asked().headers()).containsEntry("x-amzn-trace-id", "Root=1-2-3");
    }

    @Test
    void theSameCallHasTheSameKeyAndAnotherAnother() {
        lambda.ask(service, function(ARN, "1"));
        var first = lambda.asked().headers().get("idempotency-key");
        lambda.ask(service, function(ARN, "1"));
        assertThat(lambda.asked().headers()).containsEntry("idempotency-key", first);
        assertThat(first).isEqualTo(function(ARN, "1").idempotencyKey()).matches("[0-9a-f]{64}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"x": [1.0]}        | {"x":[1.0]}
            "{\\"x\\": 1}"      | {"x": 1}
            "\\"text\\""        | "text"
            7                   | 7
            """)
    void aPayloadIsJsonOrTheTextOfIt(String payload, String sent) {
        lambda.ask(service, invoke("{\"FunctionName\":\"charge\",\"Payload\":" + payload + "}"));
        assertThat(lambda.asked().body()).isEqualTo(sent);
    }

    @Test
    void whatInvokeMaySayGoesAlong() {
        lambda.ask(
                service,
                invoke("{\"FunctionName\":\"charge\",\"Qualifier\":\"$LATEST\",\"InvocationType\":\"Event\","
                        + "\"LogType\":\"Tail\",\"ClientContext\":\"abc\"}"));
        assertThat(lambda.asked().uri().getRawPath()).isEqualTo("/2015-03-31/functions/charge/invocations");
        assertThat(lambda.asked().uri().getQuery()).isEqualTo("Qualifier=$LATEST");
        assertThat(lambda.asked().headers())
                .containsEntry("x-amz-invocation-type", "Event")
                .containsEntry("x-amz-log-type", "Tail")
                .containsEntry("x-amz-client-context", "abc");
        assertThat(lambda.asked().body()).isEmpty();
    }

    @Test
    void invokeTellsHowItWasAnswered() throws JsonProcessingException {
        lambda.answers(200, "[1]", "X-Amz-Executed-Version", "7", "x-amzn-RequestId", "r-1");
        var output = Json.tree(lambda.ask(service, invoke("{\"FunctionName\":\"charge\"}"))
                .output()
                .orElseThrow());
        assertThat(output.path("ExecutedVersion").asText()).isEqualTo("7");
        assertThat(output.path("Payload")).hasToString("[1]");
        assertThat(output.path("StatusCode").asInt()).isEqualTo(200);
        assertThat(output.at("/SdkHttpMetadata/HttpStatusCode").asInt()).isEqualTo(200);
        assertThat(output.at("/SdkResponseMetadata/RequestId").asText()).isEqualTo("r-1");
    }

    @Test
    void theFunctionsErrorTypeIsTheErrorAndAllItSaysTheCause() {
        var body = "{\"errorMessage\":\"no\",\"errorType\":\"CardDeclined\"}";
        var outcome =
                lambda.answers(200, body, "X-Amz-Function-Error", "Unhandled").ask(service, function(ARN, "1"));
        assertThat(outcome).isEqualTo(ServiceOutcome.failed("CardDeclined", body));
    }

    @Test
    void anErrorWithoutATypeIsUnknown() {
        var outcome = lambda.answers(200, "{\"errorMessage\":\"x\"}", "X-Amz-Function-Error", "Unhandled")
                .ask(service, function(ARN, "1"));
        assertThat(outcome.error()).contains("Lambda.Unknown");
        assertThat(outcome.cause().orElseThrow()).endsWith("Returned payload: {\"errorMessage\":\"x\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "404, ResourceNotFoundException, Lambda.ResourceNotFoundException",
        "429, TooManyRequestsException, Lambda.TooManyRequestsException",
        "429, , Lambda.TooManyRequestsException",
        "500, ServiceException, Lambda.ServiceException",
        "502, , Lambda.ServiceException",
        "503, , Lambda.ServiceException",
        "403, AccessDeniedException, Lambda.AWSLambdaException",
        "403, , Lambda.AWSLambdaException",
        "400, InvalidRequestContentException:http://x/, Lambda.InvalidRequestContentException"
    })
    void refusalsHaveTheNamesThatRetriersKnow(int status, String type, String error) {
        if (type == null) {
            lambda.answers(status, "{\"Message\":\"m\"}");
        } else {
            lambda.answers(status, "{\"Message\":\"m\"}", "x-amzn-ErrorType", type);
        }
        var outcome = lambda.ask(service, function(ARN, "1"));
        assertThat(outcome.error()).contains(error);
        assertThat(outcome.cause().orElseThrow()).startsWith("m (Service: AWSLambda; Status Code: " + status + ";");
    }

    @Test
    void aFunctionMayHaveAnAddressOfItsOwn() {
        lambda.function("charge", "/2015-03-31/functions/function/invocations");
        lambda.ask(service, function(ARN, "1"), Map.of());
        assertThat(lambda.asked().uri()).hasPath("/2015-03-31/functions/function/invocations");
        lambda.function("other", "");
        lambda.ask(service, invoke("{\"FunctionName\":\"other\"}"), Map.of());
        assertThat(lambda.asked().uri()).hasPath("/2015-03-31/functions/other/invocations");
    }

    @Test
    void itIsSignedIfThereIsAKey() {
        lambda.ask(
                service,
                function(ARN, "1"),
                Map.of(
                        "AWS_ENDPOINT_URL_LAMBDA",
                        lambda.url(),
                        "AWS_ACCESS_KEY_ID",
                        "id",
                        "AWS_SECRET_ACCESS_KEY",
                        "secret"));
        assertThat(lambda.asked().headers().get("authorization"))
                .startsWith("AWS4-HMAC-SHA256 Credential=id/")
                .contains("/us-east-1/lambda/aws4_request");
    }

    @Test
    void anAnswerThatIsTooLongIsNotRead() {
        lambda.answers(200, '"' + "x".repeat(200_000) + '"');
        assertThatThrownBy(() -> lambda.ask(service, function(ARN, "1")))
                .hasCauseInstanceOf(AnswerTooLongException.class);
    }

    @Test
    void nobodyThereIsAnIoException() {
        lambda.close();
        assertThatThrownBy(() -> lambda.ask(service, function(ARN, "1"))).hasCauseInstanceOf(IOException.class);
    }
}
