package io.stepstream.engine;

import io.stepstream.schemas.Json;
import io.stepstream.schemas.command.ReplyTo;
import io.stepstream.schemas.command.TaskRef;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one activity's queue.
 *
 * <pre>
 * q ARN              counters: where the two queues begin and end
 * t ARN number       a waiting task
 * i ARN taskId       its number
 * l ARN taskId       a task on its way to a worker
 * p ARN number       a waiting poll
 * j ARN pollId       its number
 * </pre>
 *
 * Both queues are read from the number where they begin, never from their prefix: a store keeps the traces of deleted rows for
 * a while, and walking over them would make each step dearer the more tasks had gone through.
 */
final class ActivityRows {

    /** A task. {@code delivery} counts its hand-outs so far. */
    record Offer(String executionArn, TaskRef task, String input, Optional<String> traceHeader, long delivery) {

        static String id(String executionArn, TaskRef task) {
            return executionArn + "/" + task.startOffset() + "/" + task.scope() + "/" + task.stamp();
        }

        String id() {
            return id(executionArn, task);
        }

        Offer delivered() {
            return new Offer(executionArn, task, input, traceHeader, delivery + 1);
        }
    }

    record Lease(Offer offer, String gateway, Optional<String> workerName, Instant due) {}

    record Poll(String gateway, Optional<String> workerName, Instant expires, ReplyTo replyTo) {}

    /** {@code first} is at or below the lowest number in use, {@code next} the number after the highest. */
    private record Counters(long firstTask, long nextTask, long firstPoll, long nextPoll, int polls) {}

    /** In the middle, so that returned tasks can go before the first. */
    private static final long START = 1L << 40;

    private final Table table;
    private final String activityArn;

    ActivityRows(Table table, String activityArn) {
        this.table = table;
        this.activityArn = activityArn;
    }

    String activityArn() {
        return activityArn;
    }

    int polls() {
        return counters().polls;
    }

    void enqueueLast(Offer offer) {
        var c = counters();
        put(c.nextTask, offer);
        write(new Counters(c.firstTask, c.nextTask + 1, c.firstPoll, c.nextPoll, c.polls));
    }

    void enqueueFirst(Offer offer) {
        var c = counters();
        put(c.firstTask - 1, offer);
        write(new Counters(c.firstTask - 1, c.nextTask, c.firstPoll, c.nextPoll, c.polls));
    }

    private void put(long number, Offer offer) {
        table.put(key("t", Key.number(number)), Json.bytes(offer));
        table.put(key("i", offer.id()), Json.bytes(number));
    }

    Optional<Offer> firstOffer() {
        var c = counters();
        var found = first("t", c.firstTask, c.nextTask, Offer.class);
        found.filter(row -> row.number != c.firstTask)
                .ifPresent(row -> write(new Counters(row.number, c.nextTask, c.firstPoll, c.nextPoll, c.polls)));
        return found.map(Row::value);
    }

    void removeOffer(String taskId) {
        var index = key("i", taskId);
        var number = read(index, Long.class);
        if (number.isPresent()) {
            table.delete(index);
            table.delete(key("t", Key.number(number.get())));
            var c = counters();
            if (c.firstTask == number.get()) {
                write(new Counters(c.firstTask + 1, c.nextTask, c.firstPoll, c.nextPoll, c.polls));
            }
        }
    }

    Optional<Lease> lease(String taskId) {
        return read(key("l", taskId), Lease.class);
    }

    void addLease(Lease lease) {
        table.put(key("l", lease.offer.id()), Json.bytes(lease));
    }

    void removeLease(String taskId) {
        table.delete(key("l", taskId));
    }

    boolean hasPoll(String pollId) {
        return table.get(key("j", pollId)) != null;
    }

    void addPoll(Poll poll) {
        var c = counters();
        table.put(key("p", Key.number(c.nextPoll)), Json.bytes(poll));
        table.put(key("j", poll.replyTo.correlationId()), Json.bytes(c.nextPoll));
        write(new Counters(c.firstTask, c.nextTask, c.firstPoll, c.nextPoll + 1, c.polls + 1));
    }

    void removePoll(String pollId) {
        var index = key("j", pollId);
        var number = read(index, Long.class);
        if (number.isPresent()) {
            table.delete(index);
            table.delete(key("p", Key.number(number.get())));
            var c = counters();
            long first = c.firstPoll == number.get() ? c.firstPoll + 1 : c.firstPoll;
            write(new Counters(c.firstTask, c.nextTask, first, c.nextPoll, c.polls - 1));
        }
    }

    /** Takes the first poll that has not run out; those that have are forgotten on the way. */
    Optional<Poll> takeFirstPoll(Instant now) {
        while (true) {
            var c = counters();
            var found = first("p", c.firstPoll, c.nextPoll, Poll.class);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            var poll = found.get().value;
            write(new Counters(c.firstTask, c.nextTask, found.get().number, c.nextPoll, c.polls));
            removePoll(poll.replyTo.correlationId());
            if (poll.expires.isAfter(now)) {
                return Optional.of(poll);
            }
        }
    }

    /** Removes the polls of which {@code goes} says so, at most as many as may wait, and returns them. */
    List<Poll> forgetPolls(Predicate<Poll> goes) {
        var c = counters();
        var gone = new ArrayList<Poll>();
        table.scan(key("p", Key.number(c.firstPoll)), key("p", Key.number(c.nextPoll)), (key, value) -> {
            var poll = parse(value, Poll.class);
            if (goes.test(poll)) {
                gone.add(poll);
            }
            return true;
        });
        gone.forEach(poll -> removePoll(poll.replyTo.correlationId()));
        return gone;
    }

    private record Row<T>(long number, T value) {}

    /** The first row of a queue. */
    private <T> Optional<Row<T>> first(String kind, long from, long to, Class<T> type) {
        if (from >= to) {
            return Optional.empty();
        }
        var found = new ArrayList<Row<T>>(1);
        table.scan(key(kind, Key.number(from)), key(kind, Key.number(to)), (key, value) -> {
            found.add(new Row<>(Key.lastNumber(key), parse(value, type)));
            return false;
        });
        return found.stream().findFirst();
    }

    private Counters counters() {
        return read(Key.of("q", activityArn), Counters.class).orElse(new Counters(START, START, START, START, 0));
    }

    private void write(Counters counters) {
        boolean empty = counters.firstTask == counters.nextTask && counters.polls == 0;
        var key = Key.of("q", activityArn);
        if (empty && counters.firstPoll == counters.nextPoll) {
            // numbers only tell the order of what waits: with nothing waiting they may begin anew
            table.delete(key);
        } else {
            table.put(key, Json.bytes(counters));
        }
    }

    private String key(String kind, String last) {
        return Key.of(kind, activityArn, last);
    }

    private <T> Optional<T> read(String key, Class<T> type) {
        var value = table.get(key);
        return value == null ? Optional.empty() : Optional.of(parse(value, type));
    }

    private static <T> T parse(byte @Nullable [] value, Class<T> type) {
        try {
            return Json.read(value == null ? new byte[0] : value, type);
        } catch (IOException e) {
            throw new IllegalStateException("Expected a row of the activity queue to be a " + type.getSimpleName(), e);
        }
    }
}
