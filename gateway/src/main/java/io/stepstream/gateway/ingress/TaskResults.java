package io.stepstream.gateway.ingress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.shape.Operation;
import io.stepstream.gateway.shape.ServiceModel;
import io.stepstream.gateway.shape.ShapeValidator;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import io.stepstream.schemas.api.JsonText;
import io.stepstream.schemas.command.ExecutionCommand;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What workers say of their tasks by topic: {@code {"type", "taskToken", ...}} where {@code type} is the name of the API's
 * operation (SendTaskSuccess, SendTaskFailure or SendTaskHeartbeat) and the other members are that operation's.
 * {@code output} may also be written as what it is (see {@link ApiRequest}).
 */
final class TaskResults implements Intake {

    private static final String SUCCESS = "SendTaskSuccess";
    private static final String FAILURE = "SendTaskFailure";
    private static final String HEARTBEAT = "SendTaskHeartbeat";

    private static final Map<String, Operation> OPERATIONS = List.of(SUCCESS, FAILURE, HEARTBEAT).stream()
            .collect(Collectors.toUnmodifiableMap(
                    Function.identity(),
                    name -> ServiceModel.get().operation(name).orElseThrow()));

    private final String topic;
    private final byte[] secret;

    /** @param secret the cluster's, which task tokens are signed with */
    TaskResults(String topic, byte[] secret) {
        this.topic = topic;
        this.secret = secret.clone();
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public void beginBatch() {
        // Nothing here is looked up.
    }

    @Override
    public Optional<Outcomes.Wanted> wantsOutcome(Incoming incoming) {
        return Optional.empty();
    }

    @Override
    public Verdict decide(Incoming incoming) {
        var request = ApiRequest.read(incoming.record().value(), "output");
        var operation = request.type().map(OPERATIONS::get);
        if (operation.isEmpty()) {
            throw new ApiException(
                    ErrorCode.ValidationException,
                    "Expected type to be SendTaskSuccess, SendTaskFailure or SendTaskHeartbeat, but "
                            + request.type().map(type -> "'" + cut(type) + "'").orElse("there is none"));
        }
        var members = operation.get().read(request.json());
        var token = TaskToken.verify(members.get("taskToken").textValue(), secret)
                .orElseThrow(() -> new ApiException(ErrorCode.InvalidToken, "Invalid Token: 'Invalid token'"));
        var requestId = Optional.of(incoming.identity());
        return new Verdict.Send(
                token.executionArn(),
                true,
                switch (operation.get().name()) {
                    case SUCCESS -> {
                        var output = output(members);
                        yield to -> new ExecutionCommand.TaskSucceeded(
                                token.executionArn(), token.task(), token.workerName(), output, requestId, to);
                    }
                    case FAILURE ->
                        to -> new ExecutionCommand.TaskFailed(
                                token.executionArn(),
                                token.task(),
                                token.workerName(),
                                text(members, "error"),
                                text(members, "cause"),
                                requestId,
                                to);
                    default ->
                        to -> new ExecutionCommand.TaskHeartbeat(
                                token.executionArn(), token.task(), token.workerName(), requestId, to);
                });
    }

    private static String output(ObjectNode members) {
        var output = members.get("output").textValue();
        if (JsonText.utf8Length(output) > JsonText.MAX_PAYLOAD_BYTES) {
            throw ShapeValidator.tooLong("output", JsonText.MAX_PAYLOAD_BYTES);
        }
        JsonText.problem(output).ifPresent(problem -> {
            throw new ApiException(ErrorCode.InvalidOutput, "Invalid Output: '" + problem + "'");
        });
        return output;
    }

    private static Optional<String> text(ObjectNode members, String name) {
        return Optional.ofNullable(members.get(name)).map(JsonNode::textValue);
    }

    private static String cut(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
