package io.stepstream.asl.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {

    @ParameterizedTest
    @CsvSource({
        "2016-03-14T01:59:00Z, 2016-03-14T01:59:00Z",
        "2016-03-14T01:59:00.5Z, 2016-03-14T01:59:00.500Z",
        "2016-03-14T01:59:00.1234567891234Z, 2016-03-14T01:59:00.123456789Z",
        "2016-03-14T01:59:00+02:00, 2016-03-13T23:59:00Z",
        "2016-03-14T01:59:00.000-05:30, 2016-03-14T07:29:00Z"
    })
    void aTimestampIsRead(String text, String instant) {
        assertThat(Rfc3339.parse(text)).contains(Instant.parse(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2016-03-14",
                "2016-03-14T01:59:00",
                "2016-03-14 01:59:00Z",
                "2016-03-14t01:59:00Z",
                "2016-03-14T01:59:00z",
                "2016-13-14T01:59:00Z",
                "2016-02-30T01:59:00Z",
                "2016-03-14T25:59:00Z",
                "2016-03-14T01:59Z",
                "2016-03-14T01:59:00.Z",
                "2016-03-14T01:59:00+0200",
                "2016-03-14T01:59:00+25:00",
                "05-12-2016T21:29:29Z",
                "２016-03-14T01:59:00Z",
                "2016-03-14T01:59:00Z "
            })
    void whatIsNoTimestampIsNone(String text) {
        assertThat(Rfc3339.parse(text)).isEmpty();
    }
}
