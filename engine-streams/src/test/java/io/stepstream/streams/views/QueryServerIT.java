package io.stepstream.streams.views;

import static io.stepstream.streams.views.Statuses.MACHINE;
import static io.stepstream.streams.views.Statuses.arn;
import static io.stepstream.streams.views.Statuses.event;
import static io.stepstream.streams.views.Statuses.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.event.EventRecord;
import io.stepstream.schemas.event.ExecutionStatus;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.view.Views;
import io.stepstream.streams.EmbeddedKafka;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances that share the partitions. */
class QueryServerIT {

    private static final int EXECUTIONS = 20;

    @TempDir
    Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Topics topics = Topics.embedded("two.");

    private EmbeddedKafka broker;
    private Instance first;
    private Instance second;

    private record Instance(StreamsViews views, QueryServer server) {
        void close() {
            server.close();
            views.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedKafka.start(directory);
        Broker.create(broker.properties(), topics);
        first = instance("first");
        second = instance("second");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> first.views().owners().size() == 4
                        && first.views().owners().equals(second.views().owners())
                        && new HashSet<>(first.views().owners().values()).size() == 2);
        try (var engine = new KafkaProducer<>(broker.properties(), new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < EXECUTIONS; i++) {
                var status = status("e" + i, Status.RUNNING, i, i);
                for (long id = 1; id <= 2; id++) {
                    var unused = engine.send(new ProducerRecord<>(
                            topics.events(),
                            first.views().partitionOf(status.executionArn()),
                            event("e" + i, id).key(),
                            event("e" + i, id).value()));
                }
                var unused = engine.send(
                        new ProducerRecord<>(topics.executions(), status.executionArn(), Json.bytes(status)));
            }
        }
    }

    private Instance instance(String name) throws Exception {
        int port = EmbeddedKafka.freePort();
        var views = StreamsViews.start(new ViewsConfig(
                broker.properties(),
                topics,
                directory.resolve(name),
                name,
                Optional.of(new HostInfo("127.0.0.1", port)),
                1,
                0,
                Duration.ofSeconds(6),
                Duration.ofDays(36_500)));
        return new Instance(views, QueryServer.start(views, "127.0.0.1", port));
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        broker.close();
    }

    @Test
    void eachAnswersForItsPartitionsAndNamesTheOwnerOfTheOthers() throws Exception {
        var owners = Json.read(get(first, "owners").body(), JsonNode.class);
        assertThat(owners.path("partitions").asInt()).isEqualTo(4);
        for (int i = 0; i < EXECUTIONS; i++) {
            int partition = first.views().partitionOf(arn("e" + i));
            var owner = owners.path("owners").path(Integer.toString(partition)).asText();
            boolean isFirst = owner.equals("127.0.0.1:" + first.server().port());
            var own = isFirst ? first : second;
            var other = isFirst ? second : first;

            var answer = get(own, "execution?arn=" + encoded(arn("e" + i)));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(Json.read(answer.body(), ExecutionStatus.class))
                    .isEqualTo(status("e" + i, Status.RUNNING, i, i));

            var elsewhere = get(other, "history?from=1&reverse=false&limit=10&arn=" + encoded(arn("e" + i)));
            assertThat(elsewhere.statusCode()).isEqualTo(421);
            assertThat(elsewhere.headers().firstValue("stepstream-owner")).contains(owner);
            assertThat(elsewhere.headers().firstValue("stepstream-partition")).contains("" + partition);

            var history = get(own, "history?from=1&reverse=false&limit=10&arn=" + encoded(arn("e" + i)));
            assertThat(EventRecord.of(Json.read(history.body(), JsonNode.class).get(1)))
                    .isEqualTo(event("e" + i, 2));
        }
        await().until(() -> listed(first) + listed(second) == EXECUTIONS);
        assertThat(get(first, "execution").statusCode()).isEqualTo(400);
        assertThat(get(first, "executions?limit=1&partitions=9&stateMachineArn=x")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void whatAnInstanceHadIsTakenOverWhenItLeaves() throws Exception {
        await().until(() -> listed(first) + listed(second) == EXECUTIONS);
        first.close();

        await().atMost(Duration.ofSeconds(60))
                .until(() -> second.views().ownPartitions().size() == 4);
        await().atMost(Duration.ofSeconds(60)).until(() -> listed(second) == EXECUTIONS);
        for (int i = 0; i < EXECUTIONS; i++) {
            assertThat(get(second, "execution?arn=" + encoded(arn("e" + i))).statusCode())
                    .isEqualTo(200);
        }
    }

    /** How many executions the instance lists from its own partitions; none while they move. */
    private int listed(Instance instance) throws IOException, InterruptedException {
        var partitions =
                instance.views().ownPartitions().stream().map(Object::toString).collect(Collectors.joining(","));
        var answer =
                get(instance, "executions?limit=100&stateMachineArn=" + encoded(MACHINE) + "&partitions=" + partitions);
        return answer.statusCode() == 200
                ? Json.read(answer.body(), Views.ExecutionPage.class)
                        .executions()
                        .size()
                : 0;
    }

    private HttpResponse<byte[]> get(Instance instance, String question) throws IOException, InterruptedException {
        var address = URI.create("http://127.0.0.1:" + instance.server().port() + "/views/" + question);
        return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
