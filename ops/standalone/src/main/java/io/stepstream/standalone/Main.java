package io.stepstream.standalone;

import io.stepstream.gateway.GatewayConfig;
import io.stepstream.schemas.config.Setting;
import io.stepstream.streams.EngineConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the standalone server. */
@Command(
        name = "stepstream",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 110,
        header = "Step Functions on your own Kafka: broker, engine and gateway in one process.",
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        description = {
            "Prints one line, `ready http://HOST:PORT`, when calls are answered, and serves until it is told to stop",
            "(Ctrl-C, SIGTERM). Everything else is on the error output.",
            "",
            "Any AWS SDK or the AWS CLI works with it; credentials may be anything:",
            "  AWS_ENDPOINT_URL_SFN=http://127.0.0.1:8083 aws stepfunctions list-state-machines",
            "What happens is on the Kafka topics stepstream.events and stepstream.executions of its broker.",
            "Under load on few processors, java -XX:+UseParallelGC -jar ... does about a third more.",
            ""
        },
        optionListHeading = "Options:%n",
        footerHeading = "%nSettings for --set, with their defaults:%n")
public final class Main implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    @Option(
            names = "--port",
            defaultValue = "8083",
            description = "Port of the API; 0 for any that is free (default ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = {
                "Address that the API listens on (default ${DEFAULT-VALUE}: this machine only).",
                "Another one needs --set gateway.credentials=FILE: who calls must then sign."
            })
    private String host = "";

    @Option(
            names = "--kafka-port",
            defaultValue = "19092",
            description = "Port of the broker, on 127.0.0.1 only; 0 for any that is free (default ${DEFAULT-VALUE}).")
    private int kafkaPort;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where everything is kept (default ~/.stepstream). One process at a time.")
    private @Nullable Path dataDirectory;

    @Option(names = "--ephemeral", description = "Keep everything in a temporary directory, deleted at the end.")
    private boolean ephemeral;

    @Option(
            names = "--fsync",
            description = {
                "Force every write to the disk before it is acknowledged: survives power loss, costs milliseconds.",
                "Without it everything survives the end of the process, kill -9 included."
            })
    private boolean fsync;

    @Option(names = "--region", paramLabel = "REGION", description = "Region in ARNs (default us-east-1).")
    private @Nullable String region;

    @Option(
            names = "--account",
            paramLabel = "ID",
            description = "Account in ARNs, twelve digits (default 123456789012).")
    private @Nullable String account;

    @Option(
            names = "--max-history-events",
            paramLabel = "N",
            description = "Events after which an execution fails (default 25000, as AWS).")
    private @Nullable Integer maxHistoryEvents;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any setting of the table below; may be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        // the last one holds, so that scripts can have defaults of their own
        var command = new CommandLine(new Main()).setOverwrittenOptionsAllowed(true);
        command.getCommandSpec().usageMessage().footer(settingsHelp().toArray(new String[0]));
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            LOG.debug("Expected to start, but failed", failure);
            line.getErr().println("stepstream: " + failure.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
        return command;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var server = Standalone.start(options());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
        System.out.println("ready http://" + host + ":" + server.port());
        System.out.flush();
        var failure = server.awaitEnd();
        if (failure.isEmpty()) {
            return CommandLine.ExitCode.OK;
        }
        System.err.println(
                "stepstream: the engine has stopped: " + failure.get().getMessage());
        return CommandLine.ExitCode.SOFTWARE;
    }

    private Standalone.Options options() {
        var all = new LinkedHashMap<>(settings);
        if (region != null) {
            all.put(GatewayConfig.REGION.key(), region);
        }
        if (account != null) {
            all.put(GatewayConfig.ACCOUNT.key(), account);
        }
        if (maxHistoryEvents != null) {
            all.put(EngineConfig.HISTORY_EVENTS.key(), maxHistoryEvents.toString());
        }
        var kept = dataDirectory != null ? dataDirectory : Path.of(System.getProperty("user.home"), ".stepstream");
        return new Standalone.Options(
                ephemeral ? Optional.empty() : Optional.of(kept), host, port, kafkaPort, fsync, all);
    }

    /** What {@code --set} knows, without what the options and the process itself decide. */
    static List<String> settingsHelp() {
        var lines = new ArrayList<String>();
        Stream.concat(EngineConfig.settings().stream(), GatewayConfig.settings().stream())
                .forEach(setting -> add(lines, setting.key(), Setting.show(setting.byDefault()), setting.sentence()));
        return lines;
    }

    private static void add(List<String> lines, String key, String byDefault, String sentence) {
        if (!Standalone.DECIDED.contains(key)) {
            // a help line is a format
            lines.add(("  " + key + " (" + byDefault + ")").replace("%", "%%"));
            lines.add(("      " + sentence).replace("%", "%%"));
        }
    }
}
