package io.stepstream.streams;

import io.stepstream.asl.parse.KnownServices;
import io.stepstream.asl.run.RunLimits;
import io.stepstream.engine.ActivityQueue;
import io.stepstream.engine.ExecutionDecider;
import io.stepstream.engine.Limits;
import io.stepstream.engine.Registry;
import io.stepstream.schemas.command.ActivityCommand;
import io.stepstream.schemas.command.ExecutionCommand;
import io.stepstream.schemas.command.RegistryCommand;
import io.stepstream.services.Services;
import java.util.List;

/** What the engine is made of: executions, activity queues and the registry, each with its input topic and its tables. */
public final class EngineParts {

    private EngineParts() {}

    public static List<Part<?>> of(EngineConfig config) {
        return of(config, Services.installed());
    }

    /** {@code services} are what definitions may name. */
    static List<Part<?>> of(EngineConfig config, KnownServices services) {
        var topics = config.topics();
        var limits = limits(config);
        var quotas = quotas(config);
        var secret = config.secret();
        var lease = config.get(EngineConfig.ACTIVITY_LEASE);
        return List.of(
                new Part<>(
                        "executions",
                        topics.commands(),
                        ExecutionCommand.class,
                        ExecutionDecider.TABLES,
                        () -> new ExecutionDecider(limits, secret, services)),
                new Part<>(
                        "activities",
                        topics.activityTasks(),
                        ActivityCommand.class,
                        List.of(ActivityQueue.TABLE),
                        () -> new ActivityQueue(secret, lease)),
                new Part<>(
                        "registry",
                        topics.registryCommands(),
                        RegistryCommand.class,
                        List.of(Registry.TABLE),
                        () -> new Registry(quotas, services)));
    }

    private static Registry.Quotas quotas(EngineConfig config) {
        var aws = Registry.Quotas.AWS;
        return new Registry.Quotas(
                config.get(EngineConfig.STATE_MACHINES),
                config.get(EngineConfig.ACTIVITIES),
                aws.versions(),
                aws.aliases());
    }

    private static Limits limits(EngineConfig config) {
        return new Limits(
                RunLimits.DEFAULTS
                        .withHistoryEvents(config.get(EngineConfig.HISTORY_EVENTS))
                        .withMapConcurrency(config.get(EngineConfig.MAP_CONCURRENCY))
                        .withPayloadBytes(config.get(EngineConfig.PAYLOAD_BYTES))
                        .withVariables(config.get(EngineConfig.ASSIGN_BYTES), config.get(EngineConfig.VARIABLES_BYTES))
                        .withLongest(config.get(EngineConfig.EXECUTION_TIME))
                        .withTransitions(config.get(EngineConfig.TRANSITIONS)),
                Limits.DEFAULTS.rememberedOffsets());
    }
}
