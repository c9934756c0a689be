package io.stepstream.bench;

import io.stepstream.schemas.topic.Topics;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of the load generator. */
@Command(
        name = "stepstream-bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 110,
        header = "Load for a running Stepstream, and a table of what it did.",
        description = {
            "",
            "Workloads (all of them where none is named, in this order):",
            "  start        StartExecution: how long its caller waits",
            "  pass         three Pass states over HTTP, until DescribeExecution or the topic shows the end",
            "  pass-topic   the same, asked for on start-requests and seen to end on executions",
            "  activity     one activity task and workers that answer at once",
            "  map          an inline Map of 100, 1,000 and 10,000 items",
            "               (10,000 need a server with --max-history-events=100000)",
            "  timers       10,000 Waits that are due at once, and 500 a second",
            "  open-timers  1,000,000 Waits that are not due (--open-timers), and what they cost others",
            "  kafka-limit  what the bare broker does with the bytes that `pass` writes",
            "",
            "Latencies of an open loop (--rate) count from when the work should have begun.",
            "Ends on topics are seen read_uncommitted, as DescribeExecution sees them.",
            "Exit code: 0 if everything was measured, 1 if calls or executions failed.",
            ""
        })
final class Main implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "WORKLOAD", description = "What to run.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--endpoint",
            defaultValue = "http://127.0.0.1:8083",
            description = "The API (default ${DEFAULT-VALUE}).")
    private URI endpoint = URI.create("http://127.0.0.1:8083");

    @Option(
            names = "--bootstrap-servers",
            defaultValue = "127.0.0.1:19092",
            description = "Its Kafka (default ${DEFAULT-VALUE}).")
    private String bootstrapServers = "";

    @Option(
            names = "--kafka",
            paramLabel = "KEY=VALUE",
            description = "Any further Kafka client property, as for security; may be repeated.")
    private Map<String, String> kafka = new LinkedHashMap<>();

    @Option(
            names = "--topic-prefix",
            defaultValue = Topics.DEFAULT_PREFIX,
            description = "Of the server's topics (default ${DEFAULT-VALUE}).")
    private String topicPrefix = Topics.DEFAULT_PREFIX;

    @Option(
            names = "--rate",
            paramLabel = "PER-SECOND",
            defaultValue = "0",
            description = "Open loop: begin so many a second, whatever the server does.")
    private double rate;

    @Option(
            names = "--in-flight",
            defaultValue = "128",
            description = "Closed loop: executions at once where throughput is measured (default ${DEFAULT-VALUE}).")
    private int inFlight;

    @Option(
            names = "--workers",
            defaultValue = "64",
            description = "Activity workers that poll at once (default ${DEFAULT-VALUE}).")
    private int workers;

    @Option(
            names = "--open-timers",
            paramLabel = "COUNT",
            defaultValue = "1000000",
            description =
                    "Waits of open-timers (default ${DEFAULT-VALUE}; they take a few minutes and some gigabytes).")
    private int openTimers;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Before each measurement (default ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(
            names = "--time",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Of each measurement (default ${DEFAULT-VALUE}).")
    private int timeSeconds;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the rows there as well; - writes them to the output instead of the table.")
    private @Nullable Path json;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    private Map<String, Bench.Workload> workloads() {
        var workloads = new LinkedHashMap<String, Bench.Workload>();
        workloads.put(StartLoad.NAME, new StartLoad());
        workloads.put(PassLoad.NAME, new PassLoad());
        workloads.put(PassTopicLoad.NAME, new PassTopicLoad());
        workloads.put(ActivityLoad.NAME, new ActivityLoad());
        workloads.put(MapLoad.NAME, new MapLoad());
        workloads.put(TimersLoad.NAME, new TimersLoad());
        workloads.put(OpenTimersLoad.NAME, new OpenTimersLoad(openTimers));
        workloads.put(KafkaLimit.NAME, new KafkaLimit());
        return workloads;
    }

    @Override
    public Integer call() throws Exception {
        var workloads = workloads();
        for (var name : names) {
            if (!workloads.containsKey(name)) {
                System.err.println("Expected a workload of " + workloads.keySet() + ", but got " + name);
                return CommandLine.ExitCode.USAGE;
            }
        }
        var report = new Report(System.err);
        try (var api = new Api(endpoint)) {
            var client = new LinkedHashMap<String, Object>(kafka);
            client.put("bootstrap.servers", bootstrapServers);
            var bench = new Bench(
                    api,
                    client,
                    Topics.embedded(topicPrefix),
                    Long.toString(System.currentTimeMillis(), Character.MAX_RADIX),
                    rate,
                    inFlight,
                    workers,
                    Duration.ofSeconds(warmUpSeconds),
                    Duration.ofSeconds(timeSeconds));
            for (var name : names.isEmpty() ? workloads.keySet() : names) {
                System.err.printf(Locale.ROOT, "bench: %s ...%n", name);
                run(name, Objects.requireNonNull(workloads.get(name)), bench, report);
            }
        }
        print(report);
        return report.failures().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /** One workload that breaks off does not take the others' numbers with it, but it fails the run. */
    private static void run(String name, Bench.Workload workload, Bench bench, Report report)
            throws InterruptedException {
        try {
            workload.run(bench, report);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            report.failed(name, e.toString());
        }
    }

    private void print(Report report) throws Exception {
        if (json != null && json.toString().equals("-")) {
            report.printJson(System.out);
            return;
        }
        report.printTable(System.out);
        if (json != null) {
            try (var out = new PrintStream(Files.newOutputStream(json), false, StandardCharsets.UTF_8)) {
                report.printJson(out);
            }
        }
    }
}
