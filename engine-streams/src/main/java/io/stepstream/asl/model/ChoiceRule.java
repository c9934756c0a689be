package io.stepstream.asl.model;

/** A top-level rule of a Choice: where its condition holds, {@code next} follows. */
public record ChoiceRule(Condition condition, String next) {}
