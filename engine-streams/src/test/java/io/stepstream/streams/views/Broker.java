package io.stepstream.streams.views;

import io.stepstream.schemas.topic.Topics;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** Topics on a broker. */
final class Broker {

    private Broker() {}

    static void create(Map<String, Object> kafka, Topics topics) throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(kafka)) {
            admin.createTopics(topics.all().stream()
                            .map(topic -> new NewTopic(
                                            topic.name(),
                                            Optional.of(topic.partitions()),
                                            Optional.of(topic.replicationFactor()))
                                    .configs(topic.config()))
                            .toList())
                    .all()
                    .get();
        }
    }
}
