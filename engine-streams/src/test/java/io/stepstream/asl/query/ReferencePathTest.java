package io.stepstream.asl.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferencePathTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'a':1}              | $          | 9
            {'a':1}              | $.a        | {'a':9}
            {'a':1}              | $.b        | {'a':1,'b':9}
            {'a':1}              | $.b.c.d    | {'a':1,'b':{'c':{'d':9}}}
            {'a':{'x':1}}        | $.a.y      | {'a':{'x':1,'y':9}}
            {'a':[1,{'x':2}]}    | $.a[0]     | {'a':[9,{'x':2}]}
            {'a':[1,{'x':2}]}    | $.a[1].y   | {'a':[1,{'x':2,'y':9}]}
            {}                   | $['a b']   | {'a b':9}
            """)
    void aResultIsWrittenIntoACopy(String root, String path, String expected) throws AslFailure {
        var before = Envs.json(root);

        assertThat(ReferencePath.compile(path).write(before, Envs.json("9"))).isEqualTo(Envs.json(expected));
        assertThat(before).isEqualTo(Envs.json(root));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'a':1}      | $.a.b
            {'a':null}   | $.a.b
            'text'       | $.a
            [1]          | $.a
            {'a':[1]}    | $.a[1]
            {'a':{}}     | $.a[0]
            {}           | $.a[0]
            """)
    void aPlaceThatCannotBeMadeFails(String root, String path) {
        assertThatThrownBy(() -> ReferencePath.compile(path).write(Envs.json(root), Envs.json("9")))
                .isInstanceOfSatisfying(
                        AslFailure.class,
                        failure -> assertThat(failure.error()).isEqualTo("States.ResultPathMatchFailure"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$.a[*]", "$..a", "$.a[0:1]", "$.a[0,1]", "$.a[?(@.b == 1)]", "$.*", "a", "$['a','b']"})
    void aPathToSeveralNodesIsNoReferencePath(String text) {
        assertThatThrownBy(() -> ReferencePath.compile(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
