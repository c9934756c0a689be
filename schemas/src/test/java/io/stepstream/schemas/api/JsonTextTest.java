package io.stepstream.schemas.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "2",
                "-1.5e300",
                "\"text\"",
                "null",
                "true",
                " \n{ \"a\" : [1, {\"b\":null}] }\t",
                "\"\\ud83d\\ude00\"",
                "\"😀\"",
                "{\"a\":1,\"a\":2}"
            })
    void anyJsonValueIsJson(String text) {
        assertThat(JsonText.problem(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[1,]",
                "{\"a\":}",
                "{'a':1}",
                "{a:1}",
                "01",
                "NaN",
                "1 2",
                "{} {}",
                "{}x",
                "[]]",
                "\"a",
                "\"\\x\"",
                "\"\u0001\"",
                "// c\n1",
                "\"\\ud800\"",
                "{\"\\udc00\":1}",
                "tru"
            })
    void anythingElseIsNot(String text) {
        assertThat(JsonText.problem(text)).isPresent();
    }

    @Test
    void theProblemIsToldInJacksonsWordsWithoutThePlace() {
        assertThat(JsonText.problem("not some json"))
                .contains("Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null',"
                        + " 'true' or 'false')");
    }

    @Test
    void textNestedTooDeeplyIsRefusedAndNotFollowed() {
        var fine = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
        assertThat(JsonText.problem(fine)).isEmpty();
        assertThat(JsonText.problem("[" + fine + "]")).isPresent();
        assertThat(JsonText.problem("[".repeat(1_000_000))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "äöü", "注文", "😀a😀", "\u07ff\u0800\uffff"})
    void lengthInUtf8IsThatOfTheBytes(String text) {
        assertThat(JsonText.utf8Length(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }
}
