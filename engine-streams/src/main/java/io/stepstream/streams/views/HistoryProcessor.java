package io.stepstream.streams.views;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Puts each event where its key says, unread: this runs several times for every execution. */
final class HistoryProcessor extends ContextualProcessor<byte[], byte @Nullable [], Void, Void> {

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else
    private KeyValueStore<Bytes, byte @Nullable []> history;

    @Override
    public void init(org.apache.kafka.streams.processor.api.ProcessorContext<Void, Void> context) {
        super.init(context);
        history = context.getStateStore(ViewsTopology.HISTORY);
    }

    @Override
    public void process(Record<byte[], byte @Nullable []> record) {
        history.put(Bytes.wrap(record.key()), record.value());
    }
}
