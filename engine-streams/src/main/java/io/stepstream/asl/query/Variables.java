package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** What {@code $name} means to a state: the values as they were when it was entered. */
@FunctionalInterface
public interface Variables {

    Variables NONE = name -> Optional.empty();

    /** Empty for a variable that nobody has assigned. */
    Optional<JsonNode> get(String name);
}
