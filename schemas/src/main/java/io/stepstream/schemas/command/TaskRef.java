package io.stepstream.schemas.command;

/**
 * Which awaited task of an execution is meant.
 *
 * @param startOffset offset of the StartExecution command in its partition of {@code commands}: tells an execution from
 *     an earlier one of the same name
 * @param scope the scope (the root, a Parallel branch or a Map iteration) that awaits it
 * @param stamp the number of the wait within the execution; a late answer carries an older one and changes nothing
 */
public record TaskRef(long startOffset, long scope, long stamp) {}
