package io.stepstream.asl.model;

import io.stepstream.asl.query.Assign;
import io.stepstream.asl.query.jsonata.JsonataTemplate;
import java.util.Optional;

/** A top-level rule of a Choice: where its condition holds, {@code next} follows. */
public record ChoiceRule(Condition condition, String next, Optional<Assign> assign, Optional<JsonataTemplate> output) {}
