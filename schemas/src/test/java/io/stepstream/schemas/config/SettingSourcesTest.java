package io.stepstream.schemas.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingSourcesTest {

    private static final Setting<Integer> EVENTS = Setting.number("engine.limits.history-events", 25, 3, "Events.");
    private static final Setting<Duration> POLL = Setting.duration("engine.poll", Duration.ofMillis(10), "Idle.");
    private static final List<Setting<?>> TABLE = List.of(EVENTS, POLL);
    private static final byte[] SECRET = "sixteen bytes of it".getBytes(StandardCharsets.UTF_8);

    private static SettingSources environment(String name, String value) {
        return SettingSources.of(TABLE, null, Map.of(name, value), Map.of());
    }

    @Test
    void aVariableMayNameAKeyThatHasHyphens() {
        var told = environment("STEPSTREAM_ENGINE_LIMITS_HISTORY_EVENTS", "7");
        assertThat(Settings.of(TABLE, told.settings(), SECRET).get(EVENTS)).isEqualTo(7);
    }

    @Test
    void aSlipInAVariablesNameIsFound() {
        var told = environment("STEPSTREAM_ENGINE_POL", "7ms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.of(TABLE, told.settings(), SECRET))
                .withMessageContaining("engine.pol");
    }

    @Test
    void othersVariablesAreNoneOfOurs() {
        assertThat(environment("STEPSTREAM_GATEWAY_PORT", "1").all()).isEmpty();
        assertThat(environment("ENGINE_POLL", "1ms").all()).isEmpty();
    }

    @Test
    void kafkasPropertiesStandApart() {
        var told = SettingSources.of(
                TABLE,
                null,
                Map.of("STEPSTREAM_KAFKA_SASL_MECHANISM", "PLAIN"),
                Map.of("kafka.producer.linger.ms", "5", "engine.poll", "1s"));
        assertThat(told.kafka()).isEqualTo(Map.of("kafka.sasl.mechanism", "PLAIN", "kafka.producer.linger.ms", "5"));
        assertThat(told.settings()).isEqualTo(Map.of("engine.poll", "1s"));
    }

    @Test
    void theSecretIsTheFilesOrTheEnvironments(@TempDir Path folder) throws IOException {
        var told = environment(SettingSources.SECRET, "from the environment");
        assertThat(told.secret(null)).isEqualTo("from the environment".getBytes(StandardCharsets.UTF_8));
        var file = Files.writeString(folder.resolve("secret"), "from the file\n");
        assertThat(told.secret(file)).isEqualTo("from the file".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> told.secret(folder.resolve("nowhere"))).isInstanceOf(UncheckedIOException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> environment("A", "b").secret(null))
                .withMessageContaining("--secret-file");
    }

    @Test
    void aFileThatCannotBeReadIsSaid(@TempDir Path folder) {
        assertThatThrownBy(() -> SettingSources.of(TABLE, folder.resolve("nowhere"), Map.of(), Map.of()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("nowhere");
    }
}
