package io.stepstream.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.model.State.Integration;
import io.stepstream.schemas.command.ServiceCall;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.services.ServiceContext;
import io.stepstream.services.ServiceOutcome;
import io.stepstream.services.ServiceSettings;
import io.stepstream.services.Services;
import io.stepstream.services.TaskService;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EffectWorkersTest {

    private static final Object OWNER = new Object();

    /** Answers when it is told to; its actions are its lanes. */
    private static final class Slow implements TaskService {
        private final Map<Long, CompletableFuture<ServiceOutcome>> asked = new LinkedHashMap<>();

        @Override
        public boolean serves(Integration integration) {
            return integration.service().equals("slow");
        }

        @Override
        public String lane(ServiceCall call, ServiceContext context) {
            return call.action();
        }

        @Override
        public String errorPrefix(ServiceCall call) {
            return "Slow";
        }

        @Override
        public synchronized CompletableFuture<ServiceOutcome> call(ServiceCall call, ServiceContext context) {
            return asked.computeIfAbsent(call.task().stamp(), any -> new CompletableFuture<>());
        }

        synchronized List<Long> asked() {
            return List.copyOf(asked.keySet());
        }

        synchronized CompletableFuture<ServiceOutcome> future(long stamp) {
            return Objects.requireNonNull(asked.get(stamp));
        }
    }

    private record Told(long stamp, ServiceOutcome outcome, Runnable confirmed) {}

    private final Slow slow = new Slow();
    private final List<Told> told = new CopyOnWriteArrayList<>();
    private final EffectWorkers workers = new EffectWorkers(
            Services.of(slow),
            new ServiceSettings(Map.of(), URI.create("http://127.0.0.1:1"), Map.of(), 1_000, Duration.ofSeconds(5)),
            new EffectWorkers.Bounds(2, 1),
            new EffectWorkers.Outcomes() {
                @Override
                public void tell(ServiceCall call, ServiceOutcome outcome, Runnable confirmed) {
                    told.add(new Told(call.task().stamp(), outcome, confirmed));
                }

                @Override
                public void close() {
                    // holds nothing
                }
            });

    @AfterEach
    void close() {
        workers.close();
    }

    private static ServiceCall call(String lane, long stamp) {
        return call("slow", lane, stamp);
    }

    private static ServiceCall call(String service, String lane, long stamp) {
        return new ServiceCall(
                "arn",
                new TaskRef(1, 1, stamp),
                "resource",
                service,
                lane,
                "{}",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private void awaitAsked(Long... stamps) {
        Awaitility.await().untilAsserted(() -> assertThat(slow.asked()).containsExactlyInAnyOrder(stamps));
    }

    private void awaitTold(Long... stamps) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(told).extracting(Told::stamp).containsExactlyInAnyOrder(stamps));
    }

    private void answer(long stamp) {
        slow.future(stamp).complete(ServiceOutcome.succeeded(Long.toString(stamp)));
    }

    @Test
    void aCallIsMadeAndItsOutcomeTold() {
        assertThat(workers.offer(call("a", 1), OWNER)).isTrue();
        awaitAsked(1L);
        answer(1);
        awaitTold(1L);
        assertThat(told.get(0).outcome()).isEqualTo(ServiceOutcome.succeeded("1"));
    }

    @Test
    void aLaneHasBoundsAndDoesNotHoldUpOthers() {
        var taken = new ArrayList<Boolean>();
        for (long stamp = 1; stamp <= 4; stamp++) {
            taken.add(workers.offer(call("a", stamp), OWNER));
        }
        assertThat(taken).containsExactly(true, true, true, false);
        assertThat(workers.offer(call("b", 9), OWNER)).isTrue();
        awaitAsked(1L, 2L, 9L);
        answer(2);
        awaitAsked(1L, 2L, 9L, 3L);
        assertThat(workers.offer(call("a", 4), OWNER)).isTrue();
    }

    @Test
    void aCallThatIsOfferedAgainIsMadeOnce() {
        workers.offer(call("a", 1), OWNER);
        awaitAsked(1L);
        answer(1);
        awaitTold(1L);
        told.get(0).confirmed().run();
        // its outcome is in the log, but whoever offers it has not read it yet
        assertThat(workers.offer(call("a", 1), OWNER)).isTrue();
        workers.offer(call("a", 2), OWNER);
        awaitAsked(1L, 2L);
        answer(2);
        awaitTold(1L, 2L);
    }

    @Test
    void whatIsEndedIsNotToldAndMakesRoom() {
        workers.offer(call("a", 1), OWNER);
        workers.offer(call("a", 2), OWNER);
        workers.offer(call("a", 3), OWNER);
        awaitAsked(1L, 2L);
        workers.end("arn", new TaskRef(1, 1, 3));
        workers.end("arn", new TaskRef(1, 1, 1));
        answer(1);
        answer(2);
        awaitTold(2L);
        told.get(0).confirmed().run();
        workers.end("arn", new TaskRef(1, 1, 2));
        assertThat(workers.size()).isZero();
        assertThat(slow.asked()).doesNotContain(3L);
    }

    @Test
    void whatIsReleasedWaitsNoLongerButIsToldIfItWasMade() {
        workers.offer(call("a", 1), OWNER);
        workers.offer(call("a", 2), OWNER);
        workers.offer(call("a", 3), OWNER);
        awaitAsked(1L, 2L);
        workers.release(OWNER);
        answer(1);
        answer(2);
        awaitTold(1L, 2L);
        told.forEach(outcome -> outcome.confirmed().run());
        assertThat(workers.size()).isZero();
        assertThat(slow.asked()).doesNotContain(3L);
    }

    @Test
    void noAnswerIsTheClientsException() {
        workers.offer(call("a", 1), OWNER);
        awaitAsked(1L);
        slow.future(1).completeExceptionally(new IOException("refused"));
        awaitTold(1L);
        assertThat(told.get(0).outcome())
                .isEqualTo(ServiceOutcome.failed("Slow.SdkClientException", "Unable to execute HTTP request: refused"));
    }

    @Test
    void aBugOfTheServiceFailsItsTaskAlone() {
        workers.offer(call("a", 1), OWNER);
        awaitAsked(1L);
        slow.future(1).completeExceptionally(new IllegalStateException("bug"));
        awaitTold(1L);
        assertThat(told.get(0).outcome().error()).contains("States.Runtime");
    }

    @Test
    void anOutputThatFitsNoRecordIsAnErrorThatFits() {
        workers.offer(call("a", 1), OWNER);
        awaitAsked(1L);
        slow.future(1).complete(ServiceOutcome.succeeded("x".repeat(2_000)));
        awaitTold(1L);
        assertThat(told.get(0).outcome().error()).contains("States.DataLimitExceeded");
    }

    @Test
    void aServiceThatIsNotInstalledAnyMoreIsAnError() {
        workers.offer(call("gone", "a", 1), OWNER);
        awaitTold(1L);
        assertThat(told.get(0).outcome().error()).contains("States.Runtime");
    }
}
