package io.stepstream.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.config.Setting;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class EngineConfigTest {

    private static final byte[] SECRET = "a secret of the tests".getBytes(StandardCharsets.UTF_8);

    private static EngineConfig with(String key, String value) {
        return EngineConfig.of(Map.of(key, value), SECRET);
    }

    @Test
    void everySettingReadsBackAsItIsShown() {
        for (var setting : EngineConfig.settings()) {
            assertThat(with(setting.key(), Setting.show(setting.byDefault())).get(setting))
                    .as(setting.key())
                    .isEqualTo(setting.byDefault());
        }
    }

    @Test
    void durationsAreWrittenAsPeopleWriteThem() {
        assertThat(with("engine.commit.interval", "250ms").get(EngineConfig.COMMIT_INTERVAL))
                .isEqualTo(Duration.ofMillis(250));
        assertThat(with("engine.retention", "2h").get(EngineConfig.RETENTION)).isEqualTo(Duration.ofHours(2));
        assertThat(with("engine.retention", "PT5S").get(EngineConfig.RETENTION)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void whatIsNoSettingOrNoValueIsRefused() {
        assertThatThrownBy(() -> with("engine.thread", "2")).hasMessageContaining("engine.threads");
        assertThatThrownBy(() -> with("engine.threads", "many")).hasMessageContaining("engine.threads, but many");
        assertThatThrownBy(() -> with("engine.threads", "0")).rootCause().hasMessageContaining("at least 1");
        assertThatThrownBy(() -> with("engine.topics.create", "yes")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> with("engine.poll", "soon")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTransactionMustHaveTimeToWaitForEffects() {
        assertThatThrownBy(() -> with("engine.transaction.timeout", "2s"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("engine.transaction.timeout");
        assertThat(with("engine.transaction.timeout", "5s").effectsTimeout()).isEqualTo(Duration.ofMillis(3_900));
    }

    @Test
    void aShortSecretIsRefused() {
        assertThatThrownBy(() -> EngineConfig.of(Map.of(), new byte[15])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theInstancesIdStaysTheSame(@TempDir Path folder) {
        var first = with("engine.data.dir", folder.resolve("a").toString());
        var other = with("engine.data.dir", folder.resolve("b").toString());

        assertThat(first.instanceId()).isEqualTo(first.instanceId()).isNotEqualTo(other.instanceId());
    }

    @Test
    void helpListsEverySetting() {
        var out = new StringWriter();
        var line = Main.commandLine(Map.of()).setOut(new PrintWriter(out));

        assertThat(line.execute("--help")).isEqualTo(CommandLine.ExitCode.OK);

        // picocli breaks long lines
        var help = out.toString().replaceAll("\\s+", "");
        for (var setting : EngineConfig.settings()) {
            assertThat(help).contains(setting.key() + Setting.show(setting.byDefault()));
            assertThat(help).contains(setting.sentence().replaceAll("\\s+", ""));
        }
    }

    @Test
    void anOptionOutdoesTheEnvironmentAndThatTheFile(@TempDir Path folder) throws Exception {
        var file = Files.writeString(
                folder.resolve("engine.properties"),
                "engine.threads=1\nengine.standbys=1\nkafka.security.protocol=SSL\nkafka.bootstrap.servers=file:1\n");
        var main = new Main(Map.of("STEPSTREAM_ENGINE_THREADS", "2", "STEPSTREAM_KAFKA_SASL_MECHANISM", "PLAIN"));
        new CommandLine(main)
                .parseArgs("--config", file.toString(), "--set", "engine.standbys=2", "--bootstrap-servers", "here:1");

        assertThat(main.told().all())
                .containsOnly(
                        Map.entry("engine.threads", "2"),
                        Map.entry("engine.standbys", "2"),
                        Map.entry("kafka.security.protocol", "SSL"),
                        Map.entry("kafka.sasl.mechanism", "PLAIN"),
                        Map.entry("kafka.bootstrap.servers", "here:1"));
    }

    @Test
    void withoutASecretNothingStarts() {
        var err = new StringWriter();
        var line = Main.commandLine(Map.of()).setErr(new PrintWriter(err));

        assertThat(line.execute("--bootstrap-servers", "localhost:1")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString()).contains("--secret-file or STEPSTREAM_SECRET");
    }
}
