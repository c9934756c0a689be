package io.stepstream.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.Test;

/** Rule 1: one input topic for each sub-topology, and nobody writes it in a transaction. */
final class EngineTopologyTest {

    private static final EngineConfig CONFIG =
            EngineConfig.of(Map.of(), "a secret of the tests".getBytes(StandardCharsets.UTF_8));

    private static final class NoLogs implements InputLogs {
        @Override
        public Uuid topicId(String topic) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long endOffset(String topic, int partition) {
            throw new UnsupportedOperationException();
        }
    }

    private static TopologyDescription describe(List<Part<?>> parts) {
        return EngineTopology.of(
                        parts,
                        new CommandProcessor.Surroundings(
                                CONFIG,
                                new EffectRouter(CONFIG.topics()),
                                new NoLogs(),
                                () -> {
                                    throw new UnsupportedOperationException();
                                },
                                NoServices.workers()))
                .describe();
    }

    @Test
    void eachSubTopologyReadsOneTopicAndNoneWritesAnInput() {
        var topics = CONFIG.topics();
        Set<String> inputs = new TreeSet<>();
        Set<String> outputs = new TreeSet<>();
        for (var part : describe(EngineParts.of(CONFIG)).subtopologies()) {
            var read = new HashSet<String>();
            for (var node : part.nodes()) {
                if (node instanceof TopologyDescription.Source source) {
                    read.addAll(source.topicSet());
                } else if (node instanceof TopologyDescription.Sink sink) {
                    outputs.add(sink.topic());
                }
            }
            assertThat(read).hasSize(1);
            inputs.addAll(read);
        }

        assertThat(inputs)
                .containsExactlyInAnyOrder(topics.commands(), topics.activityTasks(), topics.registryCommands());
        assertThat(outputs)
                .containsExactlyInAnyOrder(
                        topics.events(), topics.executions(), topics.logs(), topics.registry(), topics.rejected());
    }
}
