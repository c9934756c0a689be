package io.stepstream.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.model.State.Integration;
import io.stepstream.schemas.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsServicesTest {

    private final Endpoint aws = new Endpoint();

    @AfterEach
    void stop() {
        aws.close();
    }

    private static JsonNode output(ServiceOutcome outcome) {
        try {
            return Json.tree(outcome.output().orElseThrow());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "lambda, invoke, .waitForTaskToken, true",
        "lambda, invoke, .sync, false",
        "sqs, sendMessage, .waitForTaskToken, true",
        "sqs, receiveMessage, '', false",
        "sns, publish, '', true",
        "events, putEvents, '', true",
        "dynamodb, getItem, '', true",
        "dynamodb, getItem, .waitForTaskToken, false",
        "aws-sdk:secretsmanager, listSecrets, '', true",
        "aws-sdk:secretsmanager, listSecretz, '', false",
        "aws-sdk:s3, getObject, .waitForTaskToken, true",
        "aws-sdk:s3, createBucket, '', false",
        "states, startExecution, .sync:2, true",
        "aws-sdk:sfn, sendTaskSuccess, '', true",
        "glue, startJobRun, .sync, false"
    })
    void theInstalledServicesKnowTheirActions(String service, String action, String suffix, boolean known) {
        for (var pattern : Integration.Pattern.values()) {
            if (pattern.suffix().equals(suffix)) {
                assertThat(Services.installed().know(new Integration(service, action, pattern)))
                        .isEqualTo(known);
            }
        }
    }

    @Test
    void aMessageForSqsMayBeJson() {
        var call = Endpoint.call("sqs", "sendMessage", "{\"QueueUrl\":\"q\",\"MessageBody\":{\"a\":1}}");
        var outcome = aws.answers(200, "{\"MessageId\":\"m\"}").ask(new AwsJsonService(), call);
        assertThat(aws.asked().headers())
                .containsEntry("x-amz-target", "AmazonSQS.SendMessage")
                .containsEntry("content-type", "application/x-amz-json-1.0");
        assertThat(aws.asked().body()).isEqualTo("{\"QueueUrl\":\"q\",\"MessageBody\":\"{\\\"a\\\":1}\"}");
        assertThat(output(outcome).path("MessageId").asText()).isEqualTo("m");
        assertThat(output(outcome).at("/SdkHttpMetadata/HttpStatusCode").asInt())
                .isEqualTo(200);
    }

    @Test
    void theSdksCallsAnswerWithoutMetadata() {
        var call = Endpoint.call("aws-sdk:dynamodb", "getItem", "{}");
        assertThat(output(aws.answers(200, "{\"Item\":{}}").ask(new AwsJsonService(), call)))
                .hasToString("{\"Item\":{}}");
    }

    @ParameterizedTest
    @CsvSource({
        "sqs, sendMessage, com.amazonaws.sqs#MissingParameter, SQS.AmazonSQSException",
        "sqs, sendMessage, com.amazonaws.sqs#QueueDoesNotExist, SQS.QueueDoesNotExistException",
        "dynamodb, putItem, x#ResourceNotFoundException, DynamoDB.ResourceNotFoundException",
        "dynamodb, putItem, x#ValidationException, DynamoDB.AmazonDynamoDBException",
        "aws-sdk:dynamodb, putItem, x#ResourceNotFoundException, DynamoDb.ResourceNotFoundException",
        "aws-sdk:secretsmanager, createSecret, ValidationException, SecretsManager.SecretsManagerException"
    })
    void refusalsHaveTheNamesThatAwsGivesThem(String service, String action, String type, String error) {
        aws.answers(400, "{\"__type\":\"" + type + "\",\"message\":\"no\"}", "x-amzn-RequestId", "r");
        var outcome = aws.ask(new AwsJsonService(), Endpoint.call(service, action, "{}"));
        assertThat(outcome.error()).contains(error);
        assertThat(outcome.cause().orElseThrow())
                .startsWith("no (Service: ")
                .contains("Status Code: 400")
                .contains("Request ID: r");
    }

    @Test
    void eventsSayWhereTheyComeFromAndOneThatFailsFailsTheTask() {
        var call = Endpoint.call("events", "putEvents", "{\"Entries\":[{\"Detail\":{\"a\":1},\"Resources\":[\"r\"]}]}");
        aws.answers(200, "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"x\"}]}");
        assertThat(aws.ask(new AwsJsonService(), call).error()).contains("EventBridge.FailedEntry");
        assertThat(aws.asked().body())
                .isEqualTo("{\"Entries\":[{\"Detail\":\"{\\\"a\\\":1}\",\"Resources\":"
                        + "[\"arn:aws:states:us-east-1:000000000000:stateMachine:machine\",\"" + Endpoint.EXECUTION
                        + "\",\"r\"]}]}");
    }

    @Test
    void snsGetsAForm() {
        var call = Endpoint.call(
                "sns",
                "publish",
                "{\"TopicArn\":\"t\",\"Message\":{\"a\":1},\"MessageAttributes\":{\"k\":{\"DataType\":\"String\","
                        + "\"StringValue\":\"v\"}}}");
        aws.answers(200, "<R><PublishResult><MessageId>m</MessageId></PublishResult></R>");
        assertThat(output(aws.ask(new SnsService(), call)).path("MessageId").asText())
                .isEqualTo("m");
        assertThat(aws.asked().body())
                .isEqualTo("Action=Publish&Version=2010-03-31&TopicArn=t&Message=%7B%22a%22%3A1%7D"
                        + "&MessageAttributes.entry.1.Name=k&MessageAttributes.entry.1.Value.DataType=String"
                        + "&MessageAttributes.entry.1.Value.StringValue=v");
        aws.answers(400, "<E><Error><Code>InvalidParameter</Code><Message>no</Message></Error></E>");
        assertThat(aws.ask(new SnsService(), call).error()).contains("SNS.InvalidParameterException");
    }

    @Test
    void anObjectIsPutAsJsonAndGotAsText() {
        var put = Endpoint.call("aws-sdk:s3", "putObject", "{\"Bucket\":\"b\",\"Key\":\"a/k 1\",\"Body\":\"x\"}");
        aws.answers(200, "", "ETag", "\"e\"");
        assertThat(output(aws.ask(new S3Service(), put)).path("ETag").asText()).isEqualTo("\"e\"");
        assertThat(aws.asked().method()).isEqualTo("PUT");
        assertThat(aws.asked().uri().getRawPath()).isEqualTo("/b/a/k%201");
        assertThat(aws.asked().body()).isEqualTo("\"x\"");
        var get = Endpoint.call("aws-sdk:s3", "getObject", "{\"Bucket\":\"b\",\"Key\":\"k\"}");
        aws.answers(200, "text", "Last-Modified", "Sun, 22 Nov 2026 23:44:58 GMT", "x-amz-meta-who", "me");
        var got = output(aws.ask(new S3Service(), get));
        assertThat(got.path("Body").asText()).isEqualTo("text");
        assertThat(got.path("LastModified").asText()).isEqualTo("2026-11-22T23:44:58Z");
        assertThat(got.path("Metadata")).hasToString("{\"who\":\"me\"}");
    }

    @Test
    void objectsAreListedAndWhatIsNotThereHasAName() {
        var list = Endpoint.call("aws-sdk:s3", "listObjectsV2", "{\"Bucket\":\"b\",\"Prefix\":\"p/\"}");
        aws.answers(
                200,
                "<L><Name>b</Name><KeyCount>1</KeyCount><IsTruncated>false</IsTruncated>"
                        + "<Contents><Key>p/1</Key><Size>7</Size></Contents></L>");
        assertThat(output(aws.ask(new S3Service(), list)))
                .hasToString("{\"Name\":\"b\",\"KeyCount\":1,\"IsTruncated\":false,"
                        + "\"Contents\":[{\"Key\":\"p/1\",\"Size\":7}]}");
        assertThat(aws.asked().uri().getRawQuery()).isEqualTo("list-type=2&prefix=p%2F");
        aws.answers(404, "<Error><Code>NoSuchBucket</Code><Message>none</Message><HostId>h</HostId></Error>");
        var outcome = aws.ask(new S3Service(), list);
        assertThat(outcome.error()).contains("S3.NoSuchBucketException");
        assertThat(outcome.cause().orElseThrow())
                .isEqualTo("none (Service: S3, Status Code: 404, Request ID: , Extended Request ID: h)");
    }

    @Test
    void aStartSpeaksToOurOwnApi() {
        var call = Endpoint.call("states", "startExecution", "{\"StateMachineArn\":\"m\",\"Input\":{\"a\":1}}");
        aws.answers(200, "{\"executionArn\":\"e\",\"startDate\":1.5}");
        var result = output(aws.ask(new StatesService(), call));
        assertThat(result.path("ExecutionArn").asText()).isEqualTo("e");
        assertThat(result.path("StartDate").asLong()).isEqualTo(1_500);
        var first = aws.asked();
        assertThat(first.headers())
                .containsEntry("x-amz-target", "AWSStepFunctions.StartExecution")
                .containsEntry("amz-sdk-invocation-id", call.idempotencyKey());
        assertThat(first.body()).startsWith("{\"stateMachineArn\":\"m\",\"input\":\"{\\\"a\\\":1}\",\"name\":\"");
        aws.ask(new StatesService(), call);
        assertThat(aws.asked().body()).isEqualTo(first.body());
    }

    @Test
    void refusalsOfOurOwnApiHaveTheSdksNames() {
        aws.answers(400, "{\"__type\":\"InvalidToken\",\"message\":\"Invalid Token: 'Invalid token'\"}");
        var outcome = aws.ask(new StatesService(), Endpoint.call("aws-sdk:sfn", "sendTaskSuccess", "{}"));
        assertThat(outcome.error()).contains("Sfn.InvalidTokenException");
        assertThat(outcome.cause().orElseThrow()).endsWith(") (SDK Attempt Count: 1)");
        assertThat(aws.ask(new StatesService(), Endpoint.call("states", "startExecution", "{}"))
                        .error())
                .contains("StepFunctions.InvalidTokenException");
    }
}
