package io.stepstream.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.FakeViews;
import io.stepstream.gateway.shape.ServiceModel;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MapRunActionsTest {

    private static final String EXECUTION = TestApi.ACCOUNT + "execution:m:e";
    private static final String MAP_RUN = TestApi.ACCOUNT + "mapRun:m/label:4";

    private final TestApi api = new TestApi();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void anExecutionHasNoMapRuns() {
        api.views.put(FakeViews.execution(EXECUTION, Status.SUCCEEDED, FakeViews.STARTED));
        assertThat(api.call("ListMapRuns", "{\"executionArn\":\"" + EXECUTION + "\"}")
                        .body())
                .hasToString("{\"mapRuns\":[]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ListMapRuns; {\"executionArn\":\"EXECUTION\"}; ExecutionDoesNotExist",
                "ListMapRuns; {\"executionArn\":\"EXECUTION\",\"nextToken\":\"x\"}; InvalidToken",
                "ListMapRuns; {\"executionArn\":\"nothing\"}; InvalidArn",
                "DescribeMapRun; {\"mapRunArn\":\"MAP_RUN\"}; ResourceNotFound",
                "DescribeMapRun; {\"mapRunArn\":\"nothing\"}; InvalidArn",
                "UpdateMapRun; {\"mapRunArn\":\"MAP_RUN\",\"maxConcurrency\":0}; ResourceNotFound",
                "UpdateMapRun; {\"mapRunArn\":\"MAP_RUN\"}; ValidationException",
                "UpdateMapRun; {\"mapRunArn\":\"nothing\",\"maxConcurrency\":1}; InvalidArn",
            })
    void whatIsNotThereIsNotFound(String operation, String request, String error) {
        var body = request.replace("EXECUTION", EXECUTION).replace("MAP_RUN", MAP_RUN);
        assertThat(api.call(operation, body).error()).isEqualTo(error);
    }

    @Test
    void everyOperationOfTheApiHasItsAction() {
        assertThat(api.actions.names())
                .containsExactlyInAnyOrderElementsOf(ServiceModel.get().operations());
    }
}
