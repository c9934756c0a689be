package io.stepstream.gateway;

import io.stepstream.gateway.bus.RemoteViews;
import io.stepstream.schemas.config.SettingSources;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A gateway as a process of its own. A setting is looked up in this order: its option, {@code --set}, the environment
 * ({@code STEPSTREAM_GATEWAY_PORT} is {@code gateway.port}, {@code STEPSTREAM_KAFKA_SASL_MECHANISM} is
 * {@code kafka.sasl.mechanism}), the file given by {@code --config}, the default.
 */
@Command(
        name = "stepstream-gateway",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Serves the AWS Step Functions API over HTTP, and starts executions that come by topic.",
        sortOptions = false,
        footerHeading = "%nSettings, for --set, --config and (as STEPSTREAM_GATEWAY_PORT, say) the environment:%n")
public final class Main implements Callable<Integer> {

    @Option(names = "--bootstrap-servers", paramLabel = "HOST:PORT,...", description = "Kafka brokers to begin with.")
    private @Nullable String bootstrapServers;

    @Option(names = "--engine-urls", paramLabel = "URL,...", description = "Where engines answer queries.")
    private @Nullable String engineUrls;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to listen on; default 127.0.0.1.")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", description = "Port to listen on; default 8083.")
    private @Nullable String port;

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = "The cluster's secret, the same for all engines and gateways; or STEPSTREAM_SECRET.")
    private @Nullable Path secretFile;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings as a properties file.")
    private @Nullable Path configFile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting, or a Kafka client property as kafka.*, kafka.producer.* or kafka.consumer.*.")
    private Map<String, String> settings = new LinkedHashMap<>();

    private final Map<String, String> environment;

    Main(Map<String, String> environment) {
        this.environment = environment;
    }

    public static void main(String[] args) {
        // read before anything logs; a process that embeds the gateway has a configuration of its own
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "stepstream-gateway-logback.xml");
        }
        System.exit(commandLine(System.getenv()).execute(args));
    }

    static CommandLine commandLine(Map<String, String> environment) {
        var commandLine = new CommandLine(new Main(environment));
        commandLine.getCommandSpec().usageMessage().footer(GatewayConfig.help().replace("%", "%%"));
        commandLine.setExecutionExceptionHandler((problem, line, parsed) -> {
            line.getErr().println(problem.getMessage());
            return line.getCommandSpec().exitCodeOnExecutionException();
        });
        return commandLine;
    }

    @Override
    public Integer call() throws Exception {
        var told = told();
        if (!told.kafka().containsKey("kafka.bootstrap.servers")) {
            throw new IllegalArgumentException("Expected --bootstrap-servers");
        }
        var config = GatewayConfig.of(told.settings(), told.secret(secretFile));
        var stopped = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopped.countDown();
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try (var gateway = Gateway.start(config, told.kafka(), new RemoteViews(config.engineUrls()))) {
            System.out.println("ready http://" + config.get(GatewayConfig.HOST) + ":" + gateway.port());
            stopped.await();
        } finally {
            closed.countDown();
        }
        return 0;
    }

    SettingSources told() {
        var options = new LinkedHashMap<>(settings);
        put(options, "kafka.bootstrap.servers", bootstrapServers);
        put(options, GatewayConfig.ENGINE_URLS.key(), engineUrls);
        put(options, GatewayConfig.HOST.key(), host);
        put(options, GatewayConfig.PORT.key(), port);
        return SettingSources.of(GatewayConfig.settings(), configFile, environment, options);
    }

    private static void put(Map<String, String> told, String key, @Nullable String value) {
        if (value != null) {
            told.put(key, value);
        }
    }

    /** From the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"stepstream-gateway " + (version == null ? "(not packaged)" : version)};
        }
    }
}
