package io.stepstream.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineClientsTest {

    @Test
    void effectsCannotOvertakeOneAnotherAndAreNeverGivenUp() {
        var config = EngineClients.effectsConfig(
                Map.of(
                        "transactional.id",
                        "t",
                        "transaction.timeout.ms",
                        5_000,
                        "max.in.flight.requests.per.connection",
                        5),
                "thread",
                Duration.ofSeconds(3));
        assertThat(config)
                .containsEntry("max.in.flight.requests.per.connection", 1)
                .containsEntry("enable.idempotence", true)
                .containsEntry("acks", "all")
                .containsEntry("delivery.timeout.ms", Integer.MAX_VALUE)
                .containsEntry("max.block.ms", 3_000L)
                .doesNotContainKeys("transactional.id", "transaction.timeout.ms");
    }
}
