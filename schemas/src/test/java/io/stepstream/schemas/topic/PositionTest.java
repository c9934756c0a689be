package io.stepstream.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {

    @Test
    void theHeaderComesBackAsItWent() {
        var position = new Position("AbC_d-3", 42, 7);

        assertThat(Position.parse(position.text())).hasValue(position);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a/b/c", "a/1", "a/1/2/3", "a/1/x", "a/99999999999999999999/0"})
    void otherTextIsNone(String text) {
        assertThat(Position.parse(text)).isEmpty();
    }

    @Test
    void theOffsetOrdersBeforeTheIndex() {
        assertThat(new Position("s", 1, 9)).isLessThan(new Position("s", 2, 0));
        assertThat(new Position("s", 2, 0)).isLessThan(new Position("s", 2, 1));
    }
}
