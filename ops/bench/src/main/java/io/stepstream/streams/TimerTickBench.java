package io.stepstream.streams;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.TimerRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A tick of the timers when nothing is due: it is to cost the same however many are open. Stands in the package of the engine's
 * topology, since nobody else sees its timers. The rows are in RocksDB, as they are in the engine.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TimerTickBench {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration FIRST_DUE = Duration.ofDays(1);
    private static final String ARN = "arn:aws:states:us-east-1:123456789012:execution:bench:";
    private static final int AT_ONCE = 1_000;

    /** Rows of one write, as of one decision or a few. */
    private static final int KEPT_TOGETHER = 1_000;

    @Param({"1000", "1000000"})
    public int open;

    private Path directory = Path.of("");
    private KeyValueStore<Bytes, byte[]> store = memory();
    private TimerIndex<ExecutionCommand> index = index(store);
    private long clock = NOW.toEpochMilli();

    @Setup
    public void openTimers() throws IOException {
        directory = Files.createTempDirectory("stepstream-timers");
        store = Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore("timers"), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .withCachingDisabled()
                .build();
        var settings = new Properties();
        settings.putAll(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                "bench",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                "none:1",
                StreamsConfig.STATE_DIR_CONFIG,
                directory.toString()));
        var context = new MockProcessorContext<Void, Void>(settings, new TaskId(0, 0), directory.toFile());
        store.init(context.getStateStoreContext(), store);
        index = index(store);
        for (int i = 0; i < open; i++) {
            var due = NOW.plus(FIRST_DUE).plusMillis(i);
            var timer = new TimerRef(i, 1, 1, TimerRef.Kind.WAIT);
            index.timers().set(due, ARN + i, "WAIT " + i + " 1 1", new ExecutionCommand.TimerDue(ARN + i, timer, due));
            if (i % KEPT_TOGETHER == KEPT_TOGETHER - 1) {
                index.keep();
            }
        }
        index.keep();
    }

    @TearDown
    public void close() throws IOException {
        store.close();
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static KeyValueStore<Bytes, byte[]> memory() {
        return Stores.inMemoryKeyValueStore("none").get();
    }

    private static TimerIndex<ExecutionCommand> index(KeyValueStore<Bytes, byte[]> store) {
        return new TimerIndex<>(
                store,
                (key, command, confirmed) -> {
                    throw new IllegalStateException("Expected nothing to be due, but " + Json.text(command));
                },
                AT_ONCE);
    }

    @Benchmark
    public long nothingDue() {
        index.tick(clock++);
        return index.nextTick(clock);
    }

    /** The first tick after a restart, which does not know yet when the next one is due. */
    @Benchmark
    public long nothingDueAfterARestart() {
        var restarted = index(store);
        restarted.tick(clock++);
        return restarted.nextTick(clock);
    }

    /** A timer is set and taken back, and nothing is due. */
    @Benchmark
    public long setAndCancelled() {
        var due = NOW.plus(FIRST_DUE).minusSeconds(1);
        var timer = new TimerRef(0, 1, 2, TimerRef.Kind.WAIT);
        index.timers().set(due, ARN, "WAIT 0 1 2", new ExecutionCommand.TimerDue(ARN, timer, due));
        index.keep();
        index.timers().cancel(due, ARN, "WAIT 0 1 2");
        index.keep();
        index.tick(clock++);
        return index.nextTick(clock);
    }
}
