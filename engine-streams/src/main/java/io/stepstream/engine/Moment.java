package io.stepstream.engine;

import java.time.Instant;

/**
 * When and where a command is decided; nothing else of the world reaches a decider.
 *
 * @param now the record's LogAppendTime, never before that of an earlier record of the partition; in milliseconds
 * @param offset the record's offset in its partition
 */
public record Moment(Instant now, int partition, long offset, Entropy entropy) {}
