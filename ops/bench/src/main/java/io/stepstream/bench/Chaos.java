package io.stepstream.bench;

import io.stepstream.schemas.topic.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Kills a standalone server under load, again and again, and counts what is lost, doubled or late. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 110,
        header = "kill -9 of a standalone server under load: what is lost, doubled or late.",
        description = {
            "",
            "Starts a server on an empty data directory, fills it with closed executions, then starts executions of",
            "three Pass states and of one activity task at a steady rate, with workers that answer. Kills the process",
            "and starts it again, several times. In the end every start that was answered has to be there and to have",
            "ended once, and a read_committed consumer has to find each execution's events once and without a gap.",
            "",
            "Exit code: 0 if all of that holds, 1 if not.",
            ""
        })
final class Chaos implements Callable<Integer> {

    private static final Duration START = Duration.ofSeconds(60);
    /** Executions a second, at the least, while the data directory is filled. */
    private static final int SLOWEST_FILL = 500;

    private static final Duration SETTLE = Duration.ofSeconds(90);
    private static final int WORKERS = 8;
    private static final long RETRY_MILLIS = 50;

    @Option(
            names = "--server",
            paramLabel = "JAR",
            defaultValue = "ops/standalone/target/stepstream.jar",
            description = "The standalone server (default ${DEFAULT-VALUE}).")
    private Path jar = Path.of("");

    @Option(
            names = "--closed",
            defaultValue = "20000",
            description = "Executions that are over before the load begins (default ${DEFAULT-VALUE}).")
    private int closed;

    @Option(names = "--kills", defaultValue = "3", description = "How often (default ${DEFAULT-VALUE}).")
    private int kills;

    @Option(
            names = "--rate",
            paramLabel = "PER-SECOND",
            defaultValue = "200",
            description = "Starts a second, half of them with an activity (default ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--between",
            paramLabel = "SECONDS",
            defaultValue = "8",
            description = "Load before each kill and after the last (default ${DEFAULT-VALUE}).")
    private int betweenSeconds;

