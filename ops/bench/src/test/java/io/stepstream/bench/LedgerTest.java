package io.stepstream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {

    private final Ledger ledger = new Ledger();

    @Test
    void aWholeHistoryHasNothingToReport() {
        ledger.event("a", 1);
        ledger.event("b", 1);
        ledger.event("a", 2);
        ledger.end("a");

        assertThat(ledger.executions()).isEqualTo(2);
        assertThat(ledger.events()).isEqualTo(3);
        assertThat(ledger.gaps() + ledger.repeated() + ledger.endedTwice()).isZero();
        assertThat(ledger.ended("a")).isTrue();
        assertThat(ledger.ended("b")).isFalse();
    }

    @Test
    void aMissingEventIsAGap() {
        ledger.event("a", 1);
        ledger.event("a", 3);
        ledger.event("b", 2);

        assertThat(ledger.gaps()).isEqualTo(2);
    }

    @Test
    void anEventThatComesTwiceIsRepeated() {
        ledger.event("a", 1);
        ledger.event("a", 2);
        ledger.event("a", 2);
        ledger.event("a", 1);

        assertThat(ledger.repeated()).isEqualTo(2);
    }

    @Test
    void aSecondEndIsCountedOncePerExecution() {
        ledger.end("a");
        ledger.end("a");
        ledger.end("a");
        ledger.end("b");

        assertThat(ledger.endedTwice()).isEqualTo(1);
    }
}
