package io.stepstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;

/** The product's jars as their users start them: together and apart, stopped and killed. */
class ProcessesIT {

    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STANDALONE = "ops/standalone/target/stepstream.jar";
    private static final String PASS = "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}";

    @Test
    void whatWasAnsweredSurvivesKillMinusNine(@TempDir Path root) throws Exception {
        var data = root.resolve("data").toString();
        var executions = new ArrayList<String>();
        String activity;
        try (var server = JavaProcess.start(STANDALONE, "--data-dir", data, "--port", "0", "--kafka-port", "0");
                var sfn = Clients.sfn(server.awaitReady(START))) {
            activity = sfn.createActivity(request -> request.name("work")).activityArn();
            var pass = machine(sfn, "pass", PASS);
            var task = machine(
                    sfn,
                    "task",
                    "{\"StartAt\":\"T\",\"States\":{\"T\":{\"Type\":\"Task\",\"Resource\":\"" + activity
                            + "\",\"End\":true}}}");
            for (int i = 0; i < 20; i++) {
                executions.add(sfn.startExecution(request -> request.stateMachineArn(pass))
                        .executionArn());
            }
            executions.add(
                    sfn.startExecution(request -> request.stateMachineArn(task)).executionArn());
            server.kill();
        }
        try (var server = JavaProcess.start(STANDALONE, "--data-dir", data, "--port", "0", "--kafka-port", "0");
                var sfn = Clients.sfn(server.awaitReady(START))) {
            var task = sfn.getActivityTask(request -> request.activityArn(activity));
            sfn.sendTaskSuccess(request -> request.taskToken(task.taskToken()).output("{}"));
            for (var execution : executions) {
                await().atMost(PATIENCE)
                        .until(
                                () -> sfn.describeExecution(request -> request.executionArn(execution))
                                        .status(),
                                status -> status == ExecutionStatus.SUCCEEDED);
            }

            try (var second = JavaProcess.start(STANDALONE, "--data-dir", data, "--port", "0", "--kafka-port", "0")) {
                assertThat(second.awaitExit(START)).isEqualTo(1);
            }
            assertThat(server.stop(PATIENCE)).isTrue();
        }
    }

    @Test
    void brokerEngineAndGatewayCanBeProcessesOfTheirOwn(@TempDir Path root) throws Exception {
        var secret = Files.writeString(root.resolve("secret"), "0123456789abcdef".repeat(4))
                .toString();
        try (var kafka = EmbeddedKafka.start(new EmbeddedKafka.Options(root.resolve("kafka"), 0, false));
                var engine = JavaProcess.start(
                        "engine-streams/target/stepstream-engine.jar",
                        "--bootstrap-servers",
                        kafka.bootstrapServers(),
                        "--data-dir",
                        root.resolve("engine").toString(),
                        "--secret-file",
                        secret,
                        "--set",
                        "engine.query.port=0")) {
            int queryPort = engine.awaitReady(START);
            try (var gateway = JavaProcess.start(
                            "gateway/target/stepstream-gateway.jar",
                            "--bootstrap-servers",
                            kafka.bootstrapServers(),
                            "--engine-urls",
                            "http://127.0.0.1:" + queryPort,
                            "--port",
                            "0",
                            "--secret-file",
                            secret);
                    var sfn = Clients.sfn(gateway.awaitReady(START))) {
                var machine = machine(sfn, "apart", PASS);
                var execution = sfn.startExecution(
                                request -> request.stateMachineArn(machine).input("{\"a\":1}"))
                        .executionArn();
                var ended = await().atMost(PATIENCE)
                        .until(
                                () -> sfn.describeExecution(request -> request.executionArn(execution)),
                                answer -> answer.status() == ExecutionStatus.SUCCEEDED);

                assertThat(ended.output()).isEqualTo("{\"a\":1}");
                assertThat(sfn.getExecutionHistory(request -> request.executionArn(execution))
                                .events())
                        .hasSize(4);
                assertThat(gateway.stop(PATIENCE)).isTrue();
            }
            assertThat(engine.stop(PATIENCE)).isTrue();
        }
    }

    private static String machine(SfnClient sfn, String name, String definition) {
        return sfn.createStateMachine(
                        request -> request.name(name).definition(definition).roleArn(Clients.ROLE))
                .stateMachineArn();
    }
}
