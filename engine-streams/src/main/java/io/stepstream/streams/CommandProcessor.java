package io.stepstream.streams;

import io.stepstream.engine.Decider;
import io.stepstream.engine.Decision;
import io.stepstream.engine.Entropy;
import io.stepstream.engine.ExecutionDecider;
import io.stepstream.engine.Moment;
import io.stepstream.engine.Table;
import io.stepstream.engine.Timers;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.topic.Position;
import io.stepstream.schemas.topic.RejectedHeaders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the commands of one partition with a decider: rows, events and statuses go into the task's transaction, effects
 * leave at once. The same for every part of the engine.
 *
 * <p>Streams initialises the same object again when it revives a task, so {@link #init} makes everything anew.
 */
final class CommandProcessor<C> implements Processor<byte[], byte[], SinkKey, byte @Nullable []> {

    static final String META = "meta";
    static final String POSITIONS = "positions";
    static final String TIMERS = "timers";

    /** A timer that lies further away than this is looked at again in between. */
    private static final long LONGEST_WAIT_MILLIS = Duration.ofHours(1).toMillis();

    private static final Logger LOG = LoggerFactory.getLogger(CommandProcessor.class);

    private final Part<C> part;
    private final Surroundings surroundings;
    private @Nullable Task task;

    /** What all tasks share. {@code effects} gives the calling stream thread's producer. */
    record Surroundings(
            EngineConfig config,
            EffectRouter router,
            InputLogs logs,
            Supplier<EffectsProducer> effects,
            EffectWorkers workers) {}

    CommandProcessor(Part<C> part, Surroundings surroundings) {
        this.part = part;
        this.surroundings = surroundings;
    }

    @Override
    public void init(ProcessorContext<SinkKey, byte @Nullable []> context) {
        task = new Task(context);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Objects.requireNonNull(task).process(record);
    }

    @Override
    public void close() {
        if (task != null) {
            task.calls.ifPresent(PartitionCalls::release);
        }
    }

    /** One life of a task: from its initialisation to its end or revival. */
    private final class Task implements Decider.Rows<C> {

        private final ProcessorContext<SinkKey, byte @Nullable []> context;
        private final int partition;
        private final byte[] secret;
        private final Decider<C> decider;
        private final LogGuard guard;
        private final KeyValueStore<Bytes, byte[]> positions;
        private final TimerIndex<C> timers;
        private final Timers<C> timersOfDecision;
        private final Map<String, BufferedStore> tables = new LinkedHashMap<>();
        private final Optional<PartitionCalls> calls;
        private final Sensor rejected;

        /** When this task's punctuations come, in milliseconds of the wall clock. */
        private final TreeSet<Long> wakeUps = new TreeSet<>();

        Task(ProcessorContext<SinkKey, byte @Nullable []> context) {
            this.context = context;
            this.partition = context.taskId().partition();
            this.secret = surroundings.config().secret();
            this.decider = part.deciders().get();
            KeyValueStore<Bytes, byte[]> meta = context.getStateStore(part.store(META));
            this.guard = new LogGuard(meta, part.input(), partition, surroundings.logs());
            this.positions = context.getStateStore(part.store(POSITIONS));
            this.timers = new TimerIndex<>(
                    context.getStateStore(part.store(TIMERS)),
                    (key, command, confirmed) -> surroundings
                            .effects()
                            .get()
                            .add(new ProducerRecord<>(part.input(), partition, key, command), confirmed),
                    surroundings.config().get(EngineConfig.TIMERS_AT_ONCE));
            this.timersOfDecision = timers.timers();
            for (var table : part.tables()) {
                tables.put(table, new BufferedStore(context.getStateStore(part.store(table))));
            }
            this.calls = part.tables().contains(ExecutionDecider.CALLS)
                    ? Optional.of(new PartitionCalls(
                            context.getStateStore(part.store(ExecutionDecider.CALLS)),
                            surroundings.workers(),
                            guard.lastOffset(),
                            surroundings.logs().endOffset(part.input(), partition)))
                    : Optional.empty();
            this.rejected = context.metrics()
                    .addRateTotalSensor(
                            "stepstream", context.taskId().toString(), "rejected", Sensor.RecordingLevel.INFO);
            wakeUp();
        }

        @Override
        public Table table(String name) {
            var table = tables.get(name);
            if (table == null) {
                throw new IllegalStateException("Expected one of the tables " + part.tables() + ", but " + name);
            }
            return table;
        }

        @Override
        public Timers<C> timers() {
            return timersOfDecision;
        }

        void process(Record<byte[], byte[]> record) {
            var metadata = context.recordMetadata().orElseThrow();
            long offset = metadata.offset();
            if (!guard.isNext(offset)) {
                return;
            }
            var now = guard.moment(record.timestamp());
            apply(record, offset, now);
            guard.applied(offset, now);
            calls.ifPresent(waiting -> waiting.applied(offset));
            wakeUp();
        }

        private void apply(Record<byte[], byte[]> record, long offset, Instant now) {
            C command;
            Optional<Position> position;
            try {
                command = decode(record);
                position = position(record);
            } catch (IOException e) {
                reject(record, offset, e);
                return;
            }
            if (position.isPresent() && !isNew(position.get())) {
                return;
            }
            if (command instanceof ExecutionCommand.SemanticsRaised raised) {
                guard.raise(raised.semantics());
                return;
            }
            decide(new String(record.key(), StandardCharsets.UTF_8), command, offset, now);
        }

        private C decode(Record<byte[], byte[]> record) throws IOException {
            if (record.key() == null || record.value() == null) {
                throw new IOException("Expected a record with key and value, but it lacks one");
            }
            var command = Json.read(record.value(), part.family());
            if (command == null) {
                throw new IOException("Expected a command, but null");
            }
            return command;
        }

        private Optional<Position> position(Record<byte[], byte[]> record) throws IOException {
            var header = record.headers().lastHeader(Position.HEADER);
            if (header == null) {
                return Optional.empty();
            }
            var text = new String(header.value(), StandardCharsets.UTF_8);
            var position = Position.parse(text);
            if (position.isEmpty()) {
                throw new IOException("Expected a position in the header " + Position.HEADER + ", but " + text);
            }
            return position;
        }

        /** Whether the effect was not seen before; it is from here on. */
        private boolean isNew(Position position) {
            var source = Bytes.wrap(position.source().getBytes(StandardCharsets.UTF_8));
            var held = positions.get(source);
            if (held != null) {
                var in = ByteBuffer.wrap(held);
                var highest = new Position(position.source(), in.getLong(), in.getInt());
                if (position.compareTo(highest) <= 0) {
                    return false;
                }
            }
            positions.put(
                    source,
                    ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                            .putLong(position.offset())
                            .putInt(position.index())
                            .array());
            return true;
        }

        private void decide(String key, C command, long offset, Instant now) {
            EffectRouter.Routed routed;
            try {
                routed = route(decider.decide(key, command, moment(offset, now), this), offset, now);
            } catch (IllegalStateException bug) {
                drop();
                LOG.error("Could not decide {} for {} at offset {}", command.getClass(), key, offset, bug);
                routed = route(decider.failed(key, command, moment(offset, now), this, bug), offset, now);
            }
            keep();
            boolean registered = false;
            for (var output : routed.outputs()) {
                context.forward(output.record(), part.store(output.sink()));
                registered |= output.sink().equals(EffectRouter.REGISTRY);
            }
            var effects = surroundings.effects().get();
            routed.effects().forEach(effects::add);
            for (var call : routed.calls()) {
                calls.orElseThrow(() -> new IllegalStateException("Expected a table for calls, but there is none"))
                        .route(call);
            }
            if (registered) {
                // rare, and clients read their own writes
                context.commit();
            }
        }

        private Moment moment(long offset, Instant now) {
            return new Moment(now, partition, offset, new Entropy(secret, part.input(), partition, offset));
        }

        private EffectRouter.Routed route(Decision decision, long offset, Instant now) {
            return surroundings.router().route(decision, partition, guard.source(), offset, now);
        }

        private void keep() {
            tables.values().forEach(BufferedStore::keep);
            timers.keep();
        }

        private void drop() {
            tables.values().forEach(BufferedStore::drop);
            timers.drop();
        }

        private void reject(Record<byte[], byte[]> record, long offset, IOException reason) {
            LOG.warn("Rejected the record at offset {} of {}-{}", offset, part.input(), partition, reason);
            rejected.record();
            var headers = new RecordHeaders(record.headers());
            add(headers, RejectedHeaders.REASON, String.valueOf(reason.getMessage()));
            add(headers, RejectedHeaders.ORIGIN, part.input() + "-" + partition + "-" + offset);
            var key = record.key() == null ? null : Bytes.wrap(record.key());
            context.forward(
                    new Record<>(new SinkKey(SinkKey.ANY_PARTITION, key), record.value(), record.timestamp(), headers),
                    part.store(EffectRouter.REJECTED));
        }

        private static void add(RecordHeaders headers, String name, String value) {
            headers.add(name, value.getBytes(StandardCharsets.UTF_8));
        }

        /**
         * Asks for a punctuation when the timers next want one, unless an earlier one comes anyway. Not at fixed
         * intervals: each punctuation makes Streams commit, be there anything to commit or not.
         */
        private void wakeUp() {
            long wall = context.currentSystemTimeMs();
            long wanted = Math.min(
                    timers.nextTick(wall),
                    calls.map(waiting -> waiting.nextTick(wall)).orElse(PartitionCalls.NEVER));
            if (wanted == TimerIndex.NEVER) {
                return;
            }
            long at = Math.max(wall + 1, Math.min(wanted, wall + LONGEST_WAIT_MILLIS));
            if (!wakeUps.isEmpty() && wakeUps.first() <= at) {
                return;
            }
            wakeUps.add(at);
            var schedule = new Schedule();
            schedule.cancellable =
                    context.schedule(Duration.ofMillis(at - wall), PunctuationType.WALL_CLOCK_TIME, time -> {
                        schedule.cancel();
                        wakeUps.remove(at);
                        timers.tick(time);
                        calls.ifPresent(PartitionCalls::tick);
                        surroundings.effects().get().flush();
                        wakeUp();
                    });
        }
    }

    /** Lets a punctuation end its own repetition. */
    private static final class Schedule {
        private @Nullable Cancellable cancellable;

        void cancel() {
            Objects.requireNonNull(cancellable).cancel();
        }
    }
}
