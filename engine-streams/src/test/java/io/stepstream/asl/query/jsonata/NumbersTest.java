package io.stepstream.asl.query.jsonata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NumbersTest {

    @Test
    void aNumberIsPrintedWithTheFewestDigitsThatGiveItAgain() {
        assertThat(Numbers.shortest(2.0e-3)).isEqualByComparingTo("0.002");
        assertThat(Numbers.shortest(Double.parseDouble("2e23")).toString()).isEqualTo("2E+23");
        assertThat(Numbers.shortest(Double.MIN_VALUE).doubleValue()).isEqualTo(Double.MIN_VALUE);
        assertThat(Numbers.shortest(0.1 + 0.2).toPlainString()).isEqualTo("0.30000000000000004");
    }

    @Test
    void everyNumberReadsBackAsItself() {
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertThat(Numbers.of(value).doubleValue()).isEqualTo(value);
            }
        }
    }
}
