package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

    private static Main told(Map<String, String> environment, String... args) {
        var commandLine = Main.commandLine(environment);
        commandLine.parseArgs(args);
        return commandLine.getCommand();
    }

    @Test
    void anOptionBeatsSetBeatsTheEnvironmentBeatsTheFile(@TempDir Path folder) throws IOException {
        var file = Files.writeString(
                folder.resolve("gateway.properties"),
                "gateway.port=1\ngateway.host=file\ngateway.region=file\ngateway.account=file\n");
        var told = told(
                        Map.of(
                                "STEPSTREAM_GATEWAY_PORT", "2",
                                "STEPSTREAM_GATEWAY_HOST", "environment",
                                "STEPSTREAM_GATEWAY_REGION", "environment",
                                "STEPSTREAM_KAFKA_SASL_MECHANISM", "PLAIN",
                                "STEPSTREAM_SECRET", "not a setting"),
                        "--config",
                        file.toString(),
                        "--set",
                        "gateway.port=3",
                        "--set",
                        "gateway.host=set",
                        "--set",
                        "kafka.producer.linger.ms=5",
                        "--port",
                        "4",
                        "--bootstrap-servers",
                        "a:1,b:2")
                .told()
                .all();
        assertThat(told)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "gateway.port", "4",
                        "gateway.host", "set",
                        "gateway.region", "environment",
                        "gateway.account", "file",
                        "kafka.sasl.mechanism", "PLAIN",
                        "kafka.producer.linger.ms", "5",
                        "kafka.bootstrap.servers", "a:1,b:2"));
    }

    @Test
    void whatIsMissingIsSaid() {
        var err = new StringWriter();
        var commandLine = Main.commandLine(Map.of()).setErr(new PrintWriter(err));
        assertThat(commandLine.execute()).isEqualTo(1);
        assertThat(err.toString()).contains("Expected --bootstrap-servers");
        assertThat(commandLine.execute("--bootstrap-servers", "a:1")).isEqualTo(1);
        assertThat(err.toString()).contains("--secret-file or STEPSTREAM_SECRET");
    }

    @Test
    void helpShowsEverySetting() {
        var usage = Main.commandLine(Map.of()).getUsageMessage();
        assertThat(GatewayConfig.settings())
                .allSatisfy(setting -> assertThat(usage).contains(setting.key()));
    }
}