    @Option(names = "--heap", defaultValue = "512m", description = "The server's -Xmx (default ${DEFAULT-VALUE}).")
    private String heap = "";

    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final AtomicLong unanswered = new AtomicLong();
    private final AtomicLong lastAnswer = new AtomicLong();
    private volatile boolean loading = true;
    private volatile boolean working = true;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Chaos()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        var directory = Files.createTempDirectory("stepstream-chaos-");
        System.err.println("chaos: data in " + directory);
        try (var server = new ServerProcess(jar, directory, List.of("-Xmx" + heap, "-XX:+UseParallelGC"), START);
                var api = new Api(server.endpoint())) {
            var client = Map.<String, Object>of("bootstrap.servers", server.bootstrapServers());
            var topics = Topics.embedded(Topics.DEFAULT_PREFIX);
            fill(api, client, topics);
            var activity = api.createActivity("chaos");
            var machines = List.of(
                    api.createMachine("chaos-pass", Definitions.THREE_PASSES),
                    api.createMachine("chaos-activity", Definitions.oneTask(activity)));
            for (int i = 0; i < WORKERS; i++) {
                work(api, activity);
            }
            var load = new Thread(() -> load(api, machines), "load");
            load.start();
            var outages = new ArrayList<Outage>();
            for (int i = 1; i <= kills; i++) {
                TimeUnit.SECONDS.sleep(betweenSeconds);
                outages.add(outage(server));
                System.err.printf(
                        "chaos: kill %d: ready after %.1f s, serving after %.1f s%n",
                        i, outages.get(i - 1).readySeconds, outages.get(i - 1).servingSeconds);
            }
            TimeUnit.SECONDS.sleep(betweenSeconds);
            loading = false;
            load.join();
            long lost = lost(api);
            working = false;
            return verdict(outages, lost, Ledger.read(client, topics));
        }
    }

    private record Outage(double readySeconds, double servingSeconds) {}

    /** Kills, starts again and waits until a start is answered by the new process. */
    private Outage outage(ServerProcess server) throws Exception {
        server.kill();
        long killed = System.nanoTime();
        server.startAgain();
        server.awaitReady(START);
        double ready = (System.nanoTime() - killed) / 1e9;
        while (lastAnswer.get() - killed <= 0) {
            if (System.nanoTime() - killed > START.toNanos()) {
                throw new IllegalStateException("Expected starts to be answered after the restart, but none was");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return new Outage(ready, (lastAnswer.get() - killed) / 1e9);
    }

    /** Executions that are over before anything happens. */
    private void fill(Api api, Map<String, Object> client, Topics topics) throws Exception {
        var bench = new Bench(api, client, topics, "chaos", 0, 1, 1, Duration.ZERO, Duration.ZERO);
        var name = bench.named("fill");
        var machine = api.createMachine(name, Definitions.THREE_PASSES);
        var ended = new CountDownLatch(closed);
        try (var tail = ExecutionsTail.start(client, topics.executions(), name, null);
                var producer = PassTopicLoad.producer(bench)) {
            for (long number = 0; number < closed; number++) {
                tail.onEnd(number, new Load.Done() {
                    @Override
                    public void ok() {
                        ended.countDown();
                    }

                    @Override
                    public void failed(String reason) {
                        System.err.println("chaos: " + reason);
                    }
                });
                PassTopicLoad.request(
                        bench,
                        producer,
                        machine,
                        ExecutionsTail.input(number, ""),
                        reason -> System.err.println("chaos: " + reason));
            }
            if (!ended.await(SETTLE.toSeconds() + closed / SLOWEST_FILL, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "Expected " + closed + " executions to end, but " + ended.getCount() + " did not");
            }
        }
    }

    private void load(Api api, List<String> machines) {
        long start = System.nanoTime();
        for (long i = 0; loading; i++) {
            Load.waitUntil(start + (long) (i * 1e9 / rate));
            api.start(
                    machines.get((int) (i % machines.size())),
                    ExecutionsTail.input(i, ""),
                    arn -> {
                        answered.add(arn);
                        lastAnswer.set(System.nanoTime());
                    },
                    reason -> unanswered.incrementAndGet());
        }
    }

    /** A worker that goes on, whatever happens to its server. */
    private void work(Api api, String activity) {
        if (!working) {
            return;
        }
        api.call(
                "GetActivityTask",
                Map.of("activityArn", activity),
                task -> {
                    var token = task.path("taskToken").asText("");
                    if (token.isEmpty()) {
                        work(api, activity);
                    } else {
                        answerTask(api, activity, token);
                    }
                },
                reason -> api.later(RETRY_MILLIS, () -> work(api, activity)));
    }

    private void answerTask(Api api, String activity, String token) {
        api.call(
                "SendTaskSuccess",
                Map.of("taskToken", token, "output", "{}"),
                nothing -> work(api, activity),
                reason -> {
                    if (reason.contains("TaskTimedOut")) {
                        // the first answer had been accepted, and only its confirmation was lost
                        work(api, activity);
                    } else {
                        api.later(RETRY_MILLIS, () -> answerTask(api, activity, token));
                    }
                });
    }

    /** How many answered starts are not there, or do not end, within the time. */
    private long lost(Api api) throws InterruptedException {
        var open = new CountDownLatch(answered.size());
        var left = new ConcurrentLinkedQueue<>(answered);
        for (int i = 0; i < WORKERS; i++) {
            describeNext(api, left, open);
        }
        open.await(SETTLE.toSeconds(), TimeUnit.SECONDS);
        return open.getCount();
    }

    private static void describeNext(Api api, Queue<String> left, CountDownLatch open) {
        var arn = left.poll();
        if (arn == null) {
            return;
        }
        api.awaitSuccess(
                arn,
                RETRY_MILLIS,
                () -> {
                    open.countDown();
                    describeNext(api, left, open);
                },
                reason -> {
                    System.err.println("chaos: " + reason);
                    describeNext(api, left, open);
                });
    }

    private int verdict(List<Outage> outages, long lost, Ledger ledger) {
        var report = new Report(System.err);
        var ended = answered.stream().filter(ledger::ended).count();
        report.add(Row.fact(
                "chaos",
                "executions on the events topic",
                (double) ledger.executions(),
                "",
                closed + " of them closed before the load"));
        report.add(Row.fact("chaos", "starts that were answered", answered.size(), "", unanswered + " were not"));
        report.add(Row.none("chaos", "answered starts that are lost or did not end", lost, "by DescribeExecution"));
        report.add(Row.none(
                "chaos", "answered starts without an end on the topic", answered.size() - ended, "read_committed"));
        report.add(Row.none("chaos", "executions that ended twice", ledger.endedTwice(), "read_committed"));
        report.add(Row.none(
                "chaos",
                "events repeated or out of order",
                ledger.repeated(),
                "of " + ledger.events() + ", read_committed"));
        report.add(Row.none("chaos", "gaps in event ids", ledger.gaps(), "read_committed"));
        report.add(Row.atMost(
                "chaos",
                "kill -9 to the first answered start, worst of " + outages.size(),
                outages.stream().mapToDouble(Outage::servingSeconds).max().orElse(0),
                "s",
                15,
                6,
                outages.stream()
                        .map(outage -> Report.number(outage.servingSeconds))
                        .toList()
                        .toString()));
        report.printTable(System.out);
        return report.missed() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }
}
