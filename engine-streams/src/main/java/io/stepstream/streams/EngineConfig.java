package io.stepstream.streams;

import io.stepstream.engine.Registry;
import io.stepstream.schemas.config.Setting;
import io.stepstream.schemas.config.Settings;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.services.ServiceSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What an engine process was told: its settings and the cluster's secret. Kafka's own properties are not among them. */
public final class EngineConfig {

    public static final Setting<String> TOPIC_PREFIX = Setting.text(
            "engine.topic.prefix", Topics.DEFAULT_PREFIX, "Put before the name of every topic and of the application.");

    public static final Setting<String> DATA_DIR = Setting.text(
            "engine.data.dir", "data/engine", "Folder for the state stores and for this instance's id in the group.");

    public static final Setting<Integer> THREADS = Setting.number(
            "engine.threads", 2, 1, "Stream threads. The partitions of all input topics are spread over them.");

    public static final Setting<Duration> COMMIT_INTERVAL = Setting.duration(
            "engine.commit.interval",
            Duration.ofMillis(100),
            "How long state and events gather before they are committed. Answers do not wait for it.");

    public static final Setting<Duration> POLL = Setting.duration(
            "engine.poll",
            Duration.ofMillis(10),
            "How long an idle thread waits for records before it looks at its timers: timers fire this late at most.");

    public static final Setting<Duration> LINGER = Setting.duration(
            "engine.linger", Duration.ofMillis(5), "How long state and events wait for a batch to fill.");

    public static final Setting<Duration> SESSION_TIMEOUT = Setting.duration(
            "engine.session.timeout",
            Duration.ofSeconds(6),
            "After how much silence the group gives a dead instance's partitions to others. Brokers allow 6s and more unless told otherwise.");

    public static final Setting<Duration> TRANSACTION_TIMEOUT = Setting.duration(
            "engine.transaction.timeout",
            Duration.ofSeconds(5),
            "After how long the brokers abort a dead instance's transaction. In a cluster longer than a broker's failover.");

    public static final Setting<Integer> STANDBYS = Setting.number(
            "engine.standbys", 0, 0, "Copies of each partition's state on other instances, for a short failover.");

    public static final Setting<Integer> EFFECTS_AT_ONCE = Setting.number(
            "engine.effects.batch",
            64,
            1,
            "Answers and commands that gather before they leave, if the poll is not over.");

    public static final Setting<Integer> TIMERS_AT_ONCE = Setting.number(
            "engine.timers.batch",
            1_000,
            1,
            "Due timers that a partition sends before it looks at its commands again.");

    public static final Setting<Boolean> CREATE_TOPICS = Setting.flag(
            "engine.topics.create", true, "Whether missing topics are created; otherwise they are only asked for.");

    public static final Setting<Integer> REPLICATION =
            Setting.number("engine.replication.factor", 1, 1, "Replicas of every topic that the engine creates.");

    public static final Setting<Integer> COMMAND_PARTITIONS = Setting.number(
            "engine.partitions.commands", 4, 1, "Partitions of commands, events and executions. Cannot change later.");

    public static final Setting<Integer> INGRESS_PARTITIONS =
            Setting.number("engine.partitions.ingress", 2, 1, "Partitions of start-requests and task-results.");

    public static final Setting<Integer> ACTIVITY_PARTITIONS = Setting.number(
            "engine.partitions.activity-tasks", 4, 1, "Partitions of activity-tasks. Cannot change later.");

    public static final Setting<Integer> REPLY_PARTITIONS =
            Setting.number("engine.partitions.replies", 4, 1, "Partitions of replies, which the gateways share.");

    public static final Setting<Integer> REJECTED_PARTITIONS =
            Setting.number("engine.partitions.rejected", 1, 1, "Partitions of rejected.");

    public static final Setting<Integer> HISTORY_EVENTS = Setting.number(
            "engine.limits.history-events",
            25_000,
            3,
            "Events after which an execution fails; the default is AWS's quota.");

    public static final Setting<Integer> MAP_CONCURRENCY = Setting.number(
            "engine.limits.map-concurrency", 40, 1, "Iterations of an inline Map at once; the default is AWS's.");

