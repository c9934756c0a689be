package io.stepstream.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.gateway.bus.ClientProperties;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewayConfigTest {

    private static final byte[] SECRET = "sixteen bytes and some more".getBytes(UTF_8);

    @Test
    void whatIsNotSaidHasItsDefault() {
        var config = GatewayConfig.of(Map.of("gateway.port", "0"), SECRET);
        assertThat(config.get(GatewayConfig.PORT)).isZero();
        assertThat(config.get(GatewayConfig.REGION)).isEqualTo("us-east-1");
        assertThat(config.topics().commands()).isEqualTo("stepstream.commands");
        assertThat(config.ingress().replyTopics()).containsExactly("stepstream.outcomes.*");
    }

    @Test
    void listsAreSeparatedByCommas() {
        var config = GatewayConfig.of(
                Map.of("gateway.engine.urls", "http://a:1, http://b:2", "gateway.ingress.reply.topics", "x,y*"),
                SECRET);
        assertThat(config.engineUrls()).containsExactly(URI.create("http://a:1"), URI.create("http://b:2"));
        assertThat(config.ingress().replyTopics()).containsExactly("stepstream.outcomes.*", "x", "y*");
    }

    @Test
    void aWrongKeyValueOrSecretIsRefused() {
        assertThatThrownBy(() -> GatewayConfig.of(Map.of("gateway.prot", "1"), SECRET))
                .hasMessageContaining("gateway.prot");
        assertThatThrownBy(() -> GatewayConfig.of(Map.of("gateway.port", "-1"), SECRET))
                .hasMessageContaining("gateway.port");
        assertThatThrownBy(() -> GatewayConfig.of(Map.of("gateway.account", "12"), SECRET))
                .hasMessageContaining("twelve digits");
        assertThatThrownBy(() -> GatewayConfig.of(Map.of(), "short".getBytes(UTF_8)))
                .hasMessageContaining("secret");
    }

    @Test
    void theTableNamesEverySetting() {
        assertThat(GatewayConfig.settings())
                .allSatisfy(setting -> assertThat(GatewayConfig.help()).contains(setting.key(), setting.sentence()));
    }

    @Test
    void anyKafkaPropertyPassesButThoseThatCorrectnessRestsUpon() {
        var clients = ClientProperties.of(Map.of(
                "kafka.bootstrap.servers", "b:9092",
                "kafka.sasl.mechanism", "PLAIN",
                "kafka.producer.acks", "0",
                "kafka.producer.linger.ms", "7",
                "kafka.consumer.fetch.min.bytes", "2",
                "gateway.port", "1"));
        assertThat(clients.producer(Map.of("linger.ms", 0, "client.id", "c"), Map.of("acks", "all")))
                .isEqualTo(Map.of(
                        "bootstrap.servers", "b:9092",
                        "sasl.mechanism", "PLAIN",
                        "linger.ms", "7",
                        "client.id", "c",
                        "acks", "all"));
        assertThat(clients.consumer(Map.of(), Map.of()))
                .containsEntry("fetch.min.bytes", "2")
                .doesNotContainKey("linger.ms");
    }

    @Test
    void onlyThisMachineIsServedWithoutCredentials() {
        var open = Map.of("gateway.host", "0.0.0.0");

        assertThatThrownBy(() -> GatewayConfig.of(open, SECRET)).hasMessageContaining("gateway.credentials");
        assertThatThrownBy(() -> GatewayConfig.of(Map.of("gateway.credentials", "no-such-file"), SECRET))
                .hasMessageContaining("no-such-file");
        assertThat(GatewayConfig.of(Map.of("gateway.host", "0.0.0.0", "gateway.unauthenticated", "true"), SECRET)
                        .get(GatewayConfig.HOST))
                .isEqualTo("0.0.0.0");
        for (var host : new String[] {"127.0.0.1", "localhost", "::1"}) {
            assertThat(GatewayConfig.of(Map.of("gateway.host", host), SECRET).get(GatewayConfig.HOST))
                    .isEqualTo(host);
        }
    }
}
