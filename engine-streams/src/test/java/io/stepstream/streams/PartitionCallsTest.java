package io.stepstream.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.model.State.Integration;
import io.stepstream.engine.Effect;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ServiceCall;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.services.ServiceContext;
import io.stepstream.services.ServiceOutcome;
import io.stepstream.services.ServiceSettings;
import io.stepstream.services.Services;
import io.stepstream.services.TaskService;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.utils.Bytes;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartitionCallsTest {

    private static final int UNDER_WAY = 2;

    private final List<CompletableFuture<ServiceOutcome>> answers = new CopyOnWriteArrayList<>();
    private final List<Long> asked = new CopyOnWriteArrayList<>();
    private final EffectWorkers workers = new EffectWorkers(
            Services.of(new TaskService() {
                @Override
                public boolean serves(Integration integration) {
                    return true;
                }

                @Override
                public String errorPrefix(ServiceCall call) {
                    return "Any";
                }

                @Override
                public CompletableFuture<ServiceOutcome> call(ServiceCall call, ServiceContext context) {
                    var answer = new CompletableFuture<ServiceOutcome>();
                    answers.add(answer);
                    asked.add(call.task().stamp());
                    return answer;
                }
            }),
            new ServiceSettings(Map.of(), URI.create("http://127.0.0.1:1"), Map.of(), 1_000, Duration.ofSeconds(5)),
            new EffectWorkers.Bounds(UNDER_WAY, 0),
            new EffectWorkers.Outcomes() {
                @Override
                public void tell(ServiceCall call, ServiceOutcome outcome, Runnable confirmed) {
                    confirmed.run();
                }

                @Override
                public void close() {
                    // holds nothing
                }
            });
    private final MapStore rows = new MapStore();

    @AfterEach
    void close() {
        workers.close();
    }

    private static ServiceCall call(long stamp) {
        return new ServiceCall(
                "arn",
                new TaskRef(1, 1, stamp),
                "resource",
                "any",
                "action",
                "{}",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Bytes key(long stamp) {
        return Bytes.wrap(("arn" + stamp).getBytes(StandardCharsets.UTF_8));
    }

    /** As a decision does: the row, then the effect. */
    private void decide(PartitionCalls calls, long stamp) {
        rows.put(key(stamp), Json.bytes(call(stamp)));
        calls.route(new Effect.CallService(call(stamp)));
    }

    private void end(PartitionCalls calls, long stamp) {
        rows.delete(key(stamp));
        calls.route(new Effect.EndCall("arn", new TaskRef(1, 1, stamp)));
    }

    private void awaitAsked(Long... stamps) {
        Awaitility.await().untilAsserted(() -> assertThat(asked).containsExactlyInAnyOrder(stamps));
    }

    @Test
    void aCallOfAPartitionThatIsUpToDateIsMadeAtOnce() {
        var calls = new PartitionCalls(rows, workers, -1, 0);
        decide(calls, 1);
        awaitAsked(1L);
    }

    @Test
    void whatTheLogStillAnswersIsNotCalledAgain() {
        rows.put(key(1), Json.bytes(call(1)));
        rows.put(key(2), Json.bytes(call(2)));
        var calls = new PartitionCalls(rows, workers, 4, 8);
        assertThat(calls.nextTick(100)).isEqualTo(PartitionCalls.NEVER);
        decide(calls, 3);
        calls.applied(5);
        end(calls, 1);
        calls.applied(6);
        end(calls, 3);
        assertThat(calls.nextTick(100)).isEqualTo(PartitionCalls.NEVER);
        calls.applied(7);
        assertThat(calls.nextTick(100)).isGreaterThan(100).isNotEqualTo(PartitionCalls.NEVER);
        calls.tick();
        awaitAsked(2L);
        assertThat(calls.nextTick(100)).isEqualTo(PartitionCalls.NEVER);
    }

    @Test
    void whatFindsNoRoomIsOfferedAgainUntilItDoes() {
        var calls = new PartitionCalls(rows, workers, -1, 0);
        calls.tick();
        for (long stamp = 1; stamp <= 4; stamp++) {
            decide(calls, stamp);
        }
        awaitAsked(1L, 2L);
        calls.tick();
        assertThat(calls.nextTick(100)).isNotEqualTo(PartitionCalls.NEVER);
        answers.forEach(answer -> answer.complete(ServiceOutcome.succeeded("1")));
        end(calls, 1);
        end(calls, 2);
        calls.tick();
        calls.tick();
        awaitAsked(1L, 2L, 3L, 4L);
        calls.tick();
        assertThat(calls.nextTick(100)).isEqualTo(PartitionCalls.NEVER);
    }
}
