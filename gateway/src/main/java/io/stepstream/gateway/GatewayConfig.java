package io.stepstream.gateway;

import io.stepstream.gateway.access.Access;
import io.stepstream.gateway.access.Credentials;
import io.stepstream.gateway.access.SignedAccess;
import io.stepstream.gateway.http.ApiSettings;
import io.stepstream.gateway.ingress.Ingress;
import io.stepstream.schemas.config.Setting;
import io.stepstream.schemas.config.Settings;
import io.stepstream.schemas.topic.Topics;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What a gateway process was told: its settings and the cluster's secret. Kafka's own properties are not among them. */
public final class GatewayConfig {

    public static final Setting<String> HOST = Setting.text(
            "gateway.host", "127.0.0.1", "Address that the API listens on; 0.0.0.0 for all of the machine's.");

    public static final Setting<Integer> PORT =
            Setting.number("gateway.port", 8083, 0, "Port of the API; 0 for any free one.");

    public static final Setting<String> CREDENTIALS = Setting.text(
            "gateway.credentials",
            "",
            "File with the access keys that are known; every request must then be signed with one (Signature Version 4). Without it callers are not authenticated.");

    public static final Setting<Boolean> UNAUTHENTICATED = Setting.flag(
            "gateway.unauthenticated",
            false,
            "Allows an address other than this machine's own without credentials: whoever reaches it may do everything.");

    public static final Setting<String> REGION =
            Setting.text("gateway.region", "us-east-1", "Region in the ARNs that are made here.");

    public static final Setting<String> ACCOUNT =
            Setting.text("gateway.account", "123456789012", "Account in the ARNs that are made here: twelve digits.");

    public static final Setting<String> TOPIC_PREFIX =
            Setting.text("gateway.topic.prefix", Topics.DEFAULT_PREFIX, "What the names of all topics begin with.");

    public static final Setting<String> ENGINE_URLS = Setting.text(
            "gateway.engine.urls",
            "http://127.0.0.1:8084",
            "Where engines answer queries, separated by commas: some of them will do, they know of each other.");

    public static final Setting<Duration> REPLY_TIMEOUT = Setting.duration(
            "gateway.reply.timeout",
            Duration.ofSeconds(30),
            "How long a caller waits for brokers and engine before the call fails with a 5xx.");

    public static final Setting<Duration> START_TIMEOUT = Setting.duration(
            "gateway.start.timeout",
            Duration.ofSeconds(60),
            "How long a gateway that starts waits for brokers, topics and the registry.");

    public static final Setting<Duration> POLL_HOLD =
            Setting.duration("gateway.poll.hold", Duration.ofSeconds(60), "How long GetActivityTask waits for a task.");

    public static final Setting<Integer> CALLER_THREADS = Setting.number(
            "gateway.caller.threads", 2, 1, "Threads that parse replies and write the answers that follow from them.");

    public static final Setting<Boolean> INGRESS =
            Setting.flag("gateway.ingress", true, "Whether this gateway reads start-requests and task-results.");

    public static final Setting<Integer> INGRESS_IN_FLIGHT = Setting.number(
            "gateway.ingress.in.flight",
            10_000,
            1,
            "Records of one topic that may wait for the engine before its partitions are paused.");

    public static final Setting<Integer> INGRESS_IN_FLIGHT_MIB =
            Setting.number("gateway.ingress.in.flight.mib", 32, 1, "The same, as MiB of records.");

    public static final Setting<String> INGRESS_REPLY_TOPICS = Setting.text(
            "gateway.ingress.reply.topics",
            "",
            "Topics that stepstream-reply-topic may name, separated by commas: names, or beginnings of names followed by *. Those that begin with the topic prefix and outcomes. always may.");

    private static final List<Setting<?>> ALL = List.of(
            HOST,
            PORT,
            CREDENTIALS,
            UNAUTHENTICATED,
            REGION,
            ACCOUNT,
            TOPIC_PREFIX,
            ENGINE_URLS,
            REPLY_TIMEOUT,
            START_TIMEOUT,
            POLL_HOLD,
            CALLER_THREADS,
            INGRESS,
            INGRESS_IN_FLIGHT,
            INGRESS_IN_FLIGHT_MIB,
            INGRESS_REPLY_TOPICS);

    private final Settings settings;

    private GatewayConfig(Settings settings) {
        this.settings = settings;
    }

    /**
     * Throws IllegalArgumentException for a key that is no setting, a value that does not fit or a secret under 16 bytes.
     *
     * @param values by key; what is missing has its default
     * @param secret the cluster's secret: the same for every engine and gateway, and for ever
     */
    public static GatewayConfig of(Map<String, String> values, byte[] secret) {
        var config = new GatewayConfig(Settings.of(ALL, values, secret));
        if (!config.get(ACCOUNT).matches("[0-9]{12}")) {
            throw new IllegalArgumentException(
                    "Expected " + ACCOUNT.key() + " to be twelve digits, but " + config.get(ACCOUNT));
        }
        config.engineUrls();
        config.access();
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

    /** Names of the topics. Their partitions are what the brokers say; these numbers are not looked at. */
    public Topics topics() {
        return new Topics(get(TOPIC_PREFIX), Topics.Partitions.CLUSTER, (short) 1);
    }

    public ApiSettings api() {
        var limits = ApiSettings.Limits.AWS;
        return new ApiSettings(
                "aws",
                get(REGION),
                get(ACCOUNT),
                new ApiSettings.Limits(limits.bodyBytes(), limits.pollersPerActivity(), get(POLL_HOLD)));
    }

    /**
     * Who is let in. Throws IllegalArgumentException for credentials that cannot be read, and where everybody on a network
     * would be let in without a word that this is meant.
     */
    public Access access() {
        if (!get(CREDENTIALS).isEmpty()) {
            return new SignedAccess(Credentials.read(Path.of(get(CREDENTIALS))), Clock.systemUTC());
        }
        if (!isLoopback(get(HOST)) && !get(UNAUTHENTICATED)) {
            throw new IllegalArgumentException("Expected " + CREDENTIALS.key() + " to serve " + get(HOST)
                    + ", which others can reach; or, where everybody who can is trusted, " + UNAUTHENTICATED.key()
                    + "=true");
        }
        return Access.open(get(ACCOUNT));
    }

    private static boolean isLoopback(String host) {
        try {
            for (var address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    public List<URI> engineUrls() {
        return list(get(ENGINE_URLS)).stream().map(URI::create).toList();
    }

    public Ingress.Settings ingress() {
        var replyTopics = new ArrayList<String>();
        replyTopics.add(get(TOPIC_PREFIX) + "outcomes.*");
        replyTopics.addAll(list(get(INGRESS_REPLY_TOPICS)));
        return new Ingress.Settings(get(INGRESS_IN_FLIGHT), get(INGRESS_IN_FLIGHT_MIB) * 1024L * 1024, replyTopics);
    }

    private static List<String> list(String commaSeparated) {
        return Arrays.stream(commaSeparated.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
