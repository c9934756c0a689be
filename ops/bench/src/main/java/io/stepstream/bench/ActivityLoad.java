package io.stepstream.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.Json;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Executions of one activity task, with workers that poll for it and answer at once. */
final class ActivityLoad implements Bench.Workload {

    static final String NAME = "activity";

    private static final long PAUSE_MILLIS = 1;

    @Override
    public void run(Bench bench, Report report) throws Exception {
        if (bench.rate() > 0) {
            var open = new Session(bench, "open", bench.workers());
            var result = open.load(bench.open());
            report.check(NAME, result);
            report.add(Row.fact(
                    NAME,
                    "1 activity, start -> closed, open loop, p50",
                    result.millis(50),
                    "ms",
                    Bench.spread(result)));
            report.add(inHand(open, bench));
            return;
        }
        var one = new Session(bench, "one", 1);
        var alone = one.load(bench.oneInFlight());
        report.check(NAME, alone);
        report.add(Row.atMost(
                NAME,
                "1 activity, start -> closed, 1 in flight, p50",
                alone.millis(50),
                "ms",
                15,
                8,
                Bench.spread(alone)));
        report.add(inHand(one, bench));
        var many = new Session(bench, "many", bench.workers());
        var crowd = many.load(bench.many());
        report.check(NAME, crowd);
        report.add(Row.atLeast(
                NAME,
                "1 activity, completed/s",
                crowd.perSecond(),
                "/s",
                1_000,
                2_000,
                bench.inFlight() + " in flight, " + bench.workers() + " workers; " + Bench.spread(crowd)));
    }

    private static Row inHand(Session session, Bench bench) {
        var latency = session.inHand.copy();
        return Row.atMost(
                NAME,
                "1 activity, start -> task in hand, p50",
                latency.getValueAtPercentile(50) / 1e6,
                "ms",
                10,
                5,
                "p99 " + Report.number(latency.getValueAtPercentile(99) / 1e6) + " ms, warm-up of "
                        + bench.warmUp().toSeconds() + " s not counted");
    }

    /** One activity with its workers and a machine that uses it. */
    private static final class Session {

        private final Bench bench;
        private final String activity;
        private final String machine;
        private final int workers;
        private final Map<Long, Flow> flows = new ConcurrentHashMap<>();
        private final Histogram inHand = new ConcurrentHistogram(TimeUnit.HOURS.toNanos(1), 3);
        private volatile long measuredFrom;
        private volatile boolean over;

        Session(Bench bench, String name, int workers) throws Exception {
            this.bench = bench;
            this.workers = workers;
            this.activity = bench.api().createActivity(bench.named("activity-" + name));
            this.machine = bench.api().createMachine(bench.named("activity-" + name), Definitions.oneTask(activity));
        }

        Load.Result load(Load.Plan plan) throws InterruptedException {
            measuredFrom = System.nanoTime() + plan.warmUp().toNanos();
            for (int i = 0; i < workers; i++) {
                poll();
            }
            try {
                return Load.run(plan, this::begin);
            } finally {
                // polls that are still held end with the connection
                over = true;
            }
        }

        private void begin(long id, Load.Done done) {
            var flow = new Flow(System.nanoTime(), done);
            flows.put(id, flow);
            bench.api().start(machine, ExecutionsTail.input(id, ""), flow::started, reason -> {
                flows.remove(id);
                done.failed(reason);
            });
        }

        private void poll() {
            if (over) {
                return;
            }
            bench.api().call("GetActivityTask", Map.of("activityArn", activity), this::took, this::broken);
        }

        private void took(JsonNode answer) {
            var token = answer.path("taskToken").asText("");
            if (token.isEmpty()) {
                poll();
                return;
            }
            long now = System.nanoTime();
            long id;
            try {
                id = Json.tree(answer.path("input").asText()).path("n").asLong();
            } catch (JsonProcessingException e) {
                broken("expected the execution's input, but " + e.getOriginalMessage());
                return;
            }
            var flow = flows.remove(id);
            if (flow == null) {
                broken("task " + id + " was handed out twice");
                return;
            }
            if (flow.begun - measuredFrom >= 0) {
                inHand.recordValue(now - flow.begun);
            }
            bench.api()
                    .call(
                            "SendTaskSuccess",
                            Map.of("taskToken", token, "output", "{}"),
                            nothing -> {
                                flow.answered();
                                poll();
                            },
                            reason -> {
                                flow.done.failed(reason);
                                poll();
                            });
        }

        /** A worker that cannot go on: everything that waits for it fails, loudly. */
        private void broken(String reason) {
            if (!over) {
                over = true;
                flows.values().forEach(flow -> flow.done.failed(reason));
                flows.clear();
            }
        }

        /** One execution between its start and its end; the task may be answered before the start is. */
        private final class Flow {
            private final long begun;
            private final Load.Done done;
            private @Nullable String arn;
            private boolean answered;

            Flow(long begun, Load.Done done) {
                this.begun = begun;
                this.done = done;
            }

            /* Both on the driver's thread. */
            void started(String arn) {
                this.arn = arn;
                await();
            }

            void answered() {
                answered = true;
                await();
            }

            private void await() {
                if (answered && arn != null) {
                    bench.api().awaitSuccess(arn, PAUSE_MILLIS, done::ok, done::failed);
                }
            }
        }
    }
}