    public static final Setting<Integer> PAYLOAD_BYTES = Setting.number(
            "engine.limits.payload-bytes",
            262_144,
            2,
            "Length of a state's input or output, in bytes of UTF-8; the default is AWS's.");

    public static final Setting<Integer> ASSIGN_BYTES = Setting.number(
            "engine.limits.assign-bytes",
            262_144,
            1,
            "Length of all values together that one state assigns to variables; the default is AWS's.");

    public static final Setting<Integer> VARIABLES_BYTES = Setting.number(
            "engine.limits.variables-bytes",
            10_485_760,
            1,
            "Length of all variables that an execution has at a time; the default is AWS's.");

    public static final Setting<Duration> EXECUTION_TIME = Setting.duration(
            "engine.limits.execution-time",
            Duration.ofDays(365),
            "How long an execution may run, found out at its next transition; the default is AWS's.");

    public static final Setting<Integer> TRANSITIONS = Setting.number(
            "engine.limits.transitions-at-once",
            1_000,
            1,
            "States that an execution enters before it lets its neighbours in the partition go on.");

    public static final Setting<Integer> STATE_MACHINES = Setting.number(
            "engine.limits.state-machines",
            Registry.Quotas.AWS.stateMachines(),
            1,
            "State machines that there may be; the default is AWS's quota.");

    public static final Setting<Integer> ACTIVITIES = Setting.number(
            "engine.limits.activities",
            Registry.Quotas.AWS.activities(),
            1,
            "Activities that there may be; the default is AWS's quota.");

    public static final Setting<Duration> ACTIVITY_LEASE = Setting.duration(
            "engine.activity.lease",
            Duration.ofSeconds(5),
            "How long a gateway may take to deliver a task before it goes to another worker.");

    public static final Setting<String> API_URL = Setting.text(
            "engine.api.url",
            "http://127.0.0.1:8083",
            "A gateway, for Tasks that start executions. If it wants signatures, AWS_ACCESS_KEY_ID must be a key that it knows.");

    public static final Setting<Integer> CALLS_UNDER_WAY = Setting.number(
            "engine.calls.under-way",
            100,
            1,
            "Calls to one service, or to one Lambda function, that are under way at a time.");

    public static final Setting<Integer> CALLS_WAITING = Setting.number(
            "engine.calls.waiting",
            1_000,
            0,
            "Further calls to it that wait in memory; those beyond wait in the state stores.");

    public static final Setting<Duration> CALL_TIMEOUT = Setting.duration(
            "engine.calls.timeout",
            Duration.ofMinutes(15),
            "How long a call may take whose Task says nothing of it; the default is the longest that a Lambda function runs.");

    public static final Setting<String> LAMBDA_FUNCTIONS = Setting.text(
            "engine.lambda.functions",
            "",
            "URLs of Lambda functions: name=URL, separated by commas. One with a path gets the invocations as it stands,"
                    + " one without them at Lambda's own path. Others are looked for at AWS_ENDPOINT_URL_LAMBDA,"
                    + " AWS_ENDPOINT_URL or in AWS.");

    public static final Setting<String> QUERY_HOST = Setting.text(
            "engine.query.host", "127.0.0.1", "Address at which gateways ask this instance's views. Not for users.");

    public static final Setting<Integer> QUERY_PORT =
            Setting.number("engine.query.port", 8084, 0, "Port of the same; 0 for any that is free.");

    public static final Setting<String> QUERY_ADVERTISED = Setting.text(
            "engine.query.advertised", "", "HOST:PORT at which others reach it, if that is not where it listens.");

    public static final Setting<Duration> RETENTION = Setting.duration(
            "engine.retention", Duration.ofDays(90), "How long closed executions and their histories are kept.");

