package io.stepstream.engine;

import io.stepstream.asl.run.RunLimits;

/**
 * What executions may use up, and how long their names are remembered.
 *
 * @param run limits of a single execution
 * @param rememberedOffsets for how many offsets of {@code commands} a partition remembers the names of closed executions and
 *     the answers that they accepted; before that, the views know them
 */
public record Limits(RunLimits run, long rememberedOffsets) {

    public static final Limits DEFAULTS = new Limits(RunLimits.DEFAULTS, 65_536);

    public Limits {
        if (rememberedOffsets < 1) {
            throw new IllegalArgumentException("Expected to remember closed names for a while, but not at all");
        }
    }
}
