package io.stepstream.gateway.ingress;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.Starts;
import io.stepstream.gateway.bus.CommandBus;
import io.stepstream.gateway.bus.RegistryView;
import io.stepstream.gateway.bus.UnknownFateException;
import io.stepstream.gateway.shape.Operation;
import io.stepstream.gateway.shape.ServiceModel;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.view.Views;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Starts by topic: {@code {"stateMachineArn", "name"?, "input"?, "traceHeader"?}} with the members of StartExecution, where
 * {@code input} may also be written as what it is (see {@link ApiRequest}).
 *
 * <p>A start without a name gets one from where its record stands, and the record's position, by which the engine drops a
 * second delivery: nobody waits for its reply. A start with a name, or whose outcome is wanted, is idempotent by its name
 * instead, so that a second delivery is answered like the first.
 */
final class StartRequests implements Intake {

    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final Duration PREPARATION = Duration.ofSeconds(30);

    private final String topic;
    private final BatchRegistryView registry;
    private final Starts starts;
    private final Outcomes outcomes;
    private final Operation startExecution =
            ServiceModel.get().operation("StartExecution").orElseThrow();

    StartRequests(String topic, CommandBus bus, RegistryView registry, Views views, Outcomes outcomes) {
        this.topic = topic;
        this.registry = new BatchRegistryView(registry);
        this.starts = Starts.ofDeliveries(bus, this.registry, views);
        this.outcomes = outcomes;
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public void beginBatch() {
        registry.beginBatch();
    }

    @Override
    public Optional<Outcomes.Wanted> wantsOutcome(Incoming incoming) {
        return outcomes.wanted(incoming);
    }

    @Override
    public Verdict decide(Incoming incoming) {
        var members = startExecution.read(
                ApiRequest.read(incoming.record().value(), "input").json());
        traceHeader(incoming, members);
        var request = Starts.Request.of(members, derivedName(incoming), Optional.of(incoming.identity()));
        if (request.nameGiven()) {
            return new Verdict.Call(() -> starts.start(request));
        }
        if (outcomes.wanted(incoming).isPresent()) {
            var named = new Starts.Request(
                    request.stateMachineArn(),
                    request.name(),
                    true,
                    request.input(),
                    request.traceHeader(),
                    request.requestId());
            return new Verdict.Call(() -> starts.start(named));
        }
        var prepared = prepared(request);
        return new Verdict.Send(
                prepared.executionArn(), false, replyTo -> prepared.command(incoming.origin(), replyTo));
    }

    private Starts.Prepared prepared(Starts.Request request) {
        try {
            return starts.prepare(request).toCompletableFuture().get(PREPARATION.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ApiException refused) {
                throw refused;
            }
            throw new UnknownFateException("Expected the registry to answer, but " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new UnknownFateException("Expected the registry to answer within " + PREPARATION, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownFateException("Expected the registry to answer, but was interrupted", e);
        }
    }

    private static void traceHeader(Incoming incoming, ObjectNode members) {
        if (!members.has("traceHeader")) {
            incoming.header("traceparent")
                    .filter(value -> TRACEPARENT.matcher(value).matches())
                    .ifPresent(value -> members.put("traceHeader", value));
        }
    }

    /** At most 74 characters, all of them legal in a name: the hash sets a topic that was made again apart. */
    private static String derivedName(Incoming incoming) {
        var topic = Integer.toHexString(incoming.topicId().hashCode());
        return "start-requests-" + "0".repeat(8 - topic.length()) + topic + "-"
                + incoming.record().partition() + "-" + incoming.record().offset();
    }
}
