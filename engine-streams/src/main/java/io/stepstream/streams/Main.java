package io.stepstream.streams;

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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * An engine as a process of its own. A setting is looked up in this order: its option, {@code --set}, the environment
 * ({@code STEPSTREAM_ENGINE_THREADS} is {@code engine.threads}, {@code STEPSTREAM_KAFKA_SASL_MECHANISM} is
 * {@code kafka.sasl.mechanism}), the file given by {@code --config}, the default.
 */
@Command(
        name = "stepstream-engine",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        usageHelpWidth = 120,
        description = "Runs executions on your Kafka, and answers gateways what became of them.",
        sortOptions = false,
        footerHeading = "%nSettings, for --set, --config and (as STEPSTREAM_ENGINE_THREADS, say) the environment:%n")
public final class Main implements Callable<Integer> {

    private static final String ENVIRONMENT = "STEPSTREAM_";
    private static final String SECRET_VARIABLE = "STEPSTREAM_SECRET";
    private static final String KAFKA = "kafka.";

    @Option(names = "--bootstrap-servers", paramLabel = "HOST:PORT,...", description = "Kafka brokers to begin with.")
    private @Nullable String bootstrapServers;

    @Option(names = "--data-dir", paramLabel = "FOLDER", description = "Where state is kept; one process at a time.")
    private @Nullable String dataDir;

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
            description = "A setting, or a Kafka client property as kafka.*, kafka.producer.*, kafka.consumer.* or"
                    + " kafka.streams.*.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--print-topics", description = "Print how to create the topics, and do nothing else.")
    private boolean printTopics;

    private final Map<String, String> environment;

    Main(Map<String, String> environment) {
        this.environment = environment;
    }

    public static void main(String[] args) {
        // read before anything logs; a process that embeds the engine has a configuration of its own
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "stepstream-engine-logback.xml");
        }
        System.exit(commandLine(System.getenv()).execute(args));
    }

    static CommandLine commandLine(Map<String, String> environment) {
        var commandLine = new CommandLine(new Main(environment));
        commandLine.getCommandSpec().usageMessage().footer(EngineConfig.help().replace("%", "%%"));
        commandLine.setExecutionExceptionHandler((problem, line, parsed) -> {
            line.getErr().println("stepstream-engine: " + problem.getMessage());
            return line.getCommandSpec().exitCodeOnExecutionException();
        });
        return commandLine;
    }

    @Override
    public Integer call() throws Exception {
        var kafka = new LinkedHashMap<String, String>();
        var own = new LinkedHashMap<String, String>();
        told().forEach((key, value) -> {
            if (key.startsWith(KAFKA)) {
                kafka.put(key.substring(KAFKA.length()), value);
            } else {
                own.put(key, value);
            }
        });
        var config = EngineConfig.of(own, secret());
        if (printTopics) {
            System.out.println(TopicAdmin.plan(config.topics().all()));
            return CommandLine.ExitCode.OK;
        }
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("Expected --bootstrap-servers");
        }
        var engine = EngineProcess.start(config, kafka);
        Runtime.getRuntime().addShutdownHook(new Thread(engine::close, "stop"));
        if (engine.awaitReady()) {
            System.out.println("ready http://" + engine.query().host() + ":"
                    + engine.query().port());
            System.out.flush();
        }
        var failure = engine.awaitEnd();
        if (failure.isEmpty()) {
            return CommandLine.ExitCode.OK;
        }
        System.err.println("stepstream-engine: the engine has stopped: " + failure.get());
        return CommandLine.ExitCode.SOFTWARE;
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
            if (name.startsWith(ENVIRONMENT + "ENGINE_") || name.startsWith(ENVIRONMENT + "KAFKA_")) {
                told.put(
                        name.substring(ENVIRONMENT.length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'),
                        value);
            }
        });
        told.putAll(settings);
        if (bootstrapServers != null) {
            told.put(KAFKA + "bootstrap.servers", bootstrapServers);
        }
        if (dataDir != null) {
            told.put(EngineConfig.DATA_DIR.key(), dataDir);
        }
        return told;
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
            return new String[] {"stepstream-engine " + (version == null ? "(not packaged)" : version)};
        }
    }
}
