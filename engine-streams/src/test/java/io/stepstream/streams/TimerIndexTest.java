package io.stepstream.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Rule 6: the watermark passes only what was confirmed, falls to what is set below it, and nothing fires too early. */
final class TimerIndexTest {

    private static final TopicPartition PARTITION = new TopicPartition("commands", 0);

    private final MapStore store = new MapStore();
    private final Outbox outbox = new Outbox();
    private TimerIndex<String> index = new TimerIndex<>(store, outbox, 3);

    /** What was sent, in order, with the confirmations that the test still owes. */
    private static final class Outbox implements TimerIndex.Sender {
        private final List<String> sent = new ArrayList<>();
        private final List<Callback> owed = new ArrayList<>();

        @Override
        public void send(byte[] key, byte[] command, Callback confirmed) {
            sent.add(new String(key, StandardCharsets.UTF_8) + " " + new String(command, StandardCharsets.UTF_8));
            owed.add(confirmed);
        }

        List<String> taken() {
            var taken = List.copyOf(sent);
            sent.clear();
            return taken;
        }

        void confirmAll(long appendedAtMillis) {
            owed.forEach(confirmed ->
                    confirmed.onCompletion(new RecordMetadata(PARTITION, 0, 0, appendedAtMillis, 1, 1), null));
            owed.clear();
        }

        void failAll() {
            owed.forEach(confirmed -> confirmed.onCompletion(null, new IllegalStateException("closed")));
            owed.clear();
        }
    }

    private void set(long dueMillis, String key) {
        index.timers().set(Instant.ofEpochMilli(dueMillis), key, "id", "wake " + key);
        index.keep();
    }

    private void cancel(long dueMillis, String key) {
        index.timers().cancel(Instant.ofEpochMilli(dueMillis), key, "id");
        index.keep();
    }

    private List<String> tick(long wallMillis) {
        index.tick(wallMillis);
        return outbox.taken();
    }

    private static String wake(String key) {
        return key + " \"wake " + key + "\"";
    }

    @Test
    void timersFireInOrderOnceTheyAreDue() {
        set(200, "b");
        set(100, "a");
        set(300, "c");

        assertThat(tick(99)).isEmpty();
        assertThat(tick(200)).containsExactly(wake("a"), wake("b"));
    }

    @Test
    void aTimerUnderWayIsNotSentAgain() {
        set(100, "a");

        assertThat(tick(100)).hasSize(1);
        assertThat(tick(110)).isEmpty();
        outbox.confirmAll(112);
        assertThat(tick(120)).isEmpty();
        assertThat(store.rows).as("the row stays until its wait ends").hasSize(1);
    }

    @Test
    void aTimerThatFailedIsSentAgainWithAllOfItsBatch() {
        set(100, "a");
        set(101, "b");
        assertThat(tick(200)).hasSize(2);

        outbox.failAll();

        assertThat(tick(210)).containsExactly(wake("a"), wake("b"));
    }

    @Test
    void aTimerSetBelowTheWatermarkFires() {
        set(100, "a");
        tick(100);
        outbox.confirmAll(100);
        tick(101);

        set(50, "late");

        assertThat(tick(102)).containsExactly(wake("late"));
    }

    @Test
    void aTimerSetBelowABatchThatIsUnderWayFires() {
        set(100, "a");
        assertThat(tick(100)).hasSize(1);

        set(50, "late");
        assertThat(tick(101)).isEmpty();
        outbox.confirmAll(101);

        assertThat(tick(102)).containsExactly(wake("late"));
    }

    @Test
    void aTimerThatTheBrokersAppendBeforeItIsDueIsSentAgainWhenItIs() {
        set(1_000, "a");
        assertThat(tick(1_000)).hasSize(1);
        // the brokers' clock is 400 ms behind ours
        outbox.confirmAll(600);

        assertThat(tick(1_010)).isEmpty();
        assertThat(index.nextTick(1_010)).isEqualTo(1_400);
        assertThat(tick(1_399)).isEmpty();
        assertThat(tick(1_400)).containsExactly(wake("a"));
        outbox.confirmAll(1_000);
        assertThat(tick(1_410)).isEmpty();
    }

    @Test
    void aTickSendsABoundedNumberAndTheNextGoesOn() {
        for (int i = 0; i < 7; i++) {
            set(100 + i, "t" + i);
        }

        assertThat(tick(200)).containsExactly(wake("t0"), wake("t1"), wake("t2"));
        assertThat(tick(200)).isEmpty();
        outbox.confirmAll(200);
        assertThat(tick(201)).containsExactly(wake("t3"), wake("t4"), wake("t5"));
        outbox.confirmAll(201);
        assertThat(tick(202)).containsExactly(wake("t6"));
    }

    @Test
    void aCancelledTimerDoesNotFire() {
        set(100, "a");
        set(101, "b");
        cancel(100, "a");

        assertThat(tick(200)).containsExactly(wake("b"));
        assertThat(store.rows).hasSize(1);
    }

    @Test
    void aTimerThatIsSetAnewFiresAnew() {
        set(100, "a");
        tick(100);
        outbox.confirmAll(100);
        tick(101);
        set(100, "a");

        assertThat(tick(102)).containsExactly(wake("a"));
    }

    @Test
    void afterARestartWhatIsStillThereFiresAgain() {
        set(100, "a");
        set(200, "b");
        tick(100);
        outbox.confirmAll(100);

        index = new TimerIndex<>(store, outbox, 3);

        assertThat(tick(150)).containsExactly(wake("a"));
    }

    @Test
    void whatWasDroppedIsNoTimer() {
        index.timers().set(Instant.ofEpochMilli(100), "a", "id", "never");
        index.drop();
        index.keep();

        assertThat(tick(200)).isEmpty();
    }

    @Test
    void aTickWithNothingDueReadsNothing() {
        set(1_000, "a");
        tick(1);
        int scans = store.scans;

        for (long now = 2; now < 1_000; now++) {
            assertThat(tick(now)).isEmpty();
        }

        assertThat(store.scans).isEqualTo(scans);
        assertThat(index.nextTick(999)).isEqualTo(1_000);
    }

    @Test
    void withoutTimersThereIsNothingToWaitFor() {
        tick(1);

        assertThat(index.nextTick(1)).isEqualTo(TimerIndex.NEVER);
    }

    @Test
    void aTimerBeyondAllClocksWaitsForEver() {
        index.timers().set(Instant.MAX, "a", "id", "never");
        index.timers().set(Instant.MIN, "b", "id", "now");
        index.keep();

        assertThat(tick(Long.MAX_VALUE / 2)).containsExactly("b \"now\"");
    }
}
