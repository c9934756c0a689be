package io.stepstream.schemas.api;

import io.stepstream.schemas.Arn;
import java.util.List;

/** Which ARNs an operation takes, and AWS's words for those it does not. */
public final class Arns {

    private Arns() {}

    /** Of a state machine, qualified or labelled in any way. */
    public static Arn stateMachine(String text) {
        return require(text, Arn.STATE_MACHINE);
    }

    /** Of a state machine, but not of a Map state in it. */
    public static Arn unlabelledStateMachine(String text) {
        var arn = stateMachine(text);
        if (arn.isLabelled()) {
            throw new ApiException(
                            ErrorCode.ValidationException,
                            "This operation does not support labeled state machine ARNs: '" + text + "'")
                    .with("reason", "API_DOES_NOT_SUPPORT_LABELED_ARNS");
        }
        return arn;
    }

    /** Of an execution that is recorded, hence not Express. */
    public static Arn execution(String text) {
        return require(text, Arn.EXECUTION);
    }

    public static Arn activity(String text) {
        return require(text, Arn.ACTIVITY);
    }

    public static Arn mapRun(String text) {
        return require(text, Arn.MAP_RUN);
    }

    /** Of a state machine or an activity: what has tags. */
    public static Arn taggable(String text) {
        var isActivity = Arn.parse(text).filter(arn -> arn.type().equals(Arn.ACTIVITY));
        return isActivity.isPresent() ? activity(text) : stateMachine(text);
    }

    /** Of an IAM role. What it allows is nothing to us, since nobody assumes it; that it is an ARN we check as AWS does. */
    public static void role(String text) {
        if (!text.startsWith("arn:")) {
            throw invalid("Invalid ARN prefix: " + text);
        }
    }

    private static Arn require(String text, String type) {
        if (!text.startsWith("arn:")) {
            throw invalid("Invalid ARN prefix: " + text);
        }
        var arn = Arn.parse(text).orElseThrow(() -> invalid("Invalid ARN: " + text));
        if (!arn.service().equals("states") || !arn.type().equals(type)) {
            throw invalid("Resource type not valid in this context: " + arn.type());
        }
        if (List.of(arn.partition(), arn.region(), arn.account(), arn.resource())
                .contains("")) {
            throw invalid("Invalid ARN: " + text);
        }
        return arn;
    }

    private static ApiException invalid(String what) {
        return new ApiException(ErrorCode.InvalidArn, "Invalid Arn: '" + what + "'");
    }
}
