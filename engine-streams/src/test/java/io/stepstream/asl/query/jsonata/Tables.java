package io.stepstream.asl.query.jsonata;

import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** Test cases as text: a line each, its columns parted by {@code =>}. */
final class Tables {

    private Tables() {}

    static List<Arguments> of(String table) {
        return table.lines()
                .filter(line -> !line.isBlank())
                .map(line -> Arguments.of((Object[]) line.strip().split("\\s+=>\\s+", -1)))
                .toList();
    }
}
