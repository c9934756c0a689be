package io.stepstream.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;

/** Plays the demo against a server that runs. */
@Command(
        name = "stepstream-quickstart",
        mixinStandardHelpOptions = true,
        header = "An order workflow with a worker, started over HTTP and over a topic, watched on a topic.")
final class Main implements Callable<Integer> {

    private static final String MACHINE = "orders";
    private static final String ROLE = "arn:aws:iam::000000000000:role/orders";
    private static final int ORDERS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

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
            names = "--topic-prefix",
            defaultValue = "stepstream.",
            description = "Of the server's topics (default ${DEFAULT-VALUE}).")
    private String topicPrefix = "";

    private final ObjectMapper json = new ObjectMapper();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        try (var sfn = client();
                var pollClient = client();
                var tail = EventTail.fromNow(bootstrapServers, topicPrefix + "events")) {
            heading("An activity, a worker and a state machine (AWS SDK for Java)");
            var activity =
                    sfn.createActivity(request -> request.name("charge-card")).activityArn();
            var definition = definition(activity);
            var machine = sfn.createStateMachine(
                            request -> request.name(MACHINE).roleArn(ROLE).definition(definition))
                    .stateMachineArn();
            say("activity       " + activity);
            say("state machine  " + machine);
            var worker = new CardWorker(pollClient, activity);
            var thread = new Thread(worker, "card-worker");
            thread.setDaemon(true);
            thread.start();

            heading("Two orders over HTTP, one through the topic " + topicPrefix + "start-requests");
            var run = Long.toString(Instant.now().getEpochSecond(), Character.MAX_RADIX);
            var first = order(sfn, machine, "order-1-" + run, "{\"total\": 42, \"items\": [\"book\", \"pen\"]}");
            order(sfn, machine, "order-2-" + run, "{\"total\": 900, \"items\": [\"gold bar\"]}");
            try (var producer = new KafkaProducer<>(
                    Map.<String, Object>of("bootstrap.servers", bootstrapServers),
                    new StringSerializer(),
                    new StringSerializer())) {
                order(producer, machine, "order-3-" + run, Map.of("total", 0, "items", List.of("catalogue")));
            }

            heading("What happens, as it arrives on the topic " + topicPrefix + "events");
            var ended = tail.follow(MACHINE, ORDERS, PATIENCE, this::show);
            if (ended.size() < ORDERS) {
                System.err.println("Expected " + ORDERS + " executions to end within " + PATIENCE.toSeconds()
                        + " s, but only " + ended.size() + " did");
                return CommandLine.ExitCode.SOFTWARE;
            }

            heading("The history of " + name(first) + " (GetExecutionHistory)");
            for (var event : sfn.getExecutionHistoryPaginator(request -> request.executionArn(first))
                    .events()) {
                say(String.format(
                        Locale.ROOT,
                        "%4d  %4d  %s  %-24s %s",
                        event.id(),
                        event.previousEventId(),
                        CLOCK.format(event.timestamp()),
                        event.typeAsString(),
                        state(event)));
            }
            say("");
            var description = sfn.describeExecution(request -> request.executionArn(first));
            say(description.statusAsString() + "  " + description.output());

            worker.stop();
            hints(machine, activity, run);
            return CommandLine.ExitCode.OK;
        }
    }

    private SfnClient client() {
        return SfnClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                // a task may take a minute to come: longer than the usual read timeout
                .httpClientBuilder(Apache5HttpClient.builder().socketTimeout(Duration.ofSeconds(70)))
                .build();
    }

    private static String definition(String activityArn) throws IOException {
        try (var in = Objects.requireNonNull(Main.class.getResourceAsStream("/orders.asl.json"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("${ChargeCard}", activityArn);
        }
    }

    private static String order(SfnClient sfn, String machine, String name, String input) {
        var arn = sfn.startExecution(
                        request -> request.stateMachineArn(machine).name(name).input(input))
                .executionArn();
        say("StartExecution  " + name + "  " + input);
        return arn;
    }

    private void order(KafkaProducer<String, String> producer, String machine, String name, Map<String, ?> input)
            throws Exception {
        var request = json.writeValueAsString(Map.of("stateMachineArn", machine, "name", name, "input", input));
        var topic = topicPrefix + "start-requests";
        producer.send(new ProducerRecord<>(topic, name, request)).get();
        say("start-requests  " + name + "  " + json.writeValueAsString(input));
    }

    /** One line for one event: time, execution, number, type and the state that it is about. */
    private void show(JsonNode event) {
        var state = "";
        for (var details : event) {
            if (details.isObject()) {
                state = details.path("name").asText(details.path("error").asText(""));
            }
        }
        say(String.format(
                Locale.ROOT,
                "%s  %-16s %3d  %-24s %s",
                CLOCK.format(
                        Instant.ofEpochMilli((long) (event.path("timestamp").asDouble() * 1_000))),
                name(event.path("executionArn").asText()),
                event.path("id").asLong(),
                event.path("type").asText(),
                state));
    }

    private static String state(HistoryEvent event) {
        if (event.stateEnteredEventDetails() != null) {
            return event.stateEnteredEventDetails().name();
        }
        return event.stateExitedEventDetails() != null
                ? event.stateExitedEventDetails().name()
                : "";
    }

    private static String name(String executionArn) {
        return executionArn.substring(executionArn.lastIndexOf(':') + 1);
    }

    private void hints(String machine, String activity, String run) {
        heading("The same with the AWS CLI");
        say("export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1");
        say("export AWS_ENDPOINT_URL_SFN=" + endpoint);
        say("aws stepfunctions list-executions --state-machine-arn " + machine);
        say("aws stepfunctions start-execution --state-machine-arn " + machine + " \\");
        say("    --name order-4-" + run + " --input '{\"total\": 5, \"items\": [\"tea\"]}'");
        say("aws stepfunctions get-activity-task --cli-read-timeout 70 --activity-arn " + activity);
        say("aws stepfunctions send-task-success --task-output '{\"receipt\": \"R-5\"}' --task-token TOKEN");
    }

    private static void heading(String text) {
        System.out.println();
        System.out.println(CommandLine.Help.Ansi.AUTO.string("@|bold == " + text + "|@"));
    }

    private static void say(String text) {
        System.out.println("   " + text);
    }
}
