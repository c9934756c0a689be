package io.stepstream.gateway.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InFlightTest {

    private final InFlight inFlight = new InFlight(new InFlight.Limits(640, 64_000));

    private long samples(int records, int size) {
        return IntStream.range(0, records)
                .mapToObj(i -> inFlight.addUnwatched(size))
                .filter(Optional::isPresent)
                .count();
    }

    @Test
    void aSampleStandsForTheRecordsSinceTheLast() {
        assertThat(samples(9, 1)).isZero();
        assertThat(inFlight.isEmpty()).isTrue();
        var sample = inFlight.addUnwatched(1).orElseThrow();
        assertThat(inFlight.isEmpty()).isFalse();
        sample.land();
        assertThat(inFlight.isEmpty()).isTrue();
    }

    @Test
    void samplesThatNobodyAnswersFillIt() {
        assertThat(samples(639, 1)).isEqualTo(63);
        assertThat(inFlight.isFull()).isFalse();
        assertThat(samples(1, 1)).isEqualTo(1);
        assertThat(inFlight.isFull()).isTrue();
    }

    @Test
    void aLargeRecordIsASampleAtOnce() {
        assertThat(samples(1, 1_000)).isEqualTo(1);
    }

    @Test
    void bytesFillItAsRecordsDo() {
        var load = inFlight.add(64_000);
        assertThat(inFlight.isFull()).isTrue();
        load.land();
        assertThat(inFlight.isFull()).isFalse();
    }
}
