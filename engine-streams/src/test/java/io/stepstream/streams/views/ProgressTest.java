package io.stepstream.streams.views;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {

    private final Progress progress = new Progress(Runnable::run);

    @Test
    void anEndIsReachedWhenWhatWasDeliveredBelowItIsApplied() {
        progress.began(0);
        progress.polled(0, 10, 9);
        assertThat(progress.reached(0, 10)).isFalse();

        progress.applied(0, 8, "a");
        assertThat(progress.reached(0, 10)).isFalse();

        progress.applied(0, 9, "a");
        assertThat(progress.reached(0, 10)).isTrue();
        assertThat(progress.reached(0, 11)).isFalse();
    }

    @Test
    void transactionMarkersCountAsReached() {
        progress.began(0);
        progress.polled(0, 10, 8);
        progress.applied(0, 8, "a");
        assertThat(progress.reached(0, 10)).isTrue();

        progress.polled(0, 12, -1);
        assertThat(progress.reached(0, 12)).isTrue();
    }

    @Test
    void aPartitionThatStartsAtTheEndHasReachedIt() {
        progress.began(0);
        assertThat(progress.reached(0, 0)).isFalse();
        assertThat(progress.wantsPosition(0)).isTrue();

        progress.polled(0, 7, -1);
        assertThat(progress.wantsPosition(0)).isFalse();
        assertThat(progress.reached(0, 7)).isTrue();
    }

    @Test
    void aPartitionThatIsNotHereReachesNothing() {
        progress.polled(3, 10, 9);
        progress.applied(3, 9, "a");
        assertThat(progress.reached(3, 10)).isFalse();
        assertThat(progress.lag(3)).isNegative();
    }

    @Test
    void aTaskThatBeginsAgainForgetsWhatItSaidBefore() {
        progress.began(0);
        progress.polled(0, 10, -1);
        progress.began(0);
        assertThat(progress.reached(0, 10)).isFalse();
    }
}
