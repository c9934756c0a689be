package io.stepstream.streams.views;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.RegistryCommand.FinishDeletion;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.view.RegistryRecord;
import io.stepstream.schemas.view.RegistryRecord.Machine;
import io.stepstream.schemas.view.RegistryRecord.MachineStatus;
import io.stepstream.schemas.view.Views;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the deletion of state machines: tells the registry when no execution of a machine that is being deleted runs any more.
 * Every instance reads the registry, the one with partition 0 asks all partitions and speaks. A thread of its own: asking
 * takes as long as the engine takes to commit.
 */
final class DeletionSweeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeletionSweeper.class);

    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration BRIEF = Duration.ofMillis(500);
    private static final int MACHINES_AT_ONCE = 100;

    /** Asks every partition, wherever it is. */
    interface RunningExecutions {
        /**
         * Those of the machines of which nothing ran when it was asked, by all that was in the log then. None where somebody did
         * not answer.
         */
        List<Machine> idle(List<Machine> machines) throws InterruptedException;
    }

    private final Topics topics;
    private final StreamsViews views;
    private final RunningExecutions running;
    private final Supplier<Consumer<String, byte[]>> registry;
    private final Producer<String, byte[]> producer;
    private final Thread thread;
    private final NavigableMap<String, Machine> deleting = new TreeMap<>();
    private String lastAsked = "";
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable Consumer<String, byte[]> reading;

    DeletionSweeper(
            Topics topics,
            StreamsViews views,
            RunningExecutions running,
            Supplier<Consumer<String, byte[]>> registry,
            Producer<String, byte[]> producer) {
        this.topics = topics;
        this.views = views;
        this.running = running;
        this.registry = registry;
        this.producer = producer;
        this.thread = new Thread(this::run, "views-deletions");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            do {
                sweep();
            } while (!closing.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.debug("Stopped", e);
        }
    }

    /** Until it is closed, or the registry cannot be read: then it begins again, after a while. */
    private void sweep() throws InterruptedException {
        try (var consumer = registry.get()) {
            reading = consumer;
            var partition = new TopicPartition(topics.registry(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            deleting.clear();
            while (closing.getCount() > 0) {
                round(consumer);
            }
        } catch (KafkaException e) {
            if (closing.getCount() > 0) {
                LOG.error("Expected to read {}, but failed; tried again", topics.registry(), e);
            }
        }
    }

    private void round(Consumer<String, byte[]> consumer) throws InterruptedException {
        for (var record : consumer.poll(ROUND)) {
            read(record);
        }
        if (!deleting.isEmpty() && views.ownPartitions().contains(0)) {
            for (var machine : running.idle(nextOnes())) {
                finish(machine);
            }
        }
    }

    /** All take turns, so that those that go on running for long hold up no others. */
    private List<Machine> nextOnes() {
        var next = Stream.concat(
                        deleting.tailMap(lastAsked, false).values().stream(),
                        deleting.headMap(lastAsked, true).values().stream())
                .limit(MACHINES_AT_ONCE)
                .toList();
        lastAsked = next.get(next.size() - 1).arn();
        return next;
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            deleting.remove(record.key());
            return;
        }
        if (record.key().indexOf('#') >= 0) {
            return; // a revision, which can be large
        }
        try {
            if (Json.read(record.value(), RegistryRecord.class) instanceof Machine machine
                    && machine.status() == MachineStatus.DELETING) {
                deleting.put(record.key(), machine);
            } else {
                deleting.remove(record.key());
            }
        } catch (IOException e) {
            LOG.error("Expected a registry record at offset {} of {}", record.offset(), record.topic(), e);
        }
    }

    /** The machine stays in the list until the registry has removed it; a repetition finds nothing to remove. */
    private void finish(Machine machine) throws InterruptedException {
        var command = new FinishDeletion(machine.arn(), machine.revision(), Optional.empty());
        try {
            producer.send(new ProducerRecord<>(topics.registryCommands(), machine.arn(), Json.bytes(command)))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            LOG.info("No execution of {} runs any more: its deletion ends", machine.arn());
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Expected to end the deletion of {}; tried again", machine.arn(), e);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        var polling = reading;
        if (polling != null) {
            polling.wakeup();
        }
        try {
            thread.join(BRIEF.toMillis());
            if (thread.isAlive()) {
                thread.interrupt(); // it waits for somebody's answer
                thread.join(PATIENCE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The partitions here are asked directly, the others over their owners' query servers. */
    static final class AllPartitions implements RunningExecutions {

        private final StreamsViews views;
        private final PeerViews peers;

        AllPartitions(StreamsViews views, PeerViews peers) {
            this.views = views;
            this.peers = peers;
        }

        @Override
        public List<Machine> idle(List<Machine> machines) throws InterruptedException {
            var own = views.ownPartitions();
            var others = new ArrayList<>(views.allPartitions());
            others.removeAll(own);
            var idle = new ArrayList<Machine>();
            try {
                views.caughtUp(own).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                for (var machine : machines) {
                    var query =
                            new Views.ExecutionQuery(machine.arn(), Optional.of(Status.RUNNING), Optional.empty(), 1);
                    var here = views.executions(query, own)
                            .toCompletableFuture()
                            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                    if (here.executions().isEmpty() && !peers.anyRunning(machine.arn(), others)) {
                        idle.add(machine);
                    }
                }
            } catch (ExecutionException | TimeoutException | IOException e) {
                LOG.warn(
                        "Expected every partition to say which of {} machines still run; asked again",
                        machines.size(),
                        e);
            }
            return idle;
        }
    }
}
