package io.stepstream.asl.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WildcardTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            foo*.log   | foo23.log | true
            foo*.log   | foo.log   | true
            foo*.log   | foo.logs  | false
            *          | ``        | true
            ``         | ``        | true
            ``         | a         | false
            a*a        | a         | false
            a*a        | aa        | true
            *ab*ab*    | xababx    | true
            *ab*ab*    | xabx      | false
            *aab*      | aaab      | true
            a\\*b      | a*b       | true
            a\\*b      | aXb       | false
            a\\\\*     | a\\xyz    | true
            a\\\\*     | axyz      | false
            A*         | abc       | false
            """)
    void aStarIsAnyRun(String pattern, String text, boolean matches) {
        assertThat(Wildcard.compile(pattern).matches(text)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\", "a\\b", "*\\"})
    void aBackslashEscapesOnlyStarsAndItself(String pattern) {
        assertThatThrownBy(() -> Wildcard.compile(pattern)).isInstanceOf(IllegalArgumentException.class);
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void itAgreesWithRegularExpressions(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            var pattern = letters(random, "ab*", 6);
            var text = letters(random, "ab", 10);

            assertThat(Wildcard.compile(pattern).matches(text))
                    .as("%s against %s", text, pattern)
                    .isEqualTo(Pattern.matches(pattern.replace("*", ".*"), text));
        }
    }

    private static String letters(Random random, String alphabet, int most) {
        var text = new StringBuilder();
        int length = random.nextInt(most + 1);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** Quadratic matching would take minutes. */
    @Test
    void aHostilePatternStaysLinear() {
        var text = "a".repeat(250_000);

        assertThat(Wildcard.compile("*" + "a".repeat(120_000) + "b*").matches(text))
                .isFalse();
        assertThat(Wildcard.compile("*a".repeat(100_000) + "b").matches(text)).isFalse();
    }
}
