package io.stepstream.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Rules 1 (time), 7 and 8. */
final class LogGuardTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final MapStore store = new MapStore();
    private final Log log = new Log();

    private static final class Log implements InputLogs {
        private Uuid id = new Uuid(1, 2);
        private long end = 100;

        @Override
        public Uuid topicId(String topic) {
            return id;
        }

        @Override
        public long endOffset(String topic, int partition) {
            return end;
        }
    }

    private LogGuard guard() {
        return new LogGuard(store, "commands", 3, log);
    }

    private void applyUpTo(long last) {
        var guard = guard();
        for (long offset = guard.lastOffset() + 1; offset <= last; offset++) {
            assertThat(guard.isNext(offset)).isTrue();
            guard.applied(offset, NOON);
        }
    }

    @Test
    void aRecordThatWasAppliedIsSkipped() {
        applyUpTo(4);

        assertThat(guard().isNext(4)).isFalse();
        assertThat(guard().isNext(5)).isTrue();
    }

    @Test
    void aGapStopsTheEngine() {
        applyUpTo(4);

        assertThatThrownBy(() -> guard().isNext(6))
                .isInstanceOf(LogBrokenException.class)
                .hasMessageContaining("Expected offset 5 next, but 6");
    }

    @Test
    void withoutStateTheLogBeginsAtItsBeginning() {
        assertThatThrownBy(() -> guard().isNext(7)).isInstanceOf(LogBrokenException.class);
    }

    @Test
    void aLogThatEndsBelowTheStateStopsTheEngine() {
        applyUpTo(4);

        log.end = 5;
        assertThat(guard().lastOffset()).isEqualTo(4);
        log.end = 4;
        assertThatThrownBy(this::guard).isInstanceOf(LogBrokenException.class).hasMessageContaining("it ends at 4");
    }

    @Test
    void anotherTopicOfTheSameNameStopsTheEngine() {
        applyUpTo(4);

        log.id = new Uuid(1, 3);

        assertThatThrownBy(this::guard)
                .isInstanceOf(LogBrokenException.class)
                .hasMessageContaining("deleted and created again");
    }

    @Test
    void timeNeverGoesBackNotEvenAfterARestart() {
        var guard = guard();
        guard.applied(0, guard.moment(NOON.toEpochMilli()));

        var later = guard();

        assertThat(later.moment(NOON.minusSeconds(60).toEpochMilli())).isEqualTo(NOON);
        assertThat(later.moment(NOON.plusSeconds(60).toEpochMilli())).isEqualTo(NOON.plusSeconds(60));
    }

    @Test
    void semanticsThatThisBinaryDoesNotKnowAreRefusedAndNotTaken() {
        applyUpTo(4);
        var guard = guard();

        assertThatThrownBy(() -> guard.raise(LogGuard.SEMANTICS + 1))
                .isInstanceOf(LogBrokenException.class)
                .hasMessageContaining("Start a newer version");

        assertThat(guard().lastOffset()).isEqualTo(4);
    }

    @Test
    void stateOfUnknownSemanticsIsRefused() {
        applyUpTo(4);
        ByteBuffer.wrap(Objects.requireNonNull(store.get(LogGuard.ROW))).putInt(LogGuard.SEMANTICS + 1);

        assertThatThrownBy(this::guard).isInstanceOf(LogBrokenException.class).hasMessageContaining("newer version");
    }

    @Test
    void semanticsAreNeverLowered() {
        var guard = guard();
        guard.raise(0);
        guard.applied(0, NOON);

        assertThat(ByteBuffer.wrap(Objects.requireNonNull(store.get(LogGuard.ROW)))
                        .getInt())
                .isEqualTo(LogGuard.SEMANTICS);
    }

    @Test
    void theSourceNamesTopicAndPartitionForEver() {
        assertThat(guard().source()).isEqualTo(new Uuid(1, 2) + "-3");
    }
}
