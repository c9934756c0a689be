package io.stepstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.GatewayConfig;
import io.stepstream.schemas.config.Setting;
import io.stepstream.streams.EngineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    @Test
    void theTablesOfSettingsAreThoseOfTheProgram() throws IOException {
        var rows = new ArrayList<String>();
        for (var setting : EngineConfig.settings()) {
            rows.add(row(setting.key(), Setting.show(setting.byDefault()), setting.sentence()));
        }
        for (var setting : GatewayConfig.settings()) {
            rows.add(row(setting.key(), Setting.show(setting.byDefault()), setting.sentence()));
        }

        var readme = Files.readAllLines(Path.of("..", "..", "README.md")).stream()
                .filter(line -> line.startsWith("| `engine.") || line.startsWith("| `gateway."))
                .toList();
        assertThat(readme).containsExactlyElementsOf(rows);
    }

    private static String row(String key, String byDefault, String sentence) {
        return "| `" + key + "` | " + (byDefault.isEmpty() ? "" : "`" + byDefault + "`") + " | "
                + sentence.replace("|", "\\|") + " |";
    }
}
