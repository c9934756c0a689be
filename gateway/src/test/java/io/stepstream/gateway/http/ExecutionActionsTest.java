package io.stepstream.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.gateway.FakeRegistry;
import io.stepstream.gateway.FakeViews;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.event.HistoryEvent;
import io.stepstream.schemas.event.HistoryEventType;
import io.stepstream.schemas.view.RegistryRecord.MachineStatus;
import io.stepstream.schemas.view.RegistryRecord.Route;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutionActionsTest {

    private static final String MACHINE = TestApi.ACCOUNT + "stateMachine:m";
    private static final String EXECUTION = TestApi.ACCOUNT + "execution:m:e";
    private static final String ASK = "{\"executionArn\":\"" + EXECUTION + "\"}";

    private final TestApi api = new TestApi();

    @BeforeEach
    void aMachineIsThere() {
        api.registry.put("m");
    }

    @AfterEach
    void close() {
        api.close();
    }

    private static String start(String more) {
        return "{\"stateMachineArn\":\"" + MACHINE + "\"" + more + "}";
    }

    private void engineStarts() {
        api.bus.reply(command -> new Reply.Started(
                ((ExecutionCommand.StartExecution) command).executionArn(), Instant.ofEpochMilli(1_700_000_000_123L)));
    }

    @Test
    void anUnnamedStartGetsARandomNameAndAnEmptyInput() {
        engineStarts();
        var response = api.call("StartExecution", start(""));
        assertThat(response.text("executionArn")).matches(TestApi.ACCOUNT + "execution:m:[0-9a-f-]{36}");
        assertThat(new String(response.http().body(), StandardCharsets.UTF_8)).contains("\"startDate\":1700000000.123");
        var command = api.bus.last(ExecutionCommand.StartExecution.class);
        assertThat(command.input()).isEqualTo("{}");
        assertThat(command.nameGiven()).isFalse();
    }

    private void engineEnds(Status status, Optional<String> output, Optional<String> error, long millis) {
        api.registry.put(FakeRegistry.machine("m", "EXPRESS", MachineStatus.ACTIVE));
        api.bus.reply(command -> new Reply.Finished(
                ((ExecutionCommand.StartExecution) command).executionArn(),
                Instant.ofEpochMilli(1_000),
                Instant.ofEpochMilli(1_000 + millis),
                status,
                output,
                error,
                Optional.empty()));
    }

    @Test
    void aSynchronousExecutionAnswersWithItsResult() {
        engineEnds(Status.SUCCEEDED, Optional.of("[1]"), Optional.empty(), 0);

        var response = api.call("StartSyncExecution", start(",\"name\":\"e\",\"input\":\"7\",\"traceHeader\":\"t\""));

        assertThat(response.text("executionArn")).matches(TestApi.ACCOUNT + "express:m:e:[0-9a-f-]{36}");
        assertThat(response.text("stateMachineArn")).isEqualTo(MACHINE);
        assertThat(response.text("name")).isEqualTo("e");
        assertThat(response.text("status")).isEqualTo("SUCCEEDED");
        assertThat(response.text("input")).isEqualTo("7");
        assertThat(response.text("output")).isEqualTo("[1]");
        assertThat(response.text("traceHeader")).isEqualTo("t");
        assertThat(response.get("outputDetails")).hasToString("{\"included\":true}");
        assertThat(response.get("billingDetails"))
                .hasToString("{\"billedMemoryUsedInMB\":64,\"billedDurationInMilliseconds\":100}");
        assertThat(api.bus.last(ExecutionCommand.StartExecution.class).awaitsResult())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 100", "1, 100", "100, 100", "101, 200", "299999, 300000"})
    void begunStepsOfTimeAreBilledWhole(long millis, long billed) {
        engineEnds(Status.TIMED_OUT, Optional.empty(), Optional.empty(), millis);

        var response = api.call("StartSyncExecution", start(""));

        assertThat(response.get("billingDetails")
                        .get("billedDurationInMilliseconds")
                        .asLong())
                .isEqualTo(billed);
    }

    @Test
    void aFailedExecutionIsNoFailedCall() {
        engineEnds(Status.FAILED, Optional.empty(), Optional.of("E"), 5);

        var response = api.call("StartSyncExecution", start(",\"includedData\":\"METADATA_ONLY\""));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text("error")).isEqualTo("E");
        assertThat(response.body().has("input")).isFalse();
        assertThat(response.get("inputDetails")).hasToString("{\"included\":false}");
        assertThat(response.body().has("output")).isFalse();
        assertThat(response.body().has("outputDetails")).isFalse();
    }

    @Test
    void onlyExpressRunsWhileTheCallerWaits() {
        var response = api.call("StartSyncExecution", start(""));

        assertThat(response.error()).isEqualTo("StateMachineTypeNotSupported");
        assertThat(api.bus.commands).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"DescribeExecution", "StopExecution", "GetExecutionHistory", "DescribeStateMachineForExecution"})
    void anExpressExecutionIsNotRecorded(String operation) {
        var response = api.call(operation, "{\"executionArn\":\"" + TestApi.ACCOUNT + "express:m:e:u\"}");

        assertThat(response.text("message"))
                .isEqualTo("Invalid Arn: 'Resource type not valid in this context: express'");
    }

    @Test
    void executionsAreListedByTheVersionOrAliasThatStartedThem() {
        api.registry.putVersion("m", 1, 8);
        api.registry.putAlias("m", "live", new Route(MACHINE + ":1", 100));
        for (var qualifier : List.of(":1", ":live")) {
            api.call("ListExecutions", "{\"stateMachineArn\":\"" + MACHINE + qualifier + "\"}");
            assertThat(api.views.lastQuery().stateMachineArn()).isEqualTo(MACHINE + qualifier);
        }
        assertThat(api.call("ListExecutions", "{\"stateMachineArn\":\"" + MACHINE + ":2\"}")
                        .text("message"))
                .isEqualTo("State Machine Does Not Exist: '" + MACHINE + ":2'");
    }

    @Test
    void theTraceHeaderOfHttpWinsAndTheInvocationIdGoesAlong() throws Exception {
        engineStarts();
        api.send(api.request("StartExecution")
                .header("X-Amzn-Trace-Id", "Root=1")
                .header("amz-sdk-invocation-id", "call-1")
                .POST(HttpRequest.BodyPublishers.ofString(start(",\"traceHeader\":\"Root=2\"")))
                .build());
        var command = api.bus.last(ExecutionCommand.StartExecution.class);
        assertThat(command.traceHeader()).contains("Root=1");
        assertThat(command.requestId()).contains("call-1");
    }

    @Test
    void aTraceHeaderThatIsTooLongIsRefusedInEitherPlace() throws Exception {
        var tooLong = "x".repeat(257);
        var response = api.send(api.request("StartExecution")
                .header("X-Amzn-Trace-Id", tooLong)
                .POST(HttpRequest.BodyPublishers.ofString(start("")))
                .build());
        assertThat(response.error()).isEqualTo("ValidationException");
        assertThat(api.call("StartExecution", start(",\"traceHeader\":\"" + tooLong + "\""))
                        .error())
                .isEqualTo("ValidationException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "\\\"text\\\"", "null", "[]", " {} "})
    void anyJsonValueIsAnInputAndIsKeptAsItIs(String escaped) {
        engineStarts();
        assertThat(api.call("StartExecution", start(",\"input\":\"" + escaped + "\""))
                        .error())
                .isEqualTo("none");
        assertThat(api.bus.last(ExecutionCommand.StartExecution.class).input())
                .isEqualTo(escaped.replace("\\\"", "\""));
    }

    @Test
    void aStopAnswersWithTheStopDate() {
        api.bus.reply(new Reply.Stopped(Instant.ofEpochMilli(1_500)));
        assertThat(new String(api.call("StopExecution", ASK).http().body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"stopDate\":1.500}");
    }

    @Test
    void stoppingAClosedExecutionTellsWhenItClosedOnceTheViewsKnow() {
        api.bus.reply(new Reply.NotOpen(12));
        api.views.put(FakeViews.execution(EXECUTION, Status.RUNNING, FakeViews.STARTED));
        var looks = new AtomicInteger();
        api.views.onLook(() -> {
            if (looks.incrementAndGet() == 2) {
                api.views.put(FakeViews.execution(EXECUTION, Status.SUCCEEDED, FakeViews.STARTED));
            }
        });
        assertThat(api.call("StopExecution", ASK).get("stopDate").decimalValue().toPlainString())
                .isEqualTo("1793491205.001");
    }

    @Test
    void redrivingTellsWhenItBegan() {
        api.bus.reply(new Reply.Redriven(Instant.ofEpochMilli(1_500)));
        var again = "{\"executionArn\":\"" + EXECUTION + "\",\"clientToken\":\"once\"}";
        assertThat(new String(api.call("RedriveExecution", again).http().body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"redriveDate\":1.500}");
        var command = api.bus.last(ExecutionCommand.RedriveExecution.class);
        assertThat(command.executionArn()).isEqualTo(EXECUTION);
        assertThat(command.clientToken()).contains("once");
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCEEDED, Execution is SUCCEEDED and cannot be redriven",
        "FAILED, its state is no longer kept",
    })
    void whatTheEngineNoLongerHoldsCannotBeRedriven(Status status, String reason) {
        api.bus.reply(new Reply.NotOpen(12));
        api.views.put(FakeViews.execution(EXECUTION, status, FakeViews.STARTED));
        var response = api.call("RedriveExecution", ASK);
        assertThat(response.error()).isEqualTo("ExecutionNotRedrivable");
        assertThat(response.text("message")).isEqualTo("Execution " + EXECUTION + " is not redrivable: " + reason);
    }

    @Test
    void whatNeverWasDoesNotExist() {
        api.bus.reply(new Reply.NotOpen(12));
        for (var operation : List.of("StopExecution", "RedriveExecution", "DescribeExecution", "GetExecutionHistory")) {
            var response = api.call(operation, ASK);
            assertThat(response.error()).isEqualTo("ExecutionDoesNotExist");
            assertThat(response.text("message")).isEqualTo("Execution Does Not Exist: '" + EXECUTION + "'");
        }
    }

    @Test
    void anExpressExecutionIsNoneOfTheirs() {
        var express = "{\"executionArn\":\"" + TestApi.ACCOUNT + "express:m:e:u\"}";
        for (var operation : List.of("StopExecution", "RedriveExecution", "DescribeExecution", "GetExecutionHistory")) {
            assertThat(api.call(operation, express).text("message"))
                    .isEqualTo("Invalid Arn: 'Resource type not valid in this context: express'");
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "RUNNING, -, -, Execution is RUNNING and cannot be redriven",
                "SUCCEEDED, {\"out\":1}, -, Execution is SUCCEEDED and cannot be redriven",
                "FAILED, -, E, -",
                "TIMED_OUT, -, -, -",
                "ABORTED, -, -, -",
            })
    void describingShowsWhatAwsShowsForEachStatus(Status status, String output, String error, String reason) {
        api.views.put(FakeViews.execution(EXECUTION, status, FakeViews.STARTED));
        var body = api.call("DescribeExecution", ASK).body();
        assertThat(body.get("input").textValue()).isEqualTo("{\"in\":1}");
        assertThat(body.get("inputDetails")).hasToString("{\"included\":true}");
        assertThat(body.path("output").textValue()).isEqualTo(output);
        assertThat(body.has("outputDetails")).isEqualTo(output != null);
        assertThat(body.path("error").textValue()).isEqualTo(error);
        assertThat(body.has("stopDate")).isEqualTo(status != Status.RUNNING);
        assertThat(body.get("redriveCount").intValue()).isZero();
        assertThat(body.get("redriveStatus").textValue()).isEqualTo(reason == null ? "REDRIVABLE" : "NOT_REDRIVABLE");
        assertThat(body.path("redriveStatusReason").textValue()).isEqualTo(reason);
    }

    @Test
    void metadataOnlyLeavesThePayloadsOut() {
        api.views.put(FakeViews.execution(EXECUTION, Status.SUCCEEDED, FakeViews.STARTED));
        var body = api.call(
                        "DescribeExecution",
                        "{\"executionArn\":\"" + EXECUTION + "\",\"includedData\":\"METADATA_ONLY\"}")
                .body();
        assertThat(body.has("input")).isFalse();
        assertThat(body.has("output")).isFalse();
        assertThat(body.get("outputDetails")).hasToString("{\"included\":false}");
    }

    @Test
    void anOldFailureOrADeletedMachineCannotBeRedriven() {
        api.views.put(FakeViews.execution(EXECUTION, Status.FAILED, TestApi.NOW.minus(Duration.ofDays(15))));
        assertThat(api.call("DescribeExecution", ASK).text("redriveStatusReason"))
                .isEqualTo("Execution redrivable period exceeded");
        api.views.put(FakeViews.execution(EXECUTION, Status.FAILED, TestApi.NOW.minus(Duration.ofDays(366))));
        assertThat(api.call("DescribeExecution", ASK).text("redriveStatusReason"))
                .isEqualTo("Execution has exceeded the max execution time");
        api.registry.put(FakeRegistry.machine("m", "STANDARD", MachineStatus.DELETING));
        assertThat(api.call("DescribeExecution", ASK).text("redriveStatusReason"))
                .isEqualTo("State machine is in DELETING status");
    }

    @Test
    void pagesHoldEveryExecutionOnceNewestFirst() {
        var expected = new ArrayList<String>();
        for (int i = 0; i < 20; i++) {
            // Two at a time start at the same instant, so the order within an instant must hold across pages too.
            var started = FakeViews.STARTED.minusMillis(i / 2);
            api.views.put(FakeViews.execution(EXECUTION + (100 + i), Status.SUCCEEDED, started));
            expected.add("e" + (100 + i));
        }
        for (int size : new int[] {1, 3, 20}) {
            var found = new ArrayList<String>();
            var next = "";
            do {
                var page = api.call("ListExecutions", start(",\"maxResults\":" + size + next));
                page.get("executions")
                        .forEach(item -> found.add(item.get("name").textValue()));
                next = page.body().has("nextToken") ? ",\"nextToken\":\"" + page.text("nextToken") + "\"" : "";
            } while (!next.isEmpty());
            assertThat(found).as("pages of %s", size).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"RUNNING", "FAILED"})
    void aFilterShowsOnlyThatStatus(Status status) {
        api.views.put(FakeViews.execution(EXECUTION + "1", Status.RUNNING, FakeViews.STARTED));
        api.views.put(FakeViews.execution(EXECUTION + "2", Status.FAILED, FakeViews.STARTED));
        var executions = api.call("ListExecutions", start(",\"statusFilter\":\"" + status + "\""))
                .get("executions");
        assertThat(executions).hasSize(1);
        assertThat(executions.get(0).get("status").textValue()).isEqualTo(status.name());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{}; ValidationException",
                "{\"stateMachineArn\":\"arn:aws:states:us-east-1:123456789012:stateMachine:m\",\"mapRunArn\":\"x\"};"
                        + " ValidationException",
                "{\"mapRunArn\":\"arn:aws:states:us-east-1:123456789012:mapRun:m/l:u\"}; ResourceNotFound",
                "{\"mapRunArn\":\"x\"}; InvalidArn",
                "{\"stateMachineArn\":\"invalid\"}; InvalidArn",
                "{\"stateMachineArn\":\"arn:aws:states:us-east-1:123456789012:stateMachine:m\","
                        + "\"statusFilter\":\"PENDING_REDRIVE\"}; ValidationException",
                "{\"stateMachineArn\":\"arn:aws:states:us-east-1:123456789012:stateMachine:m\","
                        + "\"redriveFilter\":\"REDRIVEN\"}; ValidationException",
                "{\"stateMachineArn\":\"arn:aws:states:us-east-1:123456789012:stateMachine:m\",\"nextToken\":\"x\"};"
                        + " InvalidToken",
                "{\"stateMachineArn\":\"arn:aws:states:us-east-1:123456789012:stateMachine:absent\"};"
                        + " StateMachineDoesNotExist",
                "{\"stateMachineArn\":\"arn:aws:states:us-east-1:123456789012:stateMachine:m:1\"};"
                        + " StateMachineDoesNotExist",
                "{\"stateMachineArn\":\"arn:aws:states:us-east-1:123456789012:stateMachine:fast\"};"
                        + " StateMachineTypeNotSupported",
            })
    void aWrongListingIsRefused(String input, String error) {
        api.registry.put(FakeRegistry.machine("fast", "EXPRESS", MachineStatus.ACTIVE));
        assertThat(api.call("ListExecutions", input).error()).isEqualTo(error);
    }

    private void history(int events) {
        history(events, "{}");
    }

    private void history(int events, String input) {
        api.views.put(FakeViews.execution(EXECUTION, Status.SUCCEEDED, FakeViews.STARTED));
        var history = new ArrayList<HistoryEvent>();
        for (int id = 1; id <= events; id++) {
            var details = JsonNodeFactory.instance.objectNode().put("name", "S").put("input", input);
            details.putObject("inputDetails").put("truncated", false);
            history.add(new HistoryEvent(
                    id,
                    id - 1,
                    FakeViews.STARTED.plusMillis(id),
                    HistoryEventType.PassStateEntered,
                    Optional.of(details)));
        }
        api.views.put(EXECUTION, history);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pagesHoldEveryEventOnceInEitherOrder(boolean reverse) {
        history(300);
        for (int size : new int[] {1, 7, 127, 128, 299, 300, 1_000}) {
            var found = new ArrayList<Long>();
            var next = "";
            do {
                var page = api.call(
                        "GetExecutionHistory",
                        "{\"executionArn\":\"" + EXECUTION + "\",\"reverseOrder\":" + reverse + ",\"maxResults\":"
                                + size + next + "}");
                page.get("events").forEach(event -> found.add(event.get("id").longValue()));
                next = page.body().has("nextToken") ? ",\"nextToken\":\"" + page.text("nextToken") + "\"" : "";
            } while (!next.isEmpty());
            assertThat(found)
                    .hasSize(300)
                    .isSortedAccordingTo((a, b) -> reverse ? Long.compare(b, a) : Long.compare(a, b));
        }
    }

    @Test
    void withoutMaxResultsAPageHasAHundredEvents() {
        history(101);
        assertThat(api.call("GetExecutionHistory", ASK).get("events")).hasSize(100);
    }

    @Test
    void aPageOfLargePayloadsEndsEarly() {
        history(30, "\"" + "x".repeat(250_000) + "\"");
        var first = api.call("GetExecutionHistory", "{\"executionArn\":\"" + EXECUTION + "\",\"maxResults\":1000}");
        assertThat(first.get("events")).hasSize(17);
        var second = api.call(
                "GetExecutionHistory",
                "{\"executionArn\":\"" + EXECUTION + "\",\"maxResults\":1000,\"nextToken\":\"" + first.text("nextToken")
                        + "\"}");
        assertThat(second.get("events").get(0).get("id").longValue()).isEqualTo(18);
        assertThat(second.get("events")).hasSize(13);
        assertThat(second.body().has("nextToken")).isFalse();
    }

    @Test
    void payloadsStayOutOfAHistoryWithoutData() {
        history(1);
        var event = api.call(
                        "GetExecutionHistory",
                        "{\"executionArn\":\"" + EXECUTION + "\",\"includeExecutionData\":false}")
                .get("events")
                .get(0);
        assertThat(event.get("stateEnteredEventDetails")).hasToString("{\"name\":\"S\"}");
    }
}
