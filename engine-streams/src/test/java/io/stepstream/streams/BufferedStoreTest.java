package io.stepstream.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class BufferedStoreTest {

    private final MapStore rows = new MapStore();
    private final BufferedStore store = new BufferedStore(rows);

    private void put(String key, String value) {
        store.put(key, value.getBytes(StandardCharsets.UTF_8));
    }

    private String get(String key) {
        var value = store.get(key);
        return value == null ? "none" : new String(value, StandardCharsets.UTF_8);
    }

    private List<String> scan(String from, String to, int most) {
        var seen = new ArrayList<String>();
        if (most > 0) {
            store.scan(from, to, (key, value) -> {
                seen.add(key + "=" + new String(value, StandardCharsets.UTF_8));
                return seen.size() < most;
            });
        }
        return seen;
    }

    @Test
    void whatWasWrittenIsReadBackAtOnceAndKeptTogether() {
        put("a", "1");
        put("b", "2");
        store.keep();
        put("a", "3");
        store.delete("b");

        assertThat(get("a")).isEqualTo("3");
        assertThat(get("b")).isEqualTo("none");
        assertThat(rows.rows).hasSize(2);

        store.keep();
        assertThat(rows.rows).hasSize(1);
    }

    @Test
    void whatIsDroppedWasNeverWritten() {
        put("a", "1");
        store.keep();
        put("a", "2");
        put("b", "2");
        store.delete("a");
        store.drop();
        store.keep();

        assertThat(get("a")).isEqualTo("1");
        assertThat(get("b")).isEqualTo("none");
    }

    @Test
    void aScanEndsBeforeItsEnd() {
        put("a", "1");
        put("b", "2");
        store.keep();
        put("c", "3");

        assertThat(scan("a", "c", 9)).containsExactly("a=1", "b=2");
        assertThat(scan("c", "a", 9)).isEmpty();
    }

    @Test
    void keysAreOrderedByTheirBytes() {
        put("\uD83D\uDE00", "four bytes of UTF-8");
        put("\uFFEE", "three bytes, yet a higher char");
        store.keep();

        assertThat(scan("a", "\uDBFF\uDFFF", 1)).containsExactly("\uFFEE=three bytes, yet a higher char");
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aScanSeesRowsAndBufferAsOne(long seed) {
        var random = new Random(seed);
        var model = new TreeMap<String, String>();
        for (int step = 0; step < 60; step++) {
            var key = String.valueOf((char) ('a' + random.nextInt(12)));
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    put(key, Integer.toString(step));
                    model.put(key, Integer.toString(step));
                }
                case 2 -> {
                    store.delete(key);
                    model.remove(key);
                }
                case 3 -> store.keep();
                default -> {
                    var end = String.valueOf((char) (key.charAt(0) + random.nextInt(12)));
                    int most = 1 + random.nextInt(9);
                    var expected = model.subMap(key, end).entrySet().stream()
                            .limit(most)
                            .map(row -> row.getKey() + "=" + row.getValue())
                            .toList();
                    assertThat(scan(key, end, most)).isEqualTo(expected);
                }
            }
        }
    }
}
