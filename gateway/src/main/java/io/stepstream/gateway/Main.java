package io.stepstream.gateway;

import io.stepstream.gateway.bus.RemoteViews;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
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

    private static final String ENVIRONMENT = "STEPSTREAM_";
    private static final String SECRET_VARIABLE = "STEPSTREAM_SECRET";

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
        var kafka = new LinkedHashMap<String, String>();
        var own = new LinkedHashMap<String, String>();
        told.forEach((key, value) -> (key.startsWith("kafka.") ? kafka : own).put(key, value));
        if (!kafka.containsKey("kafka.bootstrap.servers")) {
            throw new IllegalArgumentException("Expected --bootstrap-servers");
        }
        var config = GatewayConfig.of(own, secret());
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
        try (var gateway = Gateway.start(config, kafka, new RemoteViews(config.engineUrls()))) {
            System.out.println("ready http://" + config.get(GatewayConfig.HOST) + ":" + gateway.port());
            stopped.await();
        } finally {
            closed.countDown();
        }
        return 0;
    }

    /** Every setting that was given, the weakest source first. */
    Map<String, String> told() throws IOException {
        var told = new LinkedHashMap<String, String>();
        if (configFile != null) {
            var properties = new Properties();
            try (var reader = Files.newBufferedReader(configFile, StandardCharsets.UTF_8)) {
                properties.load(reader);
            }
            properties.stringPropertyNames().forEach(key -> told.put(key, properties.getProperty(key)));
        }
        environment.forEach((name, value) -> {
            if (name.startsWith(ENVIRONMENT + "GATEWAY_") || name.startsWith(ENVIRONMENT + "KAFKA_")) {
                told.put(
                        name.substring(ENVIRONMENT.length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'),
                        value);
            }
        });
        told.putAll(settings);
        put(told, "kafka.bootstrap.servers", bootstrapServers);
        put(told, GatewayConfig.ENGINE_URLS.key(), engineUrls);
        put(told, GatewayConfig.HOST.key(), host);
        put(told, GatewayConfig.PORT.key(), port);
        return told;
    }

    private static void put(Map<String, String> told, String key, @Nullable String value) {
        if (value != null) {
            told.put(key, value);
        }
    }

    private byte[] secret() {
        var file = secretFile;
        if (file != null) {
            try {
                return Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException("Expected to read the secret from " + file + ", but " + e, e);
            }
        }
        return Optional.ofNullable(environment.get(SECRET_VARIABLE))
                .orElseThrow(() -> new IllegalArgumentException(
                        "Expected the cluster's secret by --secret-file or " + SECRET_VARIABLE))
                .getBytes(StandardCharsets.UTF_8);
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
