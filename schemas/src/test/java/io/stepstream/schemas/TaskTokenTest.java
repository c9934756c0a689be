package io.stepstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.command.TaskRef;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTokenTest {

    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);
    private static final TaskToken TOKEN = new TaskToken(
            "arn:aws:states:us-east-1:123456789012:execution:m:e", new TaskRef(42, 3, 17), 2, Optional.of("worker\n1"));

    @Test
    void aTokenComesBackAsItWent() {
        assertThat(TaskToken.verify(TOKEN.sign(SECRET), SECRET)).hasValue(TOKEN);
    }

    @Test
    void aTokenWithoutWorkerNameComesBackAsItWent() {
        var token = new TaskToken(TOKEN.executionArn(), TOKEN.task(), 1, Optional.empty());

        assertThat(TaskToken.verify(token.sign(SECRET), SECRET)).hasValue(token);
    }

    @Test
    void aTokenOfAnotherClusterIsNone() {
        assertThat(TaskToken.verify(TOKEN.sign("other".getBytes(StandardCharsets.UTF_8)), SECRET))
                .isEmpty();
    }

    @Test
    void aTokenOfWhichOneBitWasChangedIsNone() {
        var bytes = Base64.getUrlDecoder().decode(TOKEN.sign(SECRET));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            var altered = bytes.clone();
            altered[bit / 8] ^= (byte) (1 << (bit % 8));
            var text = Base64.getUrlEncoder().withoutPadding().encodeToString(altered);
            assertThat(TaskToken.verify(text, SECRET)).as("bit %s", bit).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "garbage", "!!!", "AAAA", "ä", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void garbageIsNoToken(String text) {
        assertThat(TaskToken.verify(text, SECRET)).isEmpty();
    }

    @Test
    void aTokenOfTheLongestNamesIsShortEnoughForTheApi() {
        var longest = new TaskToken(
                "arn:aws-us-gov:states:us-gov-west-1:123456789012:execution:" + "ä".repeat(80) + ":" + "ü".repeat(80),
                new TaskRef(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
                Long.MAX_VALUE,
                Optional.of("ö".repeat(80)));

        assertThat(longest.sign(SECRET)).hasSizeLessThanOrEqualTo(2_048);
    }
}
