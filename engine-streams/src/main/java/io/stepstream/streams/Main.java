package io.stepstream.streams;

import io.stepstream.schemas.config.SettingSources;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
        var told = told();
        var config = EngineConfig.of(told.settings(), told.secret(secretFile));
        if (printTopics) {
            System.out.println(TopicAdmin.plan(config.topics().all()));
            return CommandLine.ExitCode.OK;
        }
        var kafka = new LinkedHashMap<String, String>();
        told.kafka().forEach((key, value) -> kafka.put(key.substring(KAFKA.length()), value));
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

    SettingSources told() {
        var options = new LinkedHashMap<>(settings);
        if (bootstrapServers != null) {
            options.put(KAFKA + "bootstrap.servers", bootstrapServers);
        }
        if (dataDir != null) {
            options.put(EngineConfig.DATA_DIR.key(), dataDir);
        }
        return SettingSources.of(EngineConfig.settings(), configFile, environment, options);
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
