package io.stepstream.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.stepstream.asl.model.StateMachine;
import io.stepstream.asl.parse.KnownServices;
import io.stepstream.schemas.command.ExecutionCommand;
import java.util.List;

/**
 * Decides the commands of one partition of {@code commands}: starts executions, runs them on what happens to them, and keeps
 * what the log says of machines and activities. The rules of a running execution are the interpreter's; here is how commands
 * become its calls, and what is remembered around it.
 */
public final class ExecutionDecider implements Decider<ExecutionCommand> {

    /** Open executions. */
    public static final String EXECUTIONS = "executions";

    /** Revisions of machines, activities, and starts that wait for their revision. */
    public static final String DEFINITIONS = "definitions";

    /** Executions that were closed a short while ago. */
    public static final String NAMES = "names";

    /** Calls to services whose outcomes are awaited. */
    public static final String CALLS = "calls";

    /** Executions that ended badly a short while ago, with all that a redrive needs. */
    public static final String REDRIVABLE = "redrivable";

    /** All of them. */
    public static final List<String> TABLES = List.of(EXECUTIONS, DEFINITIONS, NAMES, CALLS, REDRIVABLE);

    /** The number of these semantics. The log's guard lets no log through that asks for a higher one. */
    public static final int SEMANTICS = 1;

    private static final int PARSED_MACHINES = 1_000;

    private final Limits limits;
    private final byte[] secret;
    private final KnownServices services;

    /** Parsed definitions by machine and revision: what a revision says never changes. */
    private final Cache<String, StateMachine> parsed = Caffeine.newBuilder()
            .maximumSize(PARSED_MACHINES)
            .executor(Runnable::run)
            .build();

    /**
     * @param secret the cluster's, which signs task tokens
     * @param services what definitions that are validated or tested may name
     */
    public ExecutionDecider(Limits limits, byte[] secret, KnownServices services) {
        this.limits = limits;
        this.secret = secret.clone();
        this.services = services;
    }

    @Override
    public Decision decide(String key, ExecutionCommand command, Moment moment, Rows<ExecutionCommand> rows) {
        var definitions = new Definitions(rows.table(DEFINITIONS), parsed);
        return command.match(new ExecutionStep(
                key, moment, rows, definitions, new ServiceCalls(rows.table(CALLS), secret), limits, services));
    }

    @Override
    public Decision failed(
            String key,
            ExecutionCommand command,
            Moment moment,
            Rows<ExecutionCommand> rows,
            IllegalStateException bug) {
        return BrokenExecution.end(key, command, moment, rows, new ServiceCalls(rows.table(CALLS), secret), bug);
    }
}
