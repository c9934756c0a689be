package io.stepstream.streams;

import io.stepstream.engine.Decider;
import java.util.List;
import java.util.function.Supplier;

/**
 * One of the engine's parts: an input topic, what decides its commands and the tables that it decides on. Becomes one
 * sub-topology with one task for each partition.
 *
 * @param name begins the names of its stores and thus of their changelogs; never changes
 * @param input the topic, without the prefix's help: its full name
 * @param family what its records are
 * @param tables names that the decider asks its rows for; never change
 * @param deciders asked for a new one for each task
 */
public record Part<C>(
        String name, String input, Class<C> family, List<String> tables, Supplier<? extends Decider<C>> deciders) {

    public Part {
        tables = List.copyOf(tables);
    }

    /** Name of the store behind a table, or of one of the processor's own: {@code meta}, {@code positions}, {@code timers}. */
    String store(String table) {
        return name + "-" + table;
    }
}
