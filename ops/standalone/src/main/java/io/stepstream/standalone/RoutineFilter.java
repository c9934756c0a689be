package io.stepstream.standalone;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Keeps one piece of the broker's routine out of the log: a producer's next transaction may begin while the markers of the last
 * one are being written; the broker then refuses its first batches as out of order, logs that as an error with a stack trace,
 * and the producer sends them again.
 */
public final class RoutineFilter extends Filter<ILoggingEvent> {

    private static final String LOGGER = "kafka.server.ReplicaManager";
    private static final String FAILURE = "org.apache.kafka.common.errors.OutOfOrderSequenceException";

    @Override
    public FilterReply decide(ILoggingEvent event) {
        var failure = event.getThrowableProxy();
        return event.getLoggerName().equals(LOGGER)
                        && failure != null
                        && failure.getClassName().equals(FAILURE)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
