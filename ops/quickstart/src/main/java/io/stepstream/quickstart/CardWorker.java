package io.stepstream.quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;

/** An activity worker as one would write it for AWS: asks for a task, does it, answers. */
final class CardWorker implements Runnable {

    private static final int LIMIT = 500;

    private final SfnClient sfn;
    private final String activityArn;
    private final ObjectMapper json = new ObjectMapper();
    private volatile boolean stopped;

    CardWorker(SfnClient sfn, String activityArn) {
        this.sfn = sfn;
        this.activityArn = activityArn;
    }

    @Override
    public void run() {
        while (!stopped) {
            try {
                // held by the server until there is a task, for at most a minute
                var task = sfn.getActivityTask(
                        request -> request.activityArn(activityArn).workerName("card-worker"));
                if (task.taskToken() != null) {
                    charge(task.taskToken(), task.input());
                }
            } catch (SdkException e) {
                if (!stopped) {
                    System.err.println("worker: " + e.getMessage());
                }
            }
        }
    }

    void stop() {
        stopped = true;
    }

    private void charge(String token, String input) {
        try {
            int total = json.readTree(input).path("total").asInt();
            if (total > LIMIT) {
                sfn.sendTaskFailure(request -> request.taskToken(token)
                        .error("CardDeclined")
                        .cause("Expected at most " + LIMIT + ", but the total is " + total));
            } else {
                var payment = json.writeValueAsString(Map.of("charged", total, "receipt", "R-" + total));
                sfn.sendTaskSuccess(request -> request.taskToken(token).output(payment));
            }
        } catch (JsonProcessingException e) {
            sfn.sendTaskFailure(
                    request -> request.taskToken(token).error("BadOrder").cause(e.getOriginalMessage()));
        }
    }
}
