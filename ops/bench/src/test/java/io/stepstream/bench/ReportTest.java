package io.stepstream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReportTest {

    @Test
    void eachRowSaysWhatItReached() {
        assertThat(Row.atMost("w", "latency", 2, "ms", 4, 2.5, "").verdict()).isEqualTo("goal");
        assertThat(Row.atMost("w", "latency", 3, "ms", 4, 2.5, "").verdict()).isEqualTo("must");
        assertThat(Row.atMost("w", "latency", 5, "ms", 4, 2.5, "").verdict()).isEqualTo("MISSED");
        assertThat(Row.atLeast("w", "rate", 4_000, "/s", 2_000, 3_500, "").verdict())
                .isEqualTo("goal");
        assertThat(Row.atLeast("w", "rate", 2_500, "/s", 2_000, 3_500, "").verdict())
                .isEqualTo("must");
        assertThat(Row.atLeast("w", "rate", 1_999, "/s", 2_000, 3_500, "").verdict())
                .isEqualTo("MISSED");
        assertThat(Row.fact("w", "size", 1, "kB", "").verdict()).isEmpty();
    }

    @Test
    void theTableShowsRowsAndFailures() {
        var report = new Report(System.err);
        report.add(Row.atMost("start", "StartExecution, p50", 2.345, "ms", 4, 2.5, "how it was"));
        report.failed("pass", "nobody answered");
        var out = new ByteArrayOutputStream();
        report.printTable(new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("2.35 ms")
                .contains("goal")
                .contains("how it was")
                .contains("FAILED pass: nobody answered");
    }
}
