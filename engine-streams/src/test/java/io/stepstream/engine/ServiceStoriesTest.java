package io.stepstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ServiceCall;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tasks whose work services do, as their executions see it. */
class ServiceStoriesTest {

    private static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:charge";

    private final World world = new World();

    private static String task(String resource, String more) {
        return """
                {"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"%s"%s,"End":true}}}""".formatted(resource, more);
    }

    private World running(String resource, String more) {
        world.machine(task(resource, more)).start("{\"a\":1}");
        return world;
    }

    @Test
    void aFunctionIsCalledWithTheInputAndItsResultIsTheOutput() {
        running(FUNCTION, "");
        var call = world.calls().get(0);
        assertThat(call.service()).isEqualTo("lambda");
        assertThat(call.action()).isEmpty();
        assertThat(call.arguments()).isEqualTo("{\"a\":1}");

        world.serviceAnswers("{\"b\":2}");

        assertThat(world.course())
                .containsExactly(
                        "1<0 ExecutionStarted",
                        "2<0 TaskStateEntered",
                        "3<2 LambdaFunctionScheduled",
                        "4<3 LambdaFunctionStarted",
                        "5<4 LambdaFunctionSucceeded",
                        "6<5 TaskStateExited",
                        "7<6 ExecutionSucceeded");
        assertThat(world.details(3))
                .hasToString("{\"resource\":\"" + FUNCTION
                        + "\",\"input\":\"{\\\"a\\\":1}\",\"inputDetails\":{\"truncated\":false}}");
        assertThat(world.history().get(3).details()).isEmpty();
        assertThat(world.output()).contains("{\"b\":2}");
        assertThat(world.rows(ExecutionDecider.CALLS)).isZero();
    }

    @Test
    void aServiceTaskSaysWhatItCallsAndWith() {
        running("arn:aws:states:::sqs:sendMessage", ",\"TimeoutSeconds\":9,\"Parameters\":{\"MessageBody.$\":\"$.a\"}");
        world.serviceAnswers("{\"MessageId\":\"m\"}");
        assertThat(world.details(3))
                .hasToString("{\"resourceType\":\"sqs\",\"resource\":\"sendMessage\",\"region\":\"us-east-1\","
                        + "\"parameters\":\"{\\\"MessageBody\\\":1}\",\"timeoutInSeconds\":9}");
        assertThat(world.details(4)).hasToString("{\"resourceType\":\"sqs\",\"resource\":\"sendMessage\"}");
        assertThat(world.output()).contains("{\"MessageId\":\"m\"}");
    }

    @Test
    void aFailedCallIsRetriedWithACallOfItsOwn() {
        running(FUNCTION, ",\"Retry\":[{\"ErrorEquals\":[\"Lambda.ServiceException\"],\"IntervalSeconds\":3}]");
        var first = world.serviceFails("Lambda.ServiceException", "down");
        world.passes(Duration.ofSeconds(3));
        var second = world.serviceAnswers("1");
        assertThat(second.idempotencyKey()).isNotEqualTo(first.idempotencyKey());
        assertThat(world.course())
                .containsSubsequence(
                        "5<4 LambdaFunctionFailed", "6<5 LambdaFunctionScheduled", "7<6 LambdaFunctionStarted");
        assertThat(world.output()).contains("1");
    }

    @Test
    void anOutcomeThatComesTwiceOrLateChangesNothing() {
        world.machine("""
                {"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"%s","Next":"Again"},
                "Again":{"Type":"Task","Resource":"%s","End":true}}}""".formatted(FUNCTION, FUNCTION));
        world.start("{}");
        var first = world.serviceAnswers("1");
        int events = world.history().size();
        world.tell(first, Optional.of("2"), Optional.empty(), Optional.empty());
        assertThat(world.history()).hasSize(events);
        world.serviceAnswers("3");
        world.tell(first, Optional.of("2"), Optional.empty(), Optional.empty());
        assertThat(world.output()).contains("3");
    }

    @Test
    void aCallThatTakesTooLongIsEnded() {
        running(FUNCTION, ",\"TimeoutSeconds\":5");
        world.passes(Duration.ofSeconds(5));
        assertThat(world.calls()).isEmpty();
        assertThat(world.rows(ExecutionDecider.CALLS)).isZero();
        assertThat(world.course()).contains("5<4 LambdaFunctionTimedOut");
        assertThat(world.details(5)).hasToString("{\"error\":\"States.Timeout\"}");
        assertThat(world.status().status()).isEqualTo(Status.FAILED);
    }

    @Test
    void stoppingTheExecutionEndsItsCalls() {
        running(FUNCTION, "");
        world.stop();
        assertThat(world.calls()).isEmpty();
        assertThat(world.rows(ExecutionDecider.CALLS)).isZero();
    }

