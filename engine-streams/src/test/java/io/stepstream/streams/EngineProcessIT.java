package io.stepstream.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code java -jar stepstream-engine.jar} runs. */
@Timeout(120)
final class EngineProcessIT {

    @Test
    void anEngineProcessServesItsViewsAndEndsCleanly(@TempDir Path folder) throws Exception {
        try (var kafka = EmbeddedKafka.start(folder)) {
            var config = new World(kafka, "process.")
                    .with(EngineConfig.QUERY_PORT, "0")
                    .config(folder);
            var engine = EngineProcess.start(config, kafka.properties());
            try (engine) {
                assertThat(engine.awaitReady()).isTrue();
                var here = engine.query().host() + ":" + engine.query().port();
                Awaitility.await().untilAsserted(() -> {
                    var owners =
                            Json.tree(get("http://" + here + "/views/owners")).path("owners");
                    assertThat(owners.path("0").asText()).isEqualTo(here);
                    assertThat(owners.path("1").asText()).isEqualTo(here);
                });
            }
            assertThat(engine.awaitEnd()).isEmpty();
        }
    }

    private static String get(String url) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url)).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
