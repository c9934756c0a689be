package io.stepstream.standalone;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Keeps what repairs itself out of the log, where Kafka tells it as a warning or an error with a stack trace.
 *
 * <ul>
 *   <li>A producer's next transaction may begin while the markers of the last one are being written; the broker then refuses
 *       its first batches as out of order, and the producer sends them again.
 *   <li>After kill -9 the engine's stores may hold what was never committed: they are wiped and restored from the log.
 * </ul>
 */
public final class RoutineFilter extends Filter<ILoggingEvent> {

    private static final String BROKER = "kafka.server.ReplicaManager";
    private static final String OUT_OF_ORDER = "org.apache.kafka.common.errors.OutOfOrderSequenceException";
    private static final String STREAMS = "org.apache.kafka.streams.processor.internals.";
    private static final String CORRUPTED = "org.apache.kafka.streams.errors.TaskCorruptedException";

    @Override
    public FilterReply decide(ILoggingEvent event) {
        var failure = event.getThrowableProxy();
        var name = failure == null ? "" : failure.getClassName();
        boolean routine = event.getLoggerName().equals(BROKER)
                ? name.equals(OUT_OF_ORDER)
                : event.getLoggerName().startsWith(STREAMS)
                        && (name.equals(CORRUPTED)
                                || event.getFormattedMessage().contains(CORRUPTED));
        return routine ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
