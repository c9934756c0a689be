package io.stepstream.gateway.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OffsetWindowTest {

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingIsPassedThatIsNotDoneWith(long seed) {
        var random = new Random(seed);
        var window = new OffsetWindow(100);
        var open = new ArrayList<Long>();
        long offset = 100;
        for (int i = 0; i < 200; i++) {
            if (random.nextBoolean()) {
                offset += random.nextInt(3); // transaction markers and compaction leave holes
                window.add(offset);
                open.add(offset++);
            } else if (!open.isEmpty()) {
                window.done(open.remove(random.nextInt(open.size())));
            }
            assertThat(window.reached()).isEqualTo(open.isEmpty() ? offset : (long) Collections.min(open));
        }
    }

    @Test
    void onlyWhatIsNewIsCommitted() {
        var window = new OffsetWindow(5);
        assertThat(window.hasMoved()).isFalse();
        window.add(5);
        assertThat(window.hasMoved()).isFalse();
        window.done(5);
        assertThat(window.hasMoved()).isTrue();
        window.committed(6);
        assertThat(window.hasMoved()).isFalse();
    }

    @Test
    void aRecordThatWasReadBeforeIsABug() {
        var window = new OffsetWindow(5);
        window.add(7);
        assertThatThrownBy(() -> window.add(7)).isInstanceOf(IllegalArgumentException.class);
    }
}
