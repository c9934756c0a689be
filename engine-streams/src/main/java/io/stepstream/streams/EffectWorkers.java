package io.stepstream.streams;

import io.stepstream.schemas.command.ServiceCall;
import io.stepstream.schemas.command.TaskRef;
import io.stepstream.services.AnswerTooLongException;
import io.stepstream.services.ServiceContext;
import io.stepstream.services.ServiceOutcome;
import io.stepstream.services.ServiceSettings;
import io.stepstream.services.Services;
import io.stepstream.services.TaskService;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the calls that decisions ask for, off the stream threads, and tells what they came to as commands.
 *
 * <p>Calls to one place share a lane: so many are under way, so many wait, and what finds no room is refused. It stays in its
 * execution's rows, from where the partition offers it again ({@link PartitionCalls}); so memory is bounded, and a slow place
 * keeps nobody waiting who calls another. A call is not made a second time as long as it is known here: until its owner, who
 * has read its outcome in the log, ends it, or has released it and the outcome is durable.
 *
 * <p>Safe for use by several threads; nothing here blocks.
 */
final class EffectWorkers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EffectWorkers.class);

    private static final int THREADS = 2;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int LONGEST_ERROR = 256;
    private static final int LONGEST_CAUSE = 32_768;

    private final Services services;
    private final ServiceSettings settings;
    private final Bounds bounds;
    private final Outcomes outcomes;
    private final ExecutorService threads;
    private final HttpClient http;

    private final Object lock = new Object();
    private final Map<Id, Work> known = new HashMap<>();
    private final Map<String, Lane> lanes = new HashMap<>();

    /** How many calls of one lane are under way and how many wait for these. */
    record Bounds(int underWay, int waiting) {}

    /** Takes what calls came to; {@code confirmed} runs, on any thread, once it is durable. */
    interface Outcomes extends AutoCloseable {
        void tell(ServiceCall call, ServiceOutcome outcome, Runnable confirmed);

        @Override
        void close();
    }

    private record Id(String executionArn, TaskRef task) {
        static Id of(ServiceCall call) {
            return new Id(call.executionArn(), call.task());
        }
    }

    /** A call that waits, is under way, or whose outcome its owner has not read yet. */
    private static final class Work {
        private final ServiceCall call;
        private final TaskService service;
        private final ServiceContext context;
        private final Lane lane;
        private @Nullable Object owner;
        private boolean started;
        private boolean made;
        private boolean confirmed;
        private boolean ended;

        Work(ServiceCall call, TaskService service, ServiceContext context, Lane lane, Object owner) {
            this.call = call;
            this.service = service;
            this.context = context;
            this.lane = lane;
            this.owner = owner;
        }

        boolean isOver() {
            return (ended && (made || !started)) || (confirmed && owner == null);
        }
    }

    private static final class Lane {
        private final String name;
        private final Deque<Work> waiting = new ArrayDeque<>();
        private int underWay;

        Lane(String name) {
            this.name = name;
        }
    }

    EffectWorkers(Services services, ServiceSettings settings, Bounds bounds, Outcomes outcomes) {
        this.services = services;
        this.settings = settings;
        this.bounds = bounds;
        this.outcomes = outcomes;
        this.threads = Executors.newFixedThreadPool(THREADS, work -> {
            var thread = new Thread(work, "stepstream-calls");
            thread.setDaemon(true);
            return thread;
        });
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(threads)
                .build();
    }

    /**
     * Makes the call, now or when its turn comes. False if its lane is full: then it is to be offered again.
     *
     * @param owner who ends it
     */
    boolean offer(ServiceCall call, Object owner) {
        var service = services.of(call);
        if (service.isEmpty()) {
            return refuse(call);
        }
        var context = new ServiceContext(http, settings);
        var laneName = service.get().lane(call, context);
        synchronized (lock) {
            var id = Id.of(call);
            var before = known.get(id);
            if (before != null) {
                before.owner = owner;
                return true;
            }
            var lane = lanes.computeIfAbsent(laneName, Lane::new);
            if (lane.underWay >= bounds.underWay() && lane.waiting.size() >= bounds.waiting()) {
                return false;
            }
            var work = new Work(call, service.get(), context, lane, owner);
            known.put(id, work);
            lane.waiting.add(work);
            startWhatMay(lane);
            return true;
        }
    }

    private boolean refuse(ServiceCall call) {
        var why = ServiceOutcome.failed(
                "States.Runtime",
                "Expected a service for " + call.resourceArn() + " to be installed, but there is none");
        outcomes.tell(call, why, () -> {});
        return true;
    }

    /** The call's outcome is not wanted any more: what waits is not made, what is under way is broken off. */
    void end(String executionArn, TaskRef task) {
        Work work;
        synchronized (lock) {
            work = known.get(new Id(executionArn, task));
            if (work == null || work.ended) {
                return;
            }
            work.ended = true;
            if (!work.started) {
                work.lane.waiting.remove(work);
            }
            forgetIfOver(work);
        }
        work.context.cancel();
    }

    /** The owner ends nothing any more. What waits is not made; what is under way is, and told. */
    void release(Object owner) {
        synchronized (lock) {
            for (var work : List.copyOf(known.values())) {
                if (work.owner == owner) {
                    work.owner = null;
                    if (!work.started) {
                        work.ended = true;
                        work.lane.waiting.remove(work);
                    }
                    forgetIfOver(work);
                }
            }
        }
    }

    /** How many calls are known. */
    int size() {
        synchronized (lock) {
            return known.size();
        }
    }

    private void startWhatMay(Lane lane) {
        while (lane.underWay < bounds.underWay()) {
            var next = lane.waiting.poll();
            if (next == null) {
                break;
            }
            lane.underWay++;
            next.started = true;
            try {
                threads.execute(() -> make(next));
            } catch (RejectedExecutionException closed) {
                // the rows hold it for the partition's next owner
                return;
            }
        }
    }

    private void make(Work work) {
        CompletableFuture<ServiceOutcome> answer;
        try {
            answer = work.service.call(work.call, work.context);
        } catch (RuntimeException bug) {
            answer = CompletableFuture.failedFuture(bug);
        }
        var unused = answer.whenComplete((outcome, failure) -> made(work, outcome, failure));
    }

    private void made(Work work, @Nullable ServiceOutcome outcome, @Nullable Throwable failure) {
        boolean wanted;
        synchronized (lock) {
            work.lane.underWay--;
            work.made = true;
            wanted = !work.ended;
            forgetIfOver(work);
            startWhatMay(work.lane);
            if (work.lane.underWay == 0 && work.lane.waiting.isEmpty()) {
                lanes.remove(work.lane.name, work.lane);
            }
        }
        if (wanted) {
            var told = outcome == null ? failed(work, failure) : outcome;
            outcomes.tell(work.call, bounded(work.call, told), () -> {
                synchronized (lock) {
                    work.confirmed = true;
                    forgetIfOver(work);
                }
            });
        }
    }

    private void forgetIfOver(Work work) {
        if (work.isOver()) {
            known.remove(Id.of(work.call), work);
        }
    }

    /** As AWS's SDK tells that no answer came: the service itself has said nothing. */
    private static ServiceOutcome failed(Work work, @Nullable Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof AnswerTooLongException) {
            return tooLarge(work.call);
        }
        if (cause instanceof IOException || cause instanceof CancellationException) {
            var message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            return ServiceOutcome.failed(
                    work.service.errorPrefix(work.call) + ".SdkClientException",
                    "Unable to execute HTTP request: " + message);
        }
        LOG.error(
                "Expected {} to make a call, but it failed",
                work.service.getClass().getName(),
                cause);
        return ServiceOutcome.failed(
                "States.Runtime", "The call to " + work.call.resourceArn() + " could not be made: " + cause);
    }

    private static ServiceOutcome tooLarge(ServiceCall call) {
        return ServiceOutcome.failed(
                "States.DataLimitExceeded",
                "The state/task '" + call.resourceArn()
                        + "' returned a result with a size exceeding the maximum number of bytes service limit.");
    }

    private ServiceOutcome bounded(ServiceCall call, ServiceOutcome outcome) {
        if (outcome.output()
                .filter(text -> text.length() > settings.responseBytes())
                .isPresent()) {
            return tooLarge(call);
        }
        return new ServiceOutcome(
                outcome.output(),
                outcome.error().map(text -> cut(text, LONGEST_ERROR)),
                outcome.cause().map(text -> cut(text, LONGEST_CAUSE)));
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }

    /** Makes no further calls. What is under way is broken off; its rows are still there. */
    @Override
    public void close() {
        threads.shutdownNow();
        synchronized (lock) {
            for (var work : known.values()) {
                work.ended = true;
                work.context.cancel();
            }
            known.clear();
            lanes.clear();
        }
        outcomes.close();
    }
}