    @Test
    void aFailingBranchEndsTheCallsOfItsSiblings() {
        world.machine("""
                {"StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Branches":[
                {"StartAt":"One","States":{"One":{"Type":"Task","Resource":"%s","End":true}}},
                {"StartAt":"Two","States":{"Two":{"Type":"Task","Resource":"%s","End":true}}}]}}}""".formatted(FUNCTION, FUNCTION));
        world.start("{}");
        assertThat(world.calls()).hasSize(2);
        world.serviceFails("Broken", "x");
        assertThat(world.calls()).isEmpty();
        assertThat(world.rows(ExecutionDecider.CALLS)).isZero();
    }

    @Test
    void aResultThatIsTooLargeCanBeCaught() {
        world.machine("""
                {"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"%s","End":true,
                "Catch":[{"ErrorEquals":["States.DataLimitExceeded"],"Next":"Caught"}]},
                "Caught":{"Type":"Pass","End":true}}}""".formatted(FUNCTION));
        world.start("{}");
        world.serviceAnswers('"' + "x".repeat(300_000) + '"');
        assertThat(world.details(5).get("cause").asText())
                .isEqualTo("The state/task '" + FUNCTION
                        + "' returned a result with a size exceeding the maximum number of bytes service limit.");
        assertThat(world.status().status()).isEqualTo(Status.SUCCEEDED);
    }

    // With a token.
    // ----------------------------------------------------------------------------------------------------

    private static final String CALLBACK = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
    private static final String TOKEN = ",\"Parameters\":{\"MessageBody.$\":\"$$.Task.Token\"}";

    @Test
    void theTokenGoesOutAndWhoeverHasItAnswersForTheTask() {
        running(CALLBACK, TOKEN);
        var call = world.serviceAnswers("{\"MessageId\":\"m\"}");
        assertThat(call.arguments())
                .isEqualTo("{\"MessageBody\":\"" + call.taskToken().orElseThrow() + "\"}");
        assertThat(world.status().status()).isEqualTo(Status.RUNNING);
        assertThat(world.rows(ExecutionDecider.CALLS)).isZero();

        assertThat(world.succeed(World.withToken(call), "7")).contains(new Reply.Accepted());

        assertThat(world.course())
                .containsSubsequence(
                        "3<2 TaskScheduled",
                        "4<3 TaskStarted",
                        "5<4 TaskSubmitted",
                        "6<5 TaskSucceeded",
                        "7<6 TaskStateExited");
        assertThat(world.details(6).get("resource").asText()).isEqualTo("sendMessage.waitForTaskToken");
        assertThat(world.output()).contains("7");
    }

    @Test
    void anAnswerThatOvertakesTheServicesOwnIsAcceptedAndToldAfterIt() {
        running(CALLBACK, TOKEN);
        var call = world.calls().get(0);
        assertThat(world.succeed(World.withToken(call), "7")).contains(new Reply.Accepted());
        assertThat(world.status().status()).isEqualTo(Status.RUNNING);
        assertThat(world.fail(World.withToken(call), Optional.empty(), Optional.empty())
                        .orElseThrow())
                .isInstanceOf(Reply.Rejected.class);

        world.serviceAnswers("{\"MessageId\":\"m\"}");

        assertThat(world.course()).containsSubsequence("5<4 TaskSubmitted", "6<5 TaskSucceeded");
        assertThat(world.output()).contains("7");
    }

    @Test
    void anAnswerCountsEvenIfTheCallThenSeemsToFail() {
        running(CALLBACK, TOKEN);
        world.succeed(World.withToken(world.calls().get(0)), "7");
        world.serviceFails("SQS.SdkClientException", "no answer");
        assertThat(world.course()).containsSubsequence("5<4 TaskSucceeded", "6<5 TaskStateExited");
        assertThat(world.output()).contains("7");
    }

    @Test
    void aCallThatFailsWasNotSubmitted() {
        running(CALLBACK, TOKEN);
        world.serviceFails("SQS.QueueDoesNotExistException", "none");
        assertThat(world.course()).containsSubsequence("5<4 TaskSubmitFailed", "6<5 ExecutionFailed");
    }

    @Test
    void aFailureNeedNotSayWhy() {
        running(CALLBACK, TOKEN);
        var call = world.serviceAnswers("{}");
        world.fail(World.withToken(call), Optional.empty(), Optional.empty());
        assertThat(world.details(6))
                .hasToString("{\"resourceType\":\"sqs\",\"resource\":\"sendMessage.waitForTaskToken\"}");
        assertThat(world.status().status()).isEqualTo(Status.FAILED);
    }

    @Test
    void heartbeatsKeepTheTaskWaitingAndSilenceEndsIt() {
        running(CALLBACK, ",\"HeartbeatSeconds\":10" + TOKEN);
        var call = world.serviceAnswers("{}");
        assertThat(world.details(3).get("heartbeatInSeconds").asLong()).isEqualTo(10);
        world.passes(Duration.ofSeconds(9));
        assertThat(world.heartbeat(World.withToken(call))).contains(new Reply.Accepted());
        world.passes(Duration.ofSeconds(9));
        assertThat(world.status().status()).isEqualTo(Status.RUNNING);
        world.passes(Duration.ofSeconds(1));
        assertThat(world.course()).contains("6<5 TaskTimedOut");
        assertThat(world.succeed(World.withToken(call), "1").orElseThrow()).isInstanceOf(Reply.Rejected.class);
    }

