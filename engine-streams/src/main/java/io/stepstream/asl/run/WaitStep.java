package io.stepstream.asl.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.model.State;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Path;
import io.stepstream.asl.query.Rfc3339;
import io.stepstream.asl.query.jsonata.JsonataTemplate;
import io.stepstream.schemas.command.TimerRef;
import java.time.Instant;
import java.util.Optional;

/** A Wait: until when, and what comes out of it. */
final class WaitStep {

    /** Longer than any execution lives, and short enough to be counted with. */
    private static final long LONGEST_SECONDS = 999_999_999;

    private final Run run;

    WaitStep(Run run) {
        this.run = run;
    }

    Outcome enter(Scope scope, State.Wait wait) throws AslFailure {
        var raw = run.env(scope);
        var flow = DataFlow.of(wait.fields().queryLanguage());
        var due = due(wait.time(), raw.with(flow.select(raw, wait.fields())));
        if (!due.isAfter(run.now)) {
            return over(scope, wait);
        }
        long stamp = run.nextStamp();
        scope.awaiting = Optional.of(new Awaiting.TimeToPass(stamp, due));
        run.outside.setTimer(due, run.timer(scope, stamp, TimerRef.Kind.WAIT));
        return Outcome.WAITS;
    }

    Outcome over(Scope scope, State.Wait wait) throws AslFailure {
        var flow = DataFlow.of(wait.fields().queryLanguage());
        return new Outcome.Left(
                flow.passed(run.env(scope), wait.fields()), wait.fields().next());
    }

    private Instant due(State.WaitTime time, Env selected) throws AslFailure {
        if (time.seconds().isPresent()) {
            return run.now.plusSeconds(time.seconds().getAsLong());
        }
        if (time.secondsExpression().isPresent()) {
            long seconds = WholeNumber.read(time.secondsExpression().get(), selected);
            return run.now.plusSeconds(Math.min(seconds, LONGEST_SECONDS));
        }
        if (time.timestampExpression().isPresent()) {
            return timestamp(time.timestampExpression().get(), selected);
        }
        if (time.secondsPath().isPresent()) {
            var path = time.secondsPath().get();
            var value = read(path, "SecondsPath", selected);
            long seconds = WholeNumber.read(value, "SecondsPath", path.toString());
            return run.now.plusSeconds(Math.min(seconds, LONGEST_SECONDS));
        }
        if (time.timestampPath().isPresent()) {
            var path = time.timestampPath().get();
            var value = read(path, "TimestampPath", selected);
            return instant(value)
                    .orElseThrow(() -> AslFailure.runtime("The TimestampPath parameter does not reference a valid"
                            + " ISO-8601 extended offset date-time format string: " + path + " == "
                            + WholeNumber.text(value)));
        }
        return time.timestamp()
                .orElseThrow(() -> new IllegalStateException("Expected a Wait to say until when, but it does not"));
    }

    private static Instant timestamp(JsonataTemplate expression, Env env) throws AslFailure {
        var value = expression.evaluate(env);
        if (!value.isTextual()) {
            throw expression.unexpected(value, "string");
        }
        return Rfc3339.parse(value.textValue())
                .orElseThrow(() -> AslFailure.evaluation(
                        expression.field(),
                        "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: "
                                + value.textValue()));
    }

    private static JsonNode read(Path path, String field, Env env) throws AslFailure {
        return path.find(env)
                .orElseThrow(() ->
                        AslFailure.runtime("The " + field + " parameter does not reference an input value: " + path));
    }

    private static Optional<Instant> instant(JsonNode value) {
        return value.isTextual() ? Rfc3339.parse(value.textValue()) : Optional.empty();
    }
}
