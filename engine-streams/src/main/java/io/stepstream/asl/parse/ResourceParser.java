package io.stepstream.asl.parse;

import io.stepstream.asl.model.State.Integration;
import io.stepstream.asl.model.State.Resource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what a Task's Resource names, and with that who does its work. */
final class ResourceParser {

    private static final Pattern ACTIVITY =
            Pattern.compile("arn:[a-z0-9-]+:states:[a-z0-9-]+:[0-9]{12}:activity:[^:\\s]{1,80}");
    private static final Pattern FUNCTION = Pattern.compile(
            "arn:[a-z0-9-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}(:(\\$LATEST|[A-Za-z0-9_-]{1,128}))?");
    private static final Pattern INTEGRATION = Pattern.compile(
            "arn:[a-z0-9-]+:states:[a-z0-9-]*:[0-9]*:((?:aws-sdk:)?[A-Za-z0-9-]+):([A-Za-z0-9]+)(\\.[A-Za-z]+(?::[0-9]+)?)?");

    private static final String SDK = "aws-sdk:";

    /** AWS's optimized integrations: a service of these that is not done here is right all the same. */
    private static final Set<String> OPTIMIZED = Set.of(
            "apigateway",
            "athena",
            "batch",
            "bedrock",
            "codebuild",
            "databrew",
            "dynamodb",
            "ecs",
            "eks",
            "elasticmapreduce",
            "emr-containers",
            "emr-serverless",
            "events",
            "glue",
            "http",
            "lambda",
            "mediaconvert",
            "sagemaker",
            "sns",
            "sqs",
            "states");

    private final Source source;
    private final boolean express;
    private final KnownServices services;

    ResourceParser(Source source, boolean express, KnownServices services) {
        this.source = source;
        this.express = express;
        this.services = services;
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
        if (FUNCTION.matcher(arn).matches()) {
            return Optional.of(new Resource(arn, Resource.Kind.FUNCTION));
        }
        var integration = integration(arn);
        if (integration.isEmpty()) {
            source.schema(
                    "Resource",
                    "The resource provided " + arn
                            + " is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.");
            return Optional.empty();
        }
        check(integration.get());
        return Optional.of(new Resource(arn, Resource.Kind.SERVICE, integration));
    }

    private Optional<Integration> integration(String arn) {
        var matcher = INTEGRATION.matcher(arn);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var suffix = matcher.group(3) == null ? "" : matcher.group(3);
        var service = matcher.group(1);
        return Arrays.stream(Integration.Pattern.values())
                .filter(pattern -> pattern.suffix().equals(suffix))
                .map(pattern -> new Integration(service, matcher.group(2), pattern))
                .filter(found -> isNamedInAws(service) || services.know(found))
                .findFirst();
    }

    private static boolean isNamedInAws(String service) {
        return service.startsWith(SDK) || OPTIMIZED.contains(service);
    }

    /** AWS's sentence about task tokens ends with a blank. */
    private void check(Integration integration) {
        var pattern = integration.pattern();
        if (express && (pattern == Integration.Pattern.SYNC || pattern == Integration.Pattern.SYNC_2)) {
            source.schema("Resource", "Express state machine does not support '.sync' service integration");
        } else if (express && pattern == Integration.Pattern.WAIT_FOR_TASK_TOKEN) {
            source.schema(
                    "Resource", "Express state machine does not support '.waitForTaskToken' service integration ");
        } else if (!services.know(integration)) {
            source.findings()
                    .notYet(
                            source.at("Resource"),
                            "The service integration '" + integration.service() + ":" + integration.resource() + "'");
        }
    }
}
