package io.stepstream.gateway.http;

import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.Arns;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.view.Views;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Map Runs. This version has no Distributed Map, so no execution has any, and none is found. */
final class MapRunActions {

    private static final List<String> CHANGES =
            List.of("maxConcurrency", "toleratedFailurePercentage", "toleratedFailureCount");

    private final Views views;

    MapRunActions(Views views) {
        this.views = views;
    }

    Map<String, Action> actions() {
        return Map.of(
                "ListMapRuns", this::list,
                "DescribeMapRun", MapRunActions::describe,
                "UpdateMapRun", MapRunActions::update);
    }

    private CompletionStage<Answer> list(Call call) {
        var arn = Arns.execution(call.text("executionArn")).toString();
        if (call.optional("nextToken").isPresent()) {
            // No page was ever followed by another.
            throw new ApiException(ErrorCode.InvalidToken, "Invalid Token: 'Invalid token'");
        }
        return views.execution(arn).thenApply(found -> {
            if (found.isEmpty()) {
                throw ExecutionActions.noExecution(arn);
            }
            return members -> members.list("mapRuns", List.of(), (item, mapRun) -> {});
        });
    }

    private static CompletionStage<Answer> describe(Call call) {
        throw noMapRun(call.text("mapRunArn"));
    }

    private static CompletionStage<Answer> update(Call call) {
        if (CHANGES.stream().noneMatch(call.input()::hasNonNull)) {
            throw new ApiException(
                            ErrorCode.ValidationException,
                            "Either the maxConcurrency, the toleratedFailureCount, or the toleratedFailurePercentage"
                                    + " must be specified")
                    .with("reason", "MISSING_REQUIRED_PARAMETER");
        }
        throw noMapRun(call.text("mapRunArn"));
    }

    /** InvalidArn if it is not even an ARN of one. */
    static ApiException noMapRun(String mapRunArn) {
        var arn = Arns.mapRun(mapRunArn).toString();
        return new ApiException(ErrorCode.ResourceNotFound, "Resource not found: '" + arn + "'")
                .with("resourceName", arn);
    }
}
