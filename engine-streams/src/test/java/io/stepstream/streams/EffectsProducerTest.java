package io.stepstream.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Rule 3: no gaps, and no commit before every effect is confirmed. */
final class EffectsProducerTest {

    private static final Duration SHORT = Duration.ofMillis(20);

    private final AtomicLong nanos = new AtomicLong();
    private final MockProducer<byte[], byte[]> kafka = mock();
    private final EffectsProducer effects = new EffectsProducer(kafka, 3, nanos::get, Failpoints.NONE);

    private static MockProducer<byte[], byte[]> mock() {
        return new MockProducer<>(
                false, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void add(String value) {
        effects.add(new ProducerRecord<>("replies", 0, null, value.getBytes(StandardCharsets.UTF_8)));
    }

    private List<String> sent() {
        return kafka.history().stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void effectsGatherUntilThePollOrUntilThereAreEnough() {
        add("1");
        add("2");
        assertThat(sent()).isEmpty();

        add("3");
        assertThat(sent()).containsExactly("1", "2", "3");

        add("4");
        effects.flush();
        assertThat(sent()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void effectsOfSlowCommandsDoNotWaitForOthers() {
        add("1");
        nanos.addAndGet(EffectsProducer.LONGEST_GATHERING_NANOS + 1);
        add("2");

        assertThat(sent()).containsExactly("1", "2");
    }

    @Test
    void aFailureClosesTheProducerBeforeAnythingCanOvertake() {
        add("1");
        effects.flush();

        kafka.errorNext(new RecordTooLargeException("no"));

        assertThat(kafka.closed()).isTrue();
        add("2");
        assertThatThrownBy(effects::flush).isInstanceOf(EffectsLostException.class);
        assertThat(sent()).containsExactly("1");
    }

    @Test
    void whatTheProducerThrowsAtOnceIsAFailureToo() {
        kafka.sendException = new KafkaException("no memory left");
        add("1");

        assertThatThrownBy(effects::flush).isInstanceOf(EffectsLostException.class);
        assertThat(kafka.closed()).isTrue();
    }

    @Test
    void waitingSendsWhatGatheredAndEndsWithTheLastConfirmation() throws InterruptedException {
        add("1");
        add("2");
        var confirming = new Thread(() -> {
            for (int left = 2; left > 0; ) {
                if (kafka.completeNext()) {
                    left--;
                }
            }
        });
        confirming.start();

        effects.awaitConfirmed(Duration.ofSeconds(20));

        confirming.join();
        assertThat(sent()).containsExactly("1", "2");
    }

    @Test
    void waitingTooLongFailsWithWhatStreamsDoesNotRetry() {
        add("1");

        assertThatThrownBy(() -> effects.awaitConfirmed(SHORT))
                .isInstanceOf(KafkaException.class)
                .isNotInstanceOf(TimeoutException.class)
                .hasMessageContaining("1 are not");
    }

    @Test
    void aCommitWaitsForTheEffects() {
        var transactional = mock();
        transactional.initTransactions();
        transactional.beginTransaction();
        var bound = EngineClients.bound(transactional, effects, SHORT, Failpoints.NONE);
        add("1");

        assertThatThrownBy(bound::commitTransaction).isInstanceOf(EffectsLostException.class);
        assertThat(transactional.transactionCommitted()).isFalse();

        kafka.completeNext();
        bound.commitTransaction();
        assertThat(transactional.transactionCommitted()).isTrue();
    }

    @Test
    void aCommitAfterAFailedEffectNeverSucceeds() {
        var transactional = mock();
        transactional.initTransactions();
        transactional.beginTransaction();
        var bound = EngineClients.bound(transactional, effects, SHORT, Failpoints.NONE);
        add("1");
        effects.flush();
        kafka.errorNext(new RecordTooLargeException("no"));

        assertThatThrownBy(bound::commitTransaction).isInstanceOf(EffectsLostException.class);
        assertThat(transactional.transactionCommitted()).isFalse();
    }

    @Test
    void theTransactionsFlushSendsTheEffectsAndItsEndEndsThem() {
        var transactional = mock();
        var bound = EngineClients.bound(transactional, effects, SHORT, Failpoints.NONE);
        add("1");

        bound.flush();
        assertThat(sent()).containsExactly("1");

        bound.close();
        assertThat(kafka.closed()).isTrue();
        assertThat(transactional.closed()).isTrue();
    }
}
