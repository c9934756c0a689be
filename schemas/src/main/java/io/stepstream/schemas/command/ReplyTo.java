package io.stepstream.schemas.command;

/**
 * Where the answer to a command goes: the partition of {@code replies} that the asking gateway reads, and the id by
 * which it knows the call. A gateway drops answers whose id it no longer holds.
 */
public record ReplyTo(int partition, String correlationId) {}
