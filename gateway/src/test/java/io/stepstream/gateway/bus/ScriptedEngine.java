package io.stepstream.gateway.bus;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ActivityCommand;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.schemas.command.Reply;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Stands in for the engine: reads every command topic, keeps what comes and answers as the test says. */
public final class ScriptedEngine implements AutoCloseable {

    private final Topics topics;
    private final Script script;
    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread thread = new Thread(this::run, "scripted-engine");
    private volatile boolean closing;

    /** What the engine does with a command. Called on the engine's thread. */
    public interface Script {
        void decide(Received command, ScriptedEngine engine);
    }

    /** A command and the record that carried it. */
    public record Received(Object command, ConsumerRecord<byte[], byte[]> record) {
        public String key() {
            return new String(record.key(), StandardCharsets.UTF_8);
        }

        public String header(String name) {
            return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
        }
    }

    public ScriptedEngine(EmbeddedKafka kafka, Topics topics, Script script) {
        this.topics = topics;
        this.script = script;
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "max.request.size",
                        Topics.MAX_MESSAGE_BYTES,
                        "linger.ms",
                        0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        thread.start();
    }

    private void run() {
        consumer.assign(List.of(topics.commands(), topics.registryCommands(), topics.activityTasks()).stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList());
        try {
            while (!closing) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    var command = new Received(read(record), record);
                    received.add(command);
                    script.decide(command, this);
                }
            }
        } catch (WakeupException e) {
            closing = true;
        }
        consumer.close();
    }

    private Object read(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.topic().equals(topics.commands())) {
                return Json.read(record.value(), ExecutionCommand.class);
            }
            return record.topic().equals(topics.registryCommands())
                    ? Json.read(record.value(), RegistryCommand.class)
                    : Json.read(record.value(), ActivityCommand.class);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected a command", e);
        }
    }

    public void reply(ReplyTo to, Reply reply) {
        var unused = producer.send(new ProducerRecord<>(
                topics.replies(),
                to.partition(),
                to.correlationId().getBytes(StandardCharsets.UTF_8),
                Json.bytes(reply)));
    }

    public void produce(String topic, String key, byte[] value) {
        var unused = producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value));
    }

    public List<Received> received(Predicate<Object> wanted) {
        return received.stream().filter(one -> wanted.test(one.command())).toList();
    }

    public <T> List<T> received(Class<T> type) {
        return received.stream()
                .map(Received::command)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
