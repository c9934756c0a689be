package io.stepstream.bench;

import io.stepstream.schemas.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Executions of three Pass states, asked for on {@code start-requests} and seen to end on {@code executions}. */
final class PassTopicLoad implements Bench.Workload {

    static final String NAME = "pass-topic";

    /** Requests on topics are not waited for one by one: many times what HTTP callers hold. */
    private static final int IN_FLIGHT_FACTOR = 32;

    @Override
    public void run(Bench bench, Report report) throws Exception {
        var result = load(
                bench,
                bench.named(NAME),
                bench.rate() > 0
                        ? bench.open()
                        : Load.Plan.closed(IN_FLIGHT_FACTOR * bench.inFlight(), bench.warmUp(), bench.time()));
        report.check(NAME, result);
        if (bench.rate() > 0) {
            report.add(Row.fact(
                    NAME, "3 Pass by start-requests, open loop, p50", result.millis(50), "ms", Bench.spread(result)));
        } else {
            report.add(Row.atLeast(
                    NAME,
                    "3 Pass by start-requests, completed/s",
                    result.perSecond(),
                    "/s",
                    5_000,
                    10_000,
                    IN_FLIGHT_FACTOR * bench.inFlight() + " in flight; " + Bench.spread(result)));
        }
    }

    /** Runs that plan on a machine of that name, which is made. */
    static Load.Result load(Bench bench, String machineName, Load.Plan plan) throws Exception {
        var machine = bench.api().createMachine(machineName, Definitions.THREE_PASSES);
        try (var tail = ExecutionsTail.start(bench.client(), bench.topics().executions(), machineName, null);
                var producer = producer(bench)) {
            return Load.run(plan, (id, done) -> {
                tail.onEnd(id, done);
                request(bench, producer, machine, ExecutionsTail.input(id, ""), reason -> {
                    tail.forget(id);
                    done.failed(reason);
                });
            });
        }
    }

    static KafkaProducer<byte[], byte[]> producer(Bench bench) {
        var properties = new HashMap<>(bench.client());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "5");
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Asks for a start; {@code failed} only if the record could not be written. */
    static void request(
            Bench bench,
            KafkaProducer<byte[], byte[]> producer,
            String machine,
            String input,
            Consumer<String> failed) {
        var request = Json.bytes(Map.of("stateMachineArn", machine, "input", input));
        var key = input.getBytes(StandardCharsets.UTF_8);
        var unused = producer.send(
                new ProducerRecord<>(bench.topics().startRequests(), key, request), (metadata, failure) -> {
                    if (failure != null) {
                        failed.accept(String.valueOf(failure.getMessage()));
                    }
                });
    }
}
