package io.stepstream.asl.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Payload;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeNumberTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0    | 0
            17   | 17
            "17" | 17
            "0"  | 0
            """)
    void aNumberMayBeWrittenAsAString(String json, long expected) throws Exception {
        assertThat(WholeNumber.read(Payload.parse(json), "SecondsPath", "$.s")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1.5                     | The SecondsPath parameter cannot be parsed as a long value: $.s == 1.5
            1.0                     | The SecondsPath parameter cannot be parsed as a long value: $.s == 1.0
            "1.5"                   | The SecondsPath parameter cannot be parsed as a long value: $.s == 1.5
            "abc"                   | The SecondsPath parameter cannot be parsed as a long value: $.s == abc
            "1111111111111111111111" | The SecondsPath parameter cannot be parsed as a long value: $.s == 1111111111111111111111
            {"a":1}                 | The SecondsPath parameter cannot be parsed as a long value: $.s == {"a":1}
            null                    | The SecondsPath parameter cannot be parsed as a long value: $.s == null
            -1                      | The SecondsPath parameter references a negative value: $.s == -1
            "-1"                    | The SecondsPath parameter references a negative value: $.s == -1
            """)
    void allElseFailsInAwsWords(String json, String cause) throws Exception {
        var value = Payload.parse(json);
        assertThatThrownBy(() -> WholeNumber.read(value, "SecondsPath", "$.s"))
                .isInstanceOfSatisfying(AslFailure.class, failure -> {
                    assertThat(failure.error()).isEqualTo("States.Runtime");
                    assertThat(failure.causeText()).isEqualTo(cause);
                });
    }
}
