package io.stepstream.gateway.shape;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * One shape of the service model with the shapes it refers to.
 *
 * @param min least length of text or list, least value of a number
 * @param max greatest length or value
 * @param allowed the values of an enum; empty for any other shape
 * @param sensitive whether its values stay out of messages and logs
 * @param members a structure's, in the model's order
 * @param required names of the members that a structure must have
 * @param element what a list or map holds
 */
public record Shape(
        String name,
        Kind kind,
        OptionalLong min,
        OptionalLong max,
        Optional<Pattern> pattern,
        List<String> allowed,
        boolean sensitive,
        Map<String, Shape> members,
        List<String> required,
        Optional<Shape> element) {

    /** What a value looks like in JSON; a timestamp is a number of seconds. */
    public enum Kind {
        STRUCTURE,
        LIST,
        MAP,
        STRING,
        INTEGER,
        LONG,
        FLOAT,
        BOOLEAN,
        TIMESTAMP
    }

    public Shape {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        allowed = List.copyOf(allowed);
        required = List.copyOf(required);
    }
}
