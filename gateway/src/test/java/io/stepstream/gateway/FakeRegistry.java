package io.stepstream.gateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.gateway.bus.RegistryView;
import io.stepstream.schemas.view.RegistryRecord.Activity;
import io.stepstream.schemas.view.RegistryRecord.Alias;
import io.stepstream.schemas.view.RegistryRecord.Machine;
import io.stepstream.schemas.view.RegistryRecord.MachineStatus;
import io.stepstream.schemas.view.RegistryRecord.Revision;
import io.stepstream.schemas.view.RegistryRecord.Route;
import io.stepstream.schemas.view.RegistryRecord.Version;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;

/** A registry in memory. What was put {@link #late} is seen only after {@link #caughtUp()}. */
public final class FakeRegistry implements RegistryView {

    public static final String ACCOUNT = "arn:aws:states:us-east-1:123456789012:";
    public static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");

    private final ConcurrentSkipListMap<String, Machine> machines = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, Machine> lateMachines = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, Revision> revisions = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, Version> versions = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, Alias> aliases = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, Activity> activities = new ConcurrentSkipListMap<>();

    public static Machine machine(String name, String type, MachineStatus status) {
        return new Machine(
                ACCOUNT + "stateMachine:" + name, name, type, status, CREATED, 7, 0, Optional.empty(), Map.of(), 7);
    }

    /** An active standard machine with a revision. */
    public Machine put(String name) {
        return put(machine(name, "STANDARD", MachineStatus.ACTIVE));
    }

    public Machine put(Machine machine) {
        machines.put(machine.arn(), machine);
        put(revision(machine.arn(), machine.revision(), "{\"StartAt\":\"A\"}"));
        return machine;
    }

    public void late(Machine machine) {
        lateMachines.put(machine.arn(), machine);
    }

    public void put(Revision revision) {
        revisions.put(revision.stateMachineArn() + "#" + revision.revision(), revision);
    }

    public static Revision revision(String arn, long revision, String definition) {
        var nodes = JsonNodeFactory.instance;
        return new Revision(
                arn,
                revision,
                revision == 7 ? Optional.empty() : Optional.of("revision-" + revision),
                definition,
                definition.contains("$x") ? Map.of("A", List.of("x")) : Map.of(),
                "arn:aws:iam::123456789012:role/r",
                nodes.objectNode().put("level", "OFF").put("includeExecutionData", false),
                nodes.objectNode().put("enabled", false),
                nodes.objectNode().put("type", "AWS_OWNED_KEY"),
                CREATED,
                revision);
    }

    public Activity putActivity(String name) {
        var activity = new Activity(
                ACCOUNT + "activity:" + name,
                name,
                CREATED,
                JsonNodeFactory.instance.objectNode().put("type", "AWS_OWNED_KEY"),
                Map.of(),
                1);
        activities.put(activity.arn(), activity);
        return activity;
    }

    @Override
    public Optional<Machine> machine(String arn) {
        return Optional.ofNullable(machines.get(arn));
    }

    @Override
    public Optional<Revision> revision(String stateMachineArn, long revision) {
        return Optional.ofNullable(revisions.get(stateMachineArn + "#" + revision));
    }

    /** A version of a machine that was put. */
    public Version putVersion(String machine, long number, long revision) {
        var arn = ACCOUNT + "stateMachine:" + machine;
        var version = new Version(
                Version.arn(arn, number), arn, number, revision, Optional.of("version " + number), CREATED, number);
        versions.put(version.arn(), version);
        put(revision(arn, revision, "{\"StartAt\":\"" + revision + "\"}"));
        return version;
    }

    public Alias putAlias(String machine, String name, Route... routes) {
        var arn = ACCOUNT + "stateMachine:" + machine;
        var alias = new Alias(
                arn + ":" + name,
                arn,
                name,
                Optional.of("alias " + name),
                List.of(routes),
                CREATED.plusMillis(aliases.size()),
                CREATED.plusSeconds(60),
                1);
        aliases.put(alias.arn(), alias);
        return alias;
    }

    @Override
    public Optional<Version> version(String arn) {
        return Optional.ofNullable(versions.get(arn));
    }

    @Override
    public Optional<Alias> alias(String arn) {
        return Optional.ofNullable(aliases.get(arn));
    }

    @Override
    public List<Version> versions(String stateMachineArn) {
        return versions.values().stream()
                .filter(version -> version.stateMachineArn().equals(stateMachineArn))
                .toList();
    }

    @Override
    public List<Alias> aliases(String stateMachineArn) {
        return aliases.values().stream()
                .filter(alias -> alias.stateMachineArn().equals(stateMachineArn))
                .toList();
    }

    @Override
    public Optional<Activity> activity(String arn) {
        return Optional.ofNullable(activities.get(arn));
    }

    @Override
    public List<Machine> machines(Optional<String> afterArn, int limit) {
        return after(machines, afterArn, limit);
    }

    @Override
    public List<Activity> activities(Optional<String> afterArn, int limit) {
        return after(activities, afterArn, limit);
    }

    private static <T> List<T> after(ConcurrentSkipListMap<String, T> all, Optional<String> afterArn, int limit) {
        var rest = afterArn.<Map<String, T>>map(arn -> all.tailMap(arn, false)).orElse(all);
        return new TreeMap<>(rest).values().stream().limit(limit).toList();
    }

    @Override
    public CompletionStage<Void> caughtUp() {
        lateMachines.values().forEach(this::put);
        lateMachines.clear();
        return CompletableFuture.completedFuture(null);
    }
}
