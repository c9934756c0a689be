package io.stepstream.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepstream.gateway.FakeBus.FakePoll;
import io.stepstream.gateway.FakeViews;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivityActionsTest {

    private static final String ACTIVITY = TestApi.ACCOUNT + "activity:a";
    private static final String EXECUTION = TestApi.ACCOUNT + "execution:m:e";
    private static final String ASK = "{\"activityArn\":\"" + ACTIVITY + "\"}";

    private final TestApi api = new TestApi();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void anActivityIsMadeAndDescribed() {
        var activity = api.registry.putActivity("a");
        api.bus.reply(new Reply.Registered(OptionalLong.of(1), Json.shared().valueToTree(activity)));
        assertThat(api.call("CreateActivity", "{\"name\":\"a\",\"tags\":[{\"key\":\"k\",\"value\":\"v\"}]}")
                        .text("activityArn"))
                .isEqualTo(ACTIVITY);
        assertThat(api.bus.last(RegistryCommand.CreateActivity.class).tags()).containsEntry("k", "v");
        assertThat(api.call("DescribeActivity", ASK).get("encryptionConfiguration"))
                .hasToString("{\"type\":\"AWS_OWNED_KEY\"}");
    }

    @Test
    void anUnknownActivityIsNamed() {
        for (var operation : List.of("DescribeActivity", "GetActivityTask")) {
            var response = api.call(operation, ASK);
            assertThat(response.error()).isEqualTo("ActivityDoesNotExist");
            assertThat(response.text("message")).isEqualTo("Activity Does Not Exist: '" + ACTIVITY + "'");
        }
        assertThat(api.call("DescribeActivity", "{\"activityArn\":\"no_an_activity_arn\"}")
                        .text("message"))
                .isEqualTo("Invalid Arn: 'Invalid ARN prefix: no_an_activity_arn'");
    }

    @Test
    void deletingWhatIsGoneSucceeds() {
        api.bus.reply(new Reply.Registered(OptionalLong.empty(), Json.shared().nullNode()));
        assertThat(api.call("DeleteActivity", ASK).body()).hasToString("{}");
    }

    @Test
    void pagesHoldEveryActivityOnce() {
        for (int i = 10; i < 20; i++) {
            api.registry.putActivity("a" + i);
        }
        for (int size : new int[] {1, 3, 10}) {
            var found = new ArrayList<String>();
            var next = "";
            do {
                var page = api.call("ListActivities", "{\"maxResults\":" + size + next + "}");
                page.get("activities")
                        .forEach(item -> found.add(item.get("name").textValue()));
                next = page.body().has("nextToken") ? ",\"nextToken\":\"" + page.text("nextToken") + "\"" : "";
            } while (!next.isEmpty());
            assertThat(found).hasSize(10).doesNotHaveDuplicates();
        }
    }

    private FakePoll nextPoll(int number) {
        await().until(() -> api.bus.polls.size() >= number);
        return api.bus.polls.get(number - 1);
    }

    @Test
    void aTaskIsConfirmedOnceItIsWritten() {
        api.registry.putActivity("a");
        var answer = api.later("GetActivityTask", "{\"activityArn\":\"" + ACTIVITY + "\",\"workerName\":\"w\"}");
        var poll = nextPoll(1);
        assertThat(poll.workerName).contains("w");
        assertThat(poll.ends).isEmpty();

        poll.assign("{\"x\":1}");

        var response = answer.join();
        assertThat(response.text("taskToken")).isEqualTo("token");
        assertThat(response.text("input")).isEqualTo("{\"x\":1}");
        await().until(() -> poll.ends.equals(List.of("delivered")));
    }

    @Test
    void withoutATaskTheAnswerIsEmpty() {
        api.registry.putActivity("a");
        var answer = api.later("GetActivityTask", ASK);
        nextPoll(1).task.complete(Optional.empty());
        assertThat(answer.join().body()).hasToString("{}");
        assertThat(nextPoll(1).ends).isEmpty();
    }

    private Socket rawPoll() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), api.server.port());
        socket.getOutputStream().write(rawRequest("GetActivityTask", ASK));
        return socket;
    }

    private static byte[] rawRequest(String operation, String json) {
        return ("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.0\r\nX-Amz-Target:"
                        + " AWSStepFunctions." + operation + "\r\nContent-Length: " + json.length() + "\r\n\r\n" + json)
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aWorkerThatLeavesLosesItsPlace() throws Exception {
        api.registry.putActivity("a");
        var worker = rawPoll();
        var poll = nextPoll(1);
        assertThat(poll.ends).isEmpty();
        worker.close();
        await().until(() -> poll.ends.equals(List.of("cancelled")));

        poll.assign("{}");
        assertThat(poll.ends).containsExactly("cancelled", "returned");
    }

    @Test
    void aRequestSentBeforeTheTaskCameIsAnsweredAfterIt() throws Exception {
        api.registry.putActivity("a");
        try (var worker = rawPoll()) {
            var poll = nextPoll(1);
            worker.getOutputStream().write(rawRequest("ListActivities", "{}"));
            worker.getOutputStream().write(rawRequest("GetActivityTask", ASK));
            poll.assign("{}");
            nextPoll(2).assign("{\"second\":1}");
            worker.shutdownOutput();
            var answers = new String(worker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answers.split("HTTP/1.1 200", -1)).hasSize(4);
            assertThat(answers).containsSubsequence("\"taskToken\":\"token\"", "\"activities\":[", "\\\"second\\\":1");
            assertThat(poll.ends).containsExactly("delivered");
        }
    }

    @Test
    void tasksThatComeWhileThePollIsStillBeingMadeAreDelivered() {
        api.registry.putActivity("a");
        api.bus.onPoll(poll -> ForkJoinPool.commonPool().execute(() -> poll.assign("{}")));
        for (int i = 0; i < 100; i++) {
            assertThat(api.call("GetActivityTask", ASK).text("taskToken")).isEqualTo("token");
        }
        await().untilAsserted(() -> assertThat(api.bus.polls)
                .hasSize(100)
                .allSatisfy(poll -> assertThat(poll.ends).containsExactly("delivered")));
    }

    @Test
    void tooManyPollersAreTurnedAwayUntilOneLeaves() {
        api.registry.putActivity("a");
        var first = api.later("GetActivityTask", ASK);
        nextPoll(1);
        var second = api.later("GetActivityTask", ASK);
        nextPoll(2);
        assertThat(api.call("GetActivityTask", ASK).error()).isEqualTo("ActivityWorkerLimitExceeded");

        nextPoll(1).task.complete(Optional.empty());
        first.join();
        var fourth = api.later("GetActivityTask", ASK);
        nextPoll(3).assign("{}");
        assertThat(fourth.join().text("taskToken")).isEqualTo("token");
        assertThat(second).isNotDone();
    }

    private static String token() {
        return new TaskToken(EXECUTION, new TaskRef(1, 2, 3), 1, Optional.of("w")).sign(TestApi.SECRET);
    }

    private static String report(String more) {
        return "{\"taskToken\":\"" + token() + "\"" + more + "}";
    }

    @Test
    void aReportReachesTheScopeThatTheTokenNames() {
        api.bus.reply(new Reply.Accepted());

        assertThat(api.call("SendTaskSuccess", report(",\"output\":\" [1] \"")).body())
                .hasToString("{}");
        var success = api.bus.last(ExecutionCommand.TaskSucceeded.class);
        assertThat(success.executionArn()).isEqualTo(EXECUTION);
        assertThat(success.task()).isEqualTo(new TaskRef(1, 2, 3));
        assertThat(success.workerName()).contains("w");
        assertThat(success.output()).isEqualTo(" [1] ");

        api.call("SendTaskFailure", report(",\"error\":\"E\""));
        var failure = api.bus.last(ExecutionCommand.TaskFailed.class);
        assertThat(failure.error()).contains("E");
        assertThat(failure.cause()).isEmpty();

        api.call("SendTaskHeartbeat", report(""));
        assertThat(api.bus.last(ExecutionCommand.TaskHeartbeat.class).task()).isEqualTo(new TaskRef(1, 2, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "AAAA", "not a token at all"})
    void aForgedTokenIsInvalidWhateverItReports(String token) {
        for (var operation : List.of("SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat")) {
            var response = api.call(operation, "{\"taskToken\":\"" + token + "\",\"output\":\"not json\"}");
            assertThat(response.error()).isEqualTo("InvalidToken");
            assertThat(response.text("message")).isEqualTo("Invalid Token: 'Invalid token'");
        }
        assertThat(api.bus.commands).isEmpty();
    }

    @Test
    void anOutputThatIsNoJsonOrTooLargeIsRefused() {
        assertThat(api.call("SendTaskSuccess", report(",\"output\":\"not json\""))
                        .error())
                .isEqualTo("InvalidOutput");
        assertThat(api.call("SendTaskSuccess", report(",\"output\":\"\\\"" + "é".repeat(131_072) + "\\\"\""))
                        .error())
                .isEqualTo("ValidationException");
        assertThat(api.call("SendTaskSuccess", "{\"taskToken\":\"" + "t".repeat(2_049) + "\",\"output\":\"{}\"}")
                        .error())
                .isEqualTo("ValidationException");
        assertThat(api.bus.commands).isEmpty();
    }

    @Test
    void aReportOnATaskThatIsOverIsToldFromOneOnATaskNobodyKnows() {
        api.bus.reply(new Reply.Rejected("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'"));
        assertThat(api.call("SendTaskHeartbeat", report("")).error()).isEqualTo("TaskTimedOut");
        api.bus.reply(new Reply.NotOpen(3));
        assertThat(api.call("SendTaskHeartbeat", report("")).error()).isEqualTo("TaskDoesNotExist");
        api.views.put(FakeViews.execution(EXECUTION, Status.SUCCEEDED, FakeViews.STARTED));
        assertThat(api.call("SendTaskHeartbeat", report("")).text("message"))
                .isEqualTo("Task Timed Out: 'Provided task does not exist anymore'");
    }
}
