package io.stepstream.streams;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.ServiceCall;
import io.stepstream.services.ServiceOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what calls came to into {@code commands}, until the brokers have it. An outcome has no position: it carries its
 * attempt's stamp, and a repeated one changes nothing.
 */
final class CommandOutcomes implements EffectWorkers.Outcomes {

    private static final Logger LOG = LoggerFactory.getLogger(CommandOutcomes.class);

    /** How long to let brokers be that have refused a record. */
    private static final long PAUSE_MILLIS = 500;

    private final String topic;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final ScheduledExecutorService again;
    private Producer<byte[], byte[]> producer;

    /** {@code producers} makes one that never gives up on a record by itself; asked again when one has broken. */
    CommandOutcomes(String topic, Supplier<Producer<byte[], byte[]>> producers) {
        this.topic = topic;
        this.producers = producers;
        this.producer = producers.get();
        this.again = Executors.newSingleThreadScheduledExecutor(work -> {
            var thread = new Thread(work, "stepstream-outcomes");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void tell(ServiceCall call, ServiceOutcome outcome, Runnable confirmed) {
        var command = new ExecutionCommand.ServiceCallCompleted(
                call.executionArn(), call.task(), outcome.output(), outcome.error(), outcome.cause());
        send(
                new ProducerRecord<>(topic, call.executionArn().getBytes(StandardCharsets.UTF_8), Json.bytes(command)),
                confirmed);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback sees all that the future would
    private void send(ProducerRecord<byte[], byte[]> record, Runnable confirmed) {
        var by = current();
        try {
            by.send(record, (metadata, failure) -> {
                if (failure == null) {
                    confirmed.run();
                } else {
                    sendAgain(by, record, confirmed, failure);
                }
            });
        } catch (KafkaException | IllegalStateException failure) {
            sendAgain(by, record, confirmed, failure);
        }
    }

    private synchronized Producer<byte[], byte[]> current() {
        return producer;
    }

    private void sendAgain(
            Producer<byte[], byte[]> by, ProducerRecord<byte[], byte[]> record, Runnable confirmed, Exception failure) {
        LOG.warn("Expected an outcome of {} to be written, but it failed; trying again", text(record), failure);
        try {
            var unused = again.schedule(
                    () -> {
                        replace(by);
                        send(record, confirmed);
                    },
                    PAUSE_MILLIS,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("Closed before the outcome of {} was written; its call is made again", text(record));
        }
    }

    private static String text(ProducerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    private synchronized void replace(Producer<byte[], byte[]> broken) {
        if (producer == broken) {
            broken.close(Duration.ZERO);
            producer = producers.get();
        }
    }

    @Override
    public void close() {
        again.shutdownNow();
        current().close(Duration.ofSeconds(1));
    }
}
