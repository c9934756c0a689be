package io.stepstream.schemas;

import java.util.Optional;

/**
 * Amazon Resource Names of the resources that Step Functions knows, so that nobody concatenates them by hand.
 *
 * <p>{@code arn:<partition>:states:<region>:<account>:<type>:<resource>}; the resource of an execution is
 * {@code <machine>:<name>}, of an Express execution {@code <machine>:<name>:<uuid>}.
 */
public record Arn(String partition, String service, String region, String account, String type, String resource) {

    public static final String STATE_MACHINE = "stateMachine";
    public static final String EXECUTION = "execution";
    public static final String EXPRESS = "express";
    public static final String ACTIVITY = "activity";
    public static final String MAP_RUN = "mapRun";

    /** The parts of an ARN; empty where the text does not have that form. Says nothing of the names in it. */
    public static Optional<Arn> parse(String text) {
        var parts = text.split(":", 7);
        if (parts.length < 7 || !parts[0].equals("arn")) {
            return Optional.empty();
        }
        return Optional.of(new Arn(parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]));
    }

    /** Of a state machine, version, alias or execution: the machine's name, with its Map label if there is one. */
    public String machineName() {
        int colon = resource.indexOf(':');
        return colon < 0 ? resource : resource.substring(0, colon);
    }

    /** What follows the machine's name: version number, alias or execution name; empty if nothing does. */
    public Optional<String> qualifier() {
        int colon = resource.indexOf(':');
        return colon < 0 ? Optional.empty() : Optional.of(resource.substring(colon + 1));
    }

    /** True for {@code stateMachine:<name>:<number>}; whatever else qualifies a state machine is an alias. */
    public boolean isVersion() {
        return type.equals(STATE_MACHINE)
                && qualifier()
                        .filter(text -> text.chars().allMatch(c -> c >= '0' && c <= '9'))
                        .isPresent();
    }

    /** True for {@code stateMachine:<name>/<label>}, an ARN that names a Distributed Map state inside a machine. */
    public boolean isLabelled() {
        return machineName().indexOf('/') >= 0;
    }

    /** The same account's resource of another kind. */
    public Arn sibling(String type, String resource) {
        return new Arn(partition, service, region, account, type, resource);
    }

    /** The execution of that name; this must be a state machine, qualified or not. */
    public Arn execution(String name) {
        return sibling(EXECUTION, machineName() + ":" + name);
    }

    /** An Express execution of that name, which need not be the only one; this must be a state machine, qualified or not. */
    public Arn expressExecution(String name, String uuid) {
        return sibling(EXPRESS, machineName() + ":" + name + ":" + uuid);
    }

    /** The unqualified machine of this version, alias or execution. */
    public Arn stateMachine() {
        return sibling(STATE_MACHINE, machineName());
    }

    @Override
    public String toString() {
        return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + type + ":" + resource;
    }
}
