package io.stepstream.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.event.EventRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream thread dies at each place where that could lose or double something; nothing is lost or doubled. */
@Timeout(120)
final class CrashIT {

    private static final int COMMANDS = 60;

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startKafka(@TempDir Path folder) {
        kafka = EmbeddedKafka.start(folder);
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    /** Lets the thread die at the second and at the fifth time that it passes the point, once it is armed. */
    private static final class DiesTwice implements Failpoints {
        private final Point where;
        private final AtomicInteger passes = new AtomicInteger();
        private final AtomicInteger deaths = new AtomicInteger();
        private volatile boolean armed;

        DiesTwice(Point where) {
            this.where = where;
        }

        @Override
        public void at(Point point) {
            if (armed && point == where) {
                int pass = passes.incrementAndGet();
                if (pass == 2 || pass == 5) {
                    deaths.incrementAndGet();
                    throw new KafkaException("the thread dies here: " + point);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Failpoints.Point.class)
    void aCrashLosesAndDoublesNothing(Failpoints.Point where, @TempDir Path folder) throws Exception {
        var dies = new DiesTwice(where);
        var world = new World(kafka, "crash-" + where.name().toLowerCase(Locale.ROOT) + ".");
        try (var engine =
                EngineStreams.start(world.config(folder), kafka.properties(), Toys.parts(world.topics()), dies)) {
            assertThat(engine.awaitReady(Duration.ofSeconds(60))).isTrue();
            world.send("before", Toys.count("before", new ReplyTo(0, "before")));
            world.awaitEvents("before", 1);
            dies.armed = true;
            for (int i = 1; i <= COMMANDS; i++) {
                world.send("counter", Toys.tellActivity("counter", new ReplyTo(0, "c" + i)));
                if (i % 20 == 0) {
                    // several transactions, not one
                    world.awaitEvents("counter", i);
                }
            }
            var counted = world.awaitEvents("counter", COMMANDS);
            var told = world.awaitEvents(Toys.ACTIVITY, 3 * COMMANDS);
            world.send("after", Toys.count("after", new ReplyTo(0, "after")));
            world.awaitEvents("after", 1);

            assertThat(dies.deaths.get()).as("how often the thread died").isPositive();
            assertThat(ids(counted)).containsExactlyElementsOf(upTo(COMMANDS));
            assertThat(ids(told)).containsExactlyElementsOf(upTo(3 * COMMANDS));
            assertThat(told.stream().map(World::output).toList()).containsExactlyElementsOf(expectedTold());
            assertThat(world.repliesOf("c"))
                    .containsAll(IntStream.rangeClosed(1, COMMANDS)
                            .mapToObj(i -> "c" + i)
                            .toList());
        }
    }

    private static List<Long> ids(List<EventRecord> events) {
        return events.stream().map(event -> event.event().id()).toList();
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private static List<String> expectedTold() {
        var expected = new ArrayList<String>();
        for (int count = 1; count <= COMMANDS; count++) {
            for (int i = 0; i < 3; i++) {
                expected.add("counter " + count + "." + i);
            }
        }
        return expected;
    }
}
