package io.stepstream.schemas.topic;

import java.util.Optional;

/**
 * Where an effect comes from: the record that was decided and which of its effects this is. Sources are written in order and
 * without gaps, so a receiver that has seen a position of a source has seen all before it and drops what is not above.
 *
 * @param source the source partition, unique for ever: {@code <topic id>-<partition>}
 * @param offset offset of the decided record
 * @param index number of the effect within the decision, from 0
 */
public record Position(String source, long offset, int index) implements Comparable<Position> {

    /** Name of the record header that carries a position as text. */
    public static final String HEADER = "stepstream-position";

    /** The header's text: {@code <source>/<offset>/<index>}. */
    public String text() {
        return source + "/" + offset + "/" + index;
    }

    /** Empty for text that is no position. */
    public static Optional<Position> parse(String text) {
        var parts = text.split("/", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Position(parts[0], Long.parseLong(parts[1]), Integer.parseInt(parts[2])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Order within one source. */
    @Override
    public int compareTo(Position other) {
        int byOffset = Long.compare(offset, other.offset);
        return byOffset != 0 ? byOffset : Integer.compare(index, other.index);
    }
}
