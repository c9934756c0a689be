package io.stepstream.schemas.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ", "a b", "<", ">", "{", "}", "[", "]", "?", "*", "\"", "#", "%", "\\", "^", "|", "~", "`", "$", "&",
                ",", ";", ":", "/", "\u0000", "\u001f", "\u007f", "\u009f", "\u00a0", "\t", "\ufffe", "\uffff",
                "\ud800", "a\udc00"
            })
    void aRefusedCharacterMakesANameInvalid(String name) {
        assertThatThrownBy(() -> Names.require(name)).isInstanceOfSatisfying(ApiException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.InvalidName);
            assertThat(e.message()).isEqualTo("Invalid Name: '" + name + "'");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b-c_d", "0", "täglich", "注文", "😀", "(a)=b+c@d!'"})
    void letterDigitsAndTheOtherPunctuationAreFine(String name) {
        assertThat(Names.require(name)).isEqualTo(name);
    }

    @Test
    void aNameHasOneToEightyCharacters() {
        assertThat(Names.isLegal("")).isFalse();
        assertThat(Names.isLegal("a".repeat(80))).isTrue();
        assertThat(Names.isLegal("a".repeat(81))).isFalse();
    }
}