    @Test
    void aRequestResponseTaskHasNoTokenAndNobodyElseAnswersForIt() {
        running("arn:aws:states:::sqs:sendMessage", "");
        var call = world.calls().get(0);
        assertThat(call.taskToken()).isEmpty();
        var guessed = new World.Task("", call.executionArn(), call.task(), "");
        assertThat(world.succeed(guessed, "1").orElseThrow()).isInstanceOf(Reply.Rejected.class);
    }

    // With credentials.
    // ------------------------------------------------------------------------------------------------

    @Test
    void theRoleOfTheTaskIsRecordedAndGoesWithTheCall() {
        running(FUNCTION, ",\"Credentials\":{\"RoleArn.$\":\"States.Format('role-{}', $.a)\"}");
        assertThat(world.details(3).get("taskCredentials")).hasToString("{\"roleArn\":\"role-1\"}");
        assertThat(world.calls().get(0).roleArn()).contains("role-1");
    }

    @Test
    void aRoleMayBeAJsonataExpression() {
        running(
                FUNCTION,
                ",\"QueryLanguage\":\"JSONata\",\"Credentials\":{\"RoleArn\":\"{% 'role-' & $states.input.a %}\"}");
        assertThat(world.calls().get(0).roleArn()).contains("role-1");
    }

    // Executions that executions start.
    // ------------------------------------------------------------------------------------------------

    private static final String NESTED = "arn:aws:states:::states:startExecution.sync";
    private static final String CHILD = World.executionArn("child");

    /** Starts an execution that starts another one of the same machine, which fails or waits as its input says. */
    private ServiceCall nested(String resource, String more) {
        world.machine("""
                {"StartAt":"Which","States":{
                "Which":{"Type":"Choice","Choices":[
                  {"Variable":"$.fail","IsPresent":true,"Next":"Fail"},
                  {"Variable":"$.wait","IsPresent":true,"Next":"Wait"}],"Default":"Call"},
                "Call":{"Type":"Task","Resource":"%s"%s,"End":true},
                "Wait":{"Type":"Wait","Seconds":60,"End":true},
                "Fail":{"Type":"Fail","Error":"Bad","Cause":"luck"}}}""".formatted(resource, more));
        world.start("{}");
        return world.calls().get(0);
    }

    private void startChild(ServiceCall call, String input) {
        world.start("child", input, Optional.empty(), call.taskToken());
        world.serviceAnswers("{\"ExecutionArn\":\"" + CHILD + "\"}");
    }

    @Test
    void theEndOfAChildIsItsTasksResult() {
        startChild(nested(NESTED, ""), "{\"wait\":1}");
        assertThat(world.status().status()).isEqualTo(Status.RUNNING);
        world.passes(Duration.ofSeconds(60));
        assertThat(world.course()).containsSubsequence("6<5 TaskStarted", "7<6 TaskSubmitted", "8<7 TaskSucceeded");
        assertThat(world.output().orElseThrow())
                .contains("\"ExecutionArn\":\"" + CHILD + "\"", "\"Status\":\"SUCCEEDED\"")
                .contains("\"Output\":\"{\\\"wait\\\":1}\"");
    }

    @Test
    void theSecondFormHasInputAndOutputAsJson() {
        startChild(nested(NESTED + ":2", ""), "{\"wait\":1}");
        world.passes(Duration.ofSeconds(60));
        assertThat(world.output().orElseThrow()).contains("\"Output\":{\"wait\":1}", "\"Input\":{\"wait\":1}");
    }

    @Test
    void aChildThatEndsBeforeItsStartIsAnsweredIsToldAfterIt() {
        startChild(nested(NESTED, ""), "{\"fail\":1}");
        assertThat(world.course()).containsSubsequence("7<6 TaskSubmitted", "8<7 TaskFailed", "9<8 ExecutionFailed");
        assertThat(world.details(8).get("error").asText()).isEqualTo("States.TaskFailed");
        assertThat(world.details(8).get("cause").asText()).startsWith("{\"Cause\":\"luck\",\"Error\":\"Bad\"");
    }

    @Test
    void whoStopsTheParentStopsTheChild() {
        startChild(nested(NESTED, ""), "{\"wait\":1}");
        world.stop();
        assertThat(world.status(CHILD).status()).isEqualTo(Status.ABORTED);
    }

    @Test
    void aTaskThatTimesOutStopsTheChild() {
        startChild(nested(NESTED, ",\"TimeoutSeconds\":5"), "{\"wait\":1}");
        world.passes(Duration.ofSeconds(5));
        assertThat(world.status().status()).isEqualTo(Status.FAILED);
        assertThat(world.status(CHILD).status()).isEqualTo(Status.ABORTED);
    }
}
