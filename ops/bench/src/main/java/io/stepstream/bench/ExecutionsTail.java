package io.stepstream.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Sees executions begin and end on the {@code executions} topic. Each execution is known by the number that the workload put
 * into its input ({@link #input}), so that nobody has to know its ARN first.
 *
 * <p>Reads uncommitted: that is what DescribeExecution shows, too.
 */
final class ExecutionsTail implements AutoCloseable {

    private static final byte[] RUNNING = "\"status\":\"RUNNING\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SUCCEEDED = "\"status\":\"SUCCEEDED\"".getBytes(StandardCharsets.US_ASCII);
    /** The number's name within the input, which is a string within JSON. */
    private static final byte[] NUMBER = "\\\"n\\\":".getBytes(StandardCharsets.US_ASCII);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final byte[] machine;
    private final @Nullable LongConsumer onRunning;
    private final Map<Long, Load.Done> waiting = new ConcurrentHashMap<>();
    private final Thread thread;

    private ExecutionsTail(
            KafkaConsumer<byte[], byte[]> consumer, String machineName, @Nullable LongConsumer onRunning) {
        this.consumer = consumer;
        this.machine = (":execution:" + machineName + ":").getBytes(StandardCharsets.UTF_8);
        this.onRunning = onRunning;
        this.thread = new Thread(this::loop, "executions-tail");
        this.thread.setDaemon(true);
    }

    /** Sees everything of the machine's executions from now on. {@code onRunning} is called with the number of each start. */
    static ExecutionsTail start(
            Map<String, Object> client, String topic, String machineName, @Nullable LongConsumer onRunning) {
        var consumer = new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        var partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        var tail = new ExecutionsTail(consumer, machineName, onRunning);
        tail.thread.start();
        return tail;
    }

    /** The input of the execution with that number; {@code more} is further members of the object, or nothing. */
    static String input(long number, String more) {
        return "{\"n\":" + number + more + "}";
    }

    /** To be called before the execution is started. */
    void onEnd(long number, Load.Done done) {
        waiting.put(number, done);
    }

    /** The execution will not come. */
    void forget(long number) {
        waiting.remove(number);
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        try (consumer) {
            while (true) {
                for (var row : consumer.poll(Duration.ofSeconds(1))) {
                    if (row.value() != null && find(row.key(), machine) >= 0) {
                        seen(row.value());
                    }
                }
            }
        } catch (WakeupException e) {
            waiting.clear();
        }
    }

    private void seen(byte[] status) {
        if (find(status, RUNNING) >= 0) {
            if (onRunning != null) {
                onRunning.accept(number(status));
            }
            return;
        }
        var done = waiting.remove(number(status));
        if (done != null && find(status, SUCCEEDED) >= 0) {
            done.ok();
        } else if (done != null) {
            done.failed("ended otherwise than well: " + new String(status, StandardCharsets.UTF_8));
        }
    }

    private static long number(byte[] status) {
        int at = find(status, NUMBER) + NUMBER.length;
        long number = 0;
        for (; at < status.length && status[at] >= '0' && status[at] <= '9'; at++) {
            number = 10 * number + (status[at] - '0');
        }
        return number;
    }

    private static int find(byte[] text, byte[] part) {
        outer:
        for (int i = 0; i <= text.length - part.length; i++) {
            for (int j = 0; j < part.length; j++) {
                if (text[i + j] != part[j]) {
                    continue outer;
                }
            }
            return i;
        }
        return -1;
    }
}
