package io.stepstream.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * What the same broker does with the bytes that an execution of three Pass states writes, if nobody thinks about them: how many
 * records of which size an execution leaves in which topic is measured first, then a bare producer writes the same.
 */
final class KafkaLimit implements Bench.Workload {

    static final String NAME = "kafka-limit";

    private static final int PARTITIONS = 4;
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

    /** Records of one execution in one topic, on average. */
    private record Share(double records, int bytes) {}

    @Override
    public void run(Bench bench, Report report) throws Exception {
        try (var admin = Admin.create(bench.client())) {
            var before = footprint(admin, bench.topics().prefix());
            var passes = PassTopicLoad.load(
                    bench,
                    bench.named(NAME),
                    Load.Plan.closed(
                            32 * bench.inFlight(), Duration.ZERO, bench.warmUp().plus(bench.time())));
            report.check(NAME, passes);
            long executions = passes.latency().getTotalCount();
            var shares = shares(before, footprint(admin, bench.topics().prefix()), executions);
            double records = shares.stream().mapToDouble(Share::records).sum();
            double bytes = shares.stream()
                    .mapToDouble(share -> share.records * share.bytes)
                    .sum();
            report.add(Row.fact(
                    NAME,
                    "written per execution of 3 Pass states",
                    bytes / 1_000,
                    "kB",
                    Report.number(records) + " records in " + shares.size() + " topics, measured over " + executions));
            double plain = produce(bench, admin, shares, false);
            double transactional = produce(bench, admin, shares, true);
            report.add(
                    Row.fact(NAME, "the same by a plain producer", plain, "/s", "acks=all, idempotent, linger 5 ms"));
            report.add(Row.fact(
                    NAME,
                    "the same by a transactional producer",
                    transactional,
                    "/s",
                    "a commit each " + COMMIT_INTERVAL.toMillis() + " ms"));
            report.add(Row.atLeast(
                    NAME,
                    "3 Pass by start-requests, share of that",
                    100 * passes.perSecond() / transactional,
                    "%",
                    15,
                    40,
                    Report.number(passes.perSecond()) + "/s of " + Report.number(transactional) + "/s"));
        }
    }

    /** Records and bytes in each topic of that prefix so far. */
    private static Map<String, long[]> footprint(Admin admin, String prefix)
            throws ExecutionException, InterruptedException {
        var topics = admin.listTopics().names().get().stream()
                .filter(name -> name.startsWith(prefix))
                .collect(Collectors.toSet());
        var footprint = new TreeMap<String, long[]>();
        var latest = new HashMap<TopicPartition, OffsetSpec>();
        admin.describeTopics(topics).allTopicNames().get().forEach((topic, description) -> {
            description
                    .partitions()
                    .forEach(info -> latest.put(new TopicPartition(topic, info.partition()), OffsetSpec.latest()));
        });
        admin.listOffsets(latest).all().get().forEach((partition, end) -> {
            footprint.computeIfAbsent(partition.topic(), topic -> new long[2])[0] += end.offset();
        });
        var brokers = admin.describeCluster().nodes().get().stream()
                .map(node -> node.id())
                .toList();
        for (var directories :
                admin.describeLogDirs(brokers).allDescriptions().get().values()) {
            for (var directory : directories.values()) {
                directory.replicaInfos().forEach((partition, replica) -> {
                    var row = footprint.get(partition.topic());
                    if (row != null) {
                        row[1] += replica.size();
                    }
                });
            }
        }
        return footprint;
    }

    private static List<Share> shares(Map<String, long[]> before, Map<String, long[]> after, long executions) {
        var shares = new ArrayList<Share>();
        after.forEach((topic, now) -> {
            var then = before.getOrDefault(topic, new long[2]);
            long records = now[0] - then[0];
            // retention may have shortened a topic meanwhile: what is left of it says nothing
            long bytes = now[1] - then[1];
            if (records > executions / 100 && bytes > 0) {
                shares.add(new Share((double) records / executions, Math.max(1, (int) (bytes / records))));
            }
        });
        return shares;
    }

    /** Executions' worth of records a second. */
    private static double produce(Bench bench, Admin admin, List<Share> shares, boolean transactional)
            throws ExecutionException, InterruptedException {
        var topics = new ArrayList<String>();
        for (int i = 0; i < shares.size(); i++) {
            topics.add(bench.named("limit-" + (transactional ? "transactional-" : "plain-") + i));
        }
        admin.createTopics(topics.stream()
                        .map(topic -> new NewTopic(topic, PARTITIONS, (short) 1))
                        .toList())
                .all()
                .get();
        // asked until each leader answers: an idempotent producer that writes before that can end in retries without
        // end
        var leaders = new HashMap<TopicPartition, OffsetSpec>();
        for (var topic : topics) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                leaders.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
        }
        awaitLeaders(admin, leaders);
        try (var producer = producer(bench, transactional)) {
            return produce(bench, producer, topics, shares, transactional);
        } finally {
            admin.deleteTopics(topics).all().get();
        }
    }

    /** A topic that was made a moment ago may be unknown for another. */
    private static void awaitLeaders(Admin admin, Map<TopicPartition, OffsetSpec> leaders)
            throws ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try {
                admin.listOffsets(leaders).all().get();
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    private static double produce(
            Bench bench,
            KafkaProducer<byte[], byte[]> producer,
            List<String> topics,
            List<Share> shares,
            boolean transactional) {
        // letters at random: what is written is JSON, so neither zeros nor noise
        var random = new Random(1);
        var values = new ArrayList<byte[]>();
        for (var share : shares) {
            values.add(random.ints(share.bytes, 'a', 'z' + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString()
                    .getBytes(StandardCharsets.US_ASCII));
        }
        var failure = new AtomicReference<@Nullable Exception>();
        var owed = new double[shares.size()];
        long start = System.nanoTime();
        long measuredFrom = start + bench.warmUp().toNanos();
        long until = measuredFrom + bench.time().toNanos();
        long nextCommit = start + COMMIT_INTERVAL.toNanos();
        long executions = 0;
        if (transactional) {
            producer.beginTransaction();
        }
        for (long now = start; now - until < 0; now = System.nanoTime()) {
            for (int i = 0; i < owed.length; i++) {
                for (owed[i] += shares.get(i).records; owed[i] >= 1; owed[i]--) {
                    var unused = producer.send(new ProducerRecord<>(topics.get(i), values.get(i)), (metadata, e) -> {
                        if (e != null) {
                            failure.compareAndSet(null, e);
                        }
                    });
                }
            }
            if (now - measuredFrom >= 0) {
                executions++;
            }
            if (transactional && now - nextCommit >= 0) {
                producer.commitTransaction();
                producer.beginTransaction();
                nextCommit = now + COMMIT_INTERVAL.toNanos();
            }
        }
        if (transactional) {
            producer.commitTransaction();
        } else {
            producer.flush();
        }
        double seconds = (System.nanoTime() - measuredFrom) / 1e9;
        var failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("Expected the broker to take every record, but it refused one", failed);
        }
        return executions / seconds;
    }

    private static KafkaProducer<byte[], byte[]> producer(Bench bench, boolean transactional) {
        var properties = new HashMap<>(bench.client());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "5");
        if (transactional) {
            properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, bench.named(NAME));
        }
        var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        if (transactional) {
            producer.initTransactions();
        }
        return producer;
    }
}
