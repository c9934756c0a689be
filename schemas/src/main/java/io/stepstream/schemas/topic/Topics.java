package io.stepstream.schemas.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The topics, their partition counts and settings: the one list that creating, verifying and documenting use.
 *
 * @param prefix put before every name, {@code stepstream.} by default
 * @param partitions counts by role, see {@link Partitions}
 * @param replicationFactor of every topic
 */
public record Topics(String prefix, Partitions partitions, short replicationFactor) {

    public static final String DEFAULT_PREFIX = "stepstream.";

    /** How many partitions: {@code commands} also sets that of events, executions, publishes and logs. */
    public record Partitions(int commands, int ingress, int activityTasks, int replies, int rejected) {
        public static final Partitions CLUSTER = new Partitions(24, 12, 24, 24, 3);
        public static final Partitions EMBEDDED = new Partitions(4, 2, 4, 4, 1);
    }

    /** One topic as it should be. */
    public record Topic(String name, int partitions, short replicationFactor, Map<String, String> config) {}

    public static Topics embedded(String prefix) {
        return new Topics(prefix, Partitions.EMBEDDED, (short) 1);
    }

    public String commands() {
        return prefix + "commands";
    }

    public String events() {
        return prefix + "events";
    }

    public String executions() {
        return prefix + "executions";
    }

    public String startRequests() {
        return prefix + "start-requests";
    }

    public String taskResults() {
        return prefix + "task-results";
    }

    public String rejected() {
        return prefix + "rejected";
    }

    public String activityTasks() {
        return prefix + "activity-tasks";
    }

    public String registryCommands() {
        return prefix + "registry-commands";
    }

    public String registry() {
        return prefix + "registry";
    }

    public String logs() {
        return prefix + "logs";
    }

    public String replies() {
        return prefix + "replies";
    }

    /** Every topic with its settings, in the order in which a reader wants to see them. */
    public List<Topic> all() {
        var all = new ArrayList<Topic>();
        all.add(topic(commands(), partitions.commands, deleted(Duration.ofDays(7), true)));
        all.add(topic(events(), partitions.commands, compacted()));
        all.add(topic(executions(), partitions.commands, compacted()));
        all.add(topic(logs(), partitions.commands, deleted(Duration.ofDays(7), false)));
        all.add(topic(startRequests(), partitions.ingress, deleted(Duration.ofDays(7), false)));
        all.add(topic(taskResults(), partitions.ingress, deleted(Duration.ofDays(7), false)));
        all.add(topic(rejected(), partitions.rejected, deleted(Duration.ofDays(14), false)));
        all.add(topic(activityTasks(), partitions.activityTasks, deleted(Duration.ofDays(7), true)));
        all.add(topic(registryCommands(), 1, deleted(Duration.ofDays(7), true)));
        all.add(topic(registry(), 1, compacted()));
        all.add(topic(replies(), partitions.replies, deleted(Duration.ofMinutes(10), false)));
        return List.copyOf(all);
    }

    private Topic topic(String name, int partitions, Map<String, String> config) {
        return new Topic(name, partitions, replicationFactor, config);
    }

    private static Map<String, String> deleted(Duration retention, boolean logAppendTime) {
        var config = new LinkedHashMap<String, String>();
        config.put("cleanup.policy", "delete");
        config.put("retention.ms", Long.toString(retention.toMillis()));
        config.put("message.timestamp.type", logAppendTime ? "LogAppendTime" : "CreateTime");
        config.put("max.message.bytes", Integer.toString(MAX_MESSAGE_BYTES));
        return config;
    }

    private static Map<String, String> compacted() {
        var config = new LinkedHashMap<String, String>();
        config.put("cleanup.policy", "compact");
        config.put("max.message.bytes", Integer.toString(MAX_MESSAGE_BYTES));
        return config;
    }

    /**
     * A definition of 1 MiB or a payload of 256 KiB, escaped as a JSON string (at worst six bytes for one, for control
     * characters), with room for what stands around it.
     */
    public static final int MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
}
