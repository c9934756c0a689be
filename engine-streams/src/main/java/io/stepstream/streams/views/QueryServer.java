package io.stepstream.streams.views;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.stepstream.schemas.Json;
import io.stepstream.schemas.event.ExecutionStatus.Status;
import io.stepstream.schemas.view.Views;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The views over HTTP, for gateways and other instances of the engine; not for users. Bodies are JSON.
 *
 * <pre>
 *   GET /views/owners                         {"partitions":4,"owners":{"0":"host:port",...}}
 *   GET /views/execution?arn=                 the status record; 204 if there is none
 *   GET /views/closed?arn=                    {"exists":true,"coversOffset":12}
 *   GET /views/history?arn=&amp;from=&amp;reverse=&amp;limit=     [event record,...]
 *   GET /views/executions?partitions=0,1&amp;stateMachineArn=&amp;status=&amp;afterStart=&amp;afterArn=&amp;limit=&amp;fresh=
 *                                             {"executions":[...],"more":false} of these partitions alone; with fresh=true
 *                                             they show all that was in the log when it was asked
 *
 *   400  a parameter is missing or wrong
 *   421  the partition is elsewhere or on the move: headers stepstream-partition and, if that is known, stepstream-owner say where
 *   504  the answer was not to be had in time: the engine does not keep up
 * </pre>
 */
public final class QueryServer implements AutoCloseable {

    static final String OWNER_HEADER = "stepstream-owner";
    static final String PARTITION_HEADER = "stepstream-partition";

    private static final Logger LOG = LoggerFactory.getLogger(QueryServer.class);

    private static final int MAX_HISTORY = 1_001;
    private static final int MAX_EXECUTIONS = 1_000;

    private final StreamsViews views;
    private final Javalin server;

    private QueryServer(StreamsViews views) {
        this.views = views;
        this.server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.routes.get("/views/owners", context -> answer(context, Json.bytes(owners())));
            config.routes.get("/views/execution", this::execution);
            config.routes.get("/views/closed", this::closed);
            config.routes.get("/views/history", this::history);
            config.routes.get("/views/executions", this::executions);
            config.routes.exception(
                    IllegalArgumentException.class,
                    (wrong, context) -> context.status(400).result("" + wrong.getMessage()));
        });
    }

    /** Listens on that address; the port is the one in {@link ViewsConfig#server()}. */
    public static QueryServer start(StreamsViews views, String host, int port) {
        var server = new QueryServer(views);
        server.server.start(host, port);
        LOG.info("Views are served at {}:{}", host, server.port());
        return server;
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }

    private Map<String, Object> owners() {
        var owners = new LinkedHashMap<String, String>();
        views.owners().forEach((partition, owner) -> owners.put(Integer.toString(partition), text(owner)));
        var answer = new LinkedHashMap<String, Object>();
        answer.put("partitions", views.allPartitions().size());
        answer.put("owners", owners);
        return answer;
    }

    private void execution(Context context) {
        var arn = required(context, "arn");
        later(
                context,
                () -> views.executionJson(arn)
                        .thenAccept(status ->
                                status.ifPresentOrElse(json -> answer(context, json), () -> context.status(204))));
    }

    private void closed(Context context) {
        var arn = required(context, "arn");
        later(context, () -> views.closed(arn).thenAccept(closed -> answer(context, Json.bytes(closed))));
    }

    private void history(Context context) {
        var query = new Views.HistoryQuery(
                required(context, "arn"),
                number(context, "from", Long.MAX_VALUE),
                Boolean.parseBoolean(required(context, "reverse")),
                (int) number(context, "limit", MAX_HISTORY));
        later(context, () -> views.historyJson(query).thenAccept(events -> answer(context, array(events))));
    }

    private void executions(Context context) {
        var partitions = new ArrayList<Integer>();
        for (var partition : required(context, "partitions").split(",", -1)) {
            partitions.add(Integer.parseInt(partition));
        }
        if (!views.allPartitions().containsAll(partitions)) {
            throw new IllegalArgumentException(
                    "Expected partitions of " + views.allPartitions() + ", but " + partitions);
        }
        var query = new Views.ExecutionQuery(
                required(context, "stateMachineArn"),
                Optional.ofNullable(context.queryParam("status")).map(Status::valueOf),
                Optional.ofNullable(context.queryParam("afterArn"))
                        .map(arn -> new Views.After(
                                Instant.ofEpochMilli(number(context, "afterStart", Long.MAX_VALUE)), arn)),
                (int) number(context, "limit", MAX_EXECUTIONS));
        boolean fresh = Boolean.parseBoolean(context.queryParam("fresh"));
        later(
                context,
                () -> (fresh ? views.caughtUp(partitions) : CompletableFuture.<Void>completedFuture(null))
                        .thenCompose(ready -> views.executions(query, partitions))
                        .thenAccept(page -> answer(context, Json.bytes(page))));
    }

    /** An asynchronous answer; a failure of the views becomes a status that says whether and where to ask again. */
    private static void later(Context context, java.util.function.Supplier<CompletionStage<Void>> answer) {
        context.future(() -> answer.get().toCompletableFuture().exceptionally(failure -> {
            var cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof NotHereException elsewhere) {
                elsewhere.owner().ifPresent(owner -> context.header(OWNER_HEADER, text(owner)));
                context.header(PARTITION_HEADER, Integer.toString(elsewhere.partition()));
                context.status(421);
            } else if (cause instanceof TimeoutException) {
                context.status(504);
            } else {
                LOG.error("Expected to answer {}, but failed", context.path(), cause);
                context.status(500);
            }
            context.result("" + cause.getMessage());
            return null;
        }));
    }

    private static void answer(Context context, byte[] json) {
        context.contentType("application/json").result(json);
    }

    /** Records that are JSON already. */
    private static byte[] array(List<byte[]> records) {
        var out = new ByteArrayOutputStream();
        out.write('[');
        for (int i = 0; i < records.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            out.writeBytes(records.get(i));
        }
        out.write(']');
        return out.toByteArray();
    }

    private static String required(Context context, String name) {
        var value = context.queryParam(name);
        if (value == null) {
            throw new IllegalArgumentException("Expected the parameter " + name);
        }
        return value;
    }

    private static long number(Context context, String name, long highest) {
        long number = Long.parseLong(required(context, name));
        if (number < 0 || number > highest) {
            throw new IllegalArgumentException("Expected " + name + " of 0 to " + highest + ", but " + number);
        }
        return number;
    }

    private static String text(HostInfo owner) {
        return owner.host() + ":" + owner.port();
    }
}
