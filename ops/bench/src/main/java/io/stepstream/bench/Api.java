package io.stepstream.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.Json;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The calls that the workloads make, as a client of the public API sees them. */
final class Api implements AutoCloseable {

    private static final String ROLE = "arn:aws:iam::123456789012:role/bench";
    private static final long BLOCKING_CALL_SECONDS = 30;

    private final HttpDriver driver;

    Api(URI endpoint) throws IOException {
        this.driver = HttpDriver.start(endpoint);
    }

    /** Exactly one of {@code ok} and {@code failed} is called, on the driver's thread. */
    void call(String operation, Map<String, ?> request, Consumer<JsonNode> ok, Consumer<String> failed) {
        driver.call(operation, Json.bytes(request), (status, body) -> {
            if (status != 200) {
                failed.accept(operation + ": " + (status == HttpDriver.NO_RESPONSE ? "" : status + " ") + body);
                return;
            }
            JsonNode answer;
            try {
                answer = Json.tree(body);
            } catch (JsonProcessingException e) {
                failed.accept(operation + ": expected JSON, but " + e.getOriginalMessage());
                return;
            }
            ok.accept(answer);
        });
    }

    /** Runs the task on the driver's thread, after the delay. */
    void later(long delayMillis, Runnable task) {
        driver.later(delayMillis, task);
    }

    /** Starts an execution; {@code ok} gets its ARN. */
    void start(String machineArn, String input, Consumer<String> ok, Consumer<String> failed) {
        call(
                "StartExecution",
                Map.of("stateMachineArn", machineArn, "input", input),
                answer -> ok.accept(answer.path("executionArn").asText()),
                failed);
    }

    /** Asks DescribeExecution until the execution has ended well; at once at first, then each {@code pauseMillis}. */
    void awaitSuccess(String executionArn, long pauseMillis, Runnable ok, Consumer<String> failed) {
        call(
                "DescribeExecution",
                Map.of("executionArn", executionArn),
                answer -> {
                    var status = answer.path("status").asText();
                    if (status.equals("SUCCEEDED")) {
                        ok.run();
                    } else if (status.equals("RUNNING")) {
                        driver.later(pauseMillis, () -> awaitSuccess(executionArn, pauseMillis, ok, failed));
                    } else {
                        failed.accept(executionArn + " ended " + status + ": "
                                + answer.path("error").asText() + " "
                                + answer.path("cause").asText());
                    }
                },
                failed);
    }

    /** Blocks for the answer: for setting up only. */
    JsonNode callAndWait(String operation, Map<String, ?> request) throws IOException, InterruptedException {
        var answer = new CompletableFuture<JsonNode>();
        call(operation, request, answer::complete, reason -> answer.completeExceptionally(new IOException(reason)));
        try {
            return answer.get(BLOCKING_CALL_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("Expected " + operation + " to be answered, but " + e.getMessage(), e);
        }
    }

    /** A new state machine; blocks. */
    String createMachine(String name, String definition) throws IOException, InterruptedException {
        return callAndWait("CreateStateMachine", Map.of("name", name, "definition", definition, "roleArn", ROLE))
                .path("stateMachineArn")
                .asText();
    }

    /** A new activity; blocks. */
    String createActivity(String name) throws IOException, InterruptedException {
        return callAndWait("CreateActivity", Map.of("name", name))
                .path("activityArn")
                .asText();
    }

    @Override
    public void close() throws IOException {
        driver.close();
    }
}
