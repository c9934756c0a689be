package io.stepstream.asl.parse;

import io.stepstream.asl.model.State.Resource;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what a Task's Resource names, and with that who does its work. */
final class ResourceParser {

    private static final Pattern ACTIVITY =
            Pattern.compile("arn:[a-z0-9-]+:states:[a-z0-9-]+:[0-9]{12}:activity:[^:\\s]{1,80}");
    private static final Pattern FUNCTION =
            Pattern.compile("arn:[a-z0-9-]+:lambda:[a-z0-9-]+:[a-z0-9-]+:function:[A-Za-z0-9_-]+(:[A-Za-z0-9$_-]+)?");
    private static final Pattern INTEGRATION = Pattern.compile(
            "arn:[a-z0-9-]+:states:[a-z0-9-]*:[0-9]*:((?:aws-sdk:)?[A-Za-z0-9-]+:[A-Za-z0-9]+)(\\.[A-Za-z]+)?(?::[0-9]+)?");

    private final Source source;
    private final boolean express;

    ResourceParser(Source source, boolean express) {
        this.source = source;
        this.express = express;
    }

    Optional<Resource> parse() {
        return source.text("Resource").flatMap(this::resource);
    }

    private Optional<Resource> resource(String arn) {
        if (ACTIVITY.matcher(arn).matches()) {
            if (express) {
                source.schema("Resource", "Express state machine does not support Activity ARN");
            }
            return Optional.of(new Resource(arn, Resource.Kind.ACTIVITY));
        }
        var integration = INTEGRATION.matcher(arn);
        var other = Optional.of(new Resource(arn, Resource.Kind.OTHER));
        if (FUNCTION.matcher(arn).matches()) {
            source.findings().notYet(source.at("Resource"), "The Lambda function '" + arn + "'");
            return other;
        } else if (integration.matches()) {
            integration(integration.group(1), integration.group(2) == null ? "" : integration.group(2));
            return other;
        } else {
            source.schema(
                    "Resource",
                    "The resource provided " + arn
                            + " is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.");
        }
        return Optional.empty();
    }

    /** AWS's sentence about task tokens ends with a blank. */
    private void integration(String action, String pattern) {
        if (express && pattern.equals(".sync")) {
            source.schema("Resource", "Express state machine does not support '.sync' service integration");
        } else if (express && pattern.equals(".waitForTaskToken")) {
            source.schema(
                    "Resource", "Express state machine does not support '.waitForTaskToken' service integration ");
        } else {
            source.findings().notYet(source.at("Resource"), "The service integration '" + action + pattern + "'");
        }
    }
}