    private static final List<Setting<?>> ALL = List.of(
            TOPIC_PREFIX,
            DATA_DIR,
            THREADS,
            COMMIT_INTERVAL,
            POLL,
            LINGER,
            SESSION_TIMEOUT,
            TRANSACTION_TIMEOUT,
            STANDBYS,
            EFFECTS_AT_ONCE,
            TIMERS_AT_ONCE,
            CREATE_TOPICS,
            REPLICATION,
            COMMAND_PARTITIONS,
            INGRESS_PARTITIONS,
            ACTIVITY_PARTITIONS,
            REPLY_PARTITIONS,
            REJECTED_PARTITIONS,
            HISTORY_EVENTS,
            MAP_CONCURRENCY,
            PAYLOAD_BYTES,
            ASSIGN_BYTES,
            VARIABLES_BYTES,
            EXECUTION_TIME,
            TRANSITIONS,
            STATE_MACHINES,
            ACTIVITIES,
            ACTIVITY_LEASE,
            API_URL,
            CALLS_UNDER_WAY,
            CALLS_WAITING,
            CALL_TIMEOUT,
            LAMBDA_FUNCTIONS,
            QUERY_HOST,
            QUERY_PORT,
            QUERY_ADVERTISED,
            RETENTION);

    /** What a commit needs besides waiting for effects. */
    private static final Duration COMMIT_MARGIN = Duration.ofSeconds(1);

    private final Settings settings;

    private EngineConfig(Settings settings) {
        this.settings = settings;
    }

    /**
     * Throws IllegalArgumentException for a key that is no setting, a value that does not fit or a secret under 16 bytes.
     *
     * @param values by key; what is missing has its default
     * @param secret the cluster's secret: the same for every engine and gateway, and for ever
     */
    public static EngineConfig of(Map<String, String> values, byte[] secret) {
        var config = new EngineConfig(Settings.of(ALL, values, secret));
        config.services(Map.of());
        if (config.effectsTimeout().compareTo(COMMIT_MARGIN) < 0) {
            throw new IllegalArgumentException("Expected " + TRANSACTION_TIMEOUT.key() + " to be at least "
                    + COMMIT_INTERVAL.key() + " and two seconds, but " + config.get(TRANSACTION_TIMEOUT));
        }
        return config;
    }

    /** Every setting, in the order in which a reader wants to see them. */
    public static List<Setting<?>> settings() {
        return ALL;
    }

    /** The settings as a table: key, default, sentence. */
    public static String help() {
        return Settings.help(ALL);
    }

    public <T> T get(Setting<T> setting) {
        return settings.get(setting);
    }

    public byte[] secret() {
        return settings.secret();
    }

    public Topics topics() {
        return new Topics(
                get(TOPIC_PREFIX),
                new Topics.Partitions(
                        get(COMMAND_PARTITIONS),
                        get(INGRESS_PARTITIONS),
                        get(ACTIVITY_PARTITIONS),
                        get(REPLY_PARTITIONS),
                        get(REJECTED_PARTITIONS)),
                get(REPLICATION).shortValue());
    }

    public Path dataDir() {
        return Path.of(get(DATA_DIR));
    }

    /** This instance's name in the consumer groups, the same after a restart: then nothing moves to others and back. */
    String instanceId() {
        var file = dataDir().resolve("instance-id");
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(dataDir());
                Files.writeString(file, UUID.randomUUID().toString());
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to keep the instance's id in " + file, e);
        }
    }

    /** What calls to services are told; {@code environment} is the process's. */
    ServiceSettings services(Map<String, String> environment) {
        var functions = new LinkedHashMap<String, URI>();
        for (var entry : get(LAMBDA_FUNCTIONS).split(",", -1)) {
            if (!entry.isBlank()) {
                int equals = entry.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException(
                            "Expected name=URL in " + LAMBDA_FUNCTIONS.key() + ", but " + entry.strip());
                }
                functions.put(
                        entry.substring(0, equals).strip(),
                        URI.create(entry.substring(equals + 1).strip()));
            }
        }
        // Room for what a service adds to its result; what is too much for the state is found there.
        int responseBytes = Math.min(Math.max(4 * get(PAYLOAD_BYTES), 1 << 20), Topics.MAX_MESSAGE_BYTES / 2);
        return new ServiceSettings(environment, URI.create(get(API_URL)), functions, responseBytes, get(CALL_TIMEOUT));
    }

    /** Name of the Streams application and of its consumer group. */
    public String applicationId() {
        return get(TOPIC_PREFIX) + "engine";
    }

    /** How long a commit may wait for effects: afterwards the transaction must still have time to end. */
    Duration effectsTimeout() {
        return get(TRANSACTION_TIMEOUT).minus(get(COMMIT_INTERVAL)).minus(COMMIT_MARGIN);
    }
}
