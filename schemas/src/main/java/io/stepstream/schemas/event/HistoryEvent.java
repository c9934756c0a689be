package io.stepstream.schemas.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * One event of an execution's history.
 *
 * @param id counts from 1 without gaps within the execution
 * @param previousEventId the event that led to this one in its own branch or iteration; 0 for none
 * @param timestamp the deciding command's time, in milliseconds; never before that of the event with the next lower id
 * @param details members as in AWS's service model, absent for the types that have none
 */
public record HistoryEvent(
        long id, long previousEventId, Instant timestamp, HistoryEventType type, Optional<ObjectNode> details) {}
