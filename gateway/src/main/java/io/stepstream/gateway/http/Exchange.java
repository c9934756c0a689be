package io.stepstream.gateway.http;

import io.stepstream.gateway.access.Access;
import io.stepstream.gateway.access.SignedRequest;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request of the API on its way: gathers the body as it arrives, performs the action, writes the answer when there is one.
 * No thread waits for any of it.
 */
final class Exchange implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /** A caller who sends more than this many times the limit is cut off; others are heard out, so that they can read why not. */
    private static final int PATIENCE = 8;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Access access;
    private final Actions actions;
    private final int maxBodyBytes;
    private final ByteArrayOutputStream body;
    private long received;
    private volatile @Nullable Departure departure;

    Exchange(Request request, Response response, Callback callback, Access access, Actions actions, int maxBodyBytes) {
        this.access = access;
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.actions = actions;
        this.maxBodyBytes = maxBodyBytes;
        long announced = request.getLength();
        this.body = new ByteArrayOutputStream(announced >= 0 && announced <= maxBodyBytes ? (int) announced : 1_024);
    }

    /** Reads what there is of the body; called again when there is more. */
    @Override
    public void run() {
        while (true) {
            var chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                callback.failed(chunk.getFailure());
                return;
            }
            take(chunk.getByteBuffer());
            boolean last = chunk.isLast();
            chunk.release();
            if (last) {
                perform();
                return;
            }
            if (received > (long) PATIENCE * maxBodyBytes) {
                response.getHeaders().put(HttpHeader.CONNECTION, "close");
                refuse(AwsJson.tooLarge(maxBodyBytes));
                return;
            }
        }
    }

    private void take(ByteBuffer bytes) {
        received += bytes.remaining();
        if (received <= maxBodyBytes) {
            var copy = new byte[bytes.remaining()];
            bytes.get(copy);
            body.write(copy, 0, copy.length);
        }
    }

    private void perform() {
        // How long an answer may take is for the action to say; till then there is nothing to hear on the connection.
        request.addIdleTimeoutListener(timeout -> false);
        CompletionStage<Answer> answer;
        try {
            if (received > maxBodyBytes) {
                throw AwsJson.tooLarge(maxBodyBytes);
            }
            var headers = request.getHeaders();
            AwsJson.checkContentType(headers.get(HttpHeader.CONTENT_TYPE));
            var operation = AwsJson.operation(headers.get("X-Amz-Target"));
            var action = actions.named(operation.name());
            var sent = body.toByteArray();
            var caller = access.admit(signed(sent));
            var plain = AwsJson.decoded(sent, headers.get(HttpHeader.CONTENT_ENCODING), maxBodyBytes);
            var input = operation.read(plain);
            actions.permit(caller, operation.name(), input);
            answer = action.perform(new Call(
                    caller,
                    operation.name(),
                    input,
                    AwsJson.header(headers.get("X-Amzn-Trace-Id")),
                    AwsJson.header(headers.get("amz-sdk-invocation-id")),
                    this::watch));
        } catch (RuntimeException e) {
            refuse(e);
            return;
        }
        answer.whenComplete((value, failure) -> {
            if (failure != null) {
                refuse(failure);
            } else {
                respond(value);
            }
        });
    }

    private SignedRequest signed(byte[] sent) {
        var uri = request.getHttpURI();
        var headers = new SignedRequest.Headers();
        request.getHeaders()
                .forEach(field -> headers.add(field.getName(), Objects.requireNonNullElse(field.getValue(), "")));
        return new SignedRequest(
                request.getMethod(),
                Objects.requireNonNullElse(uri.getPath(), ""),
                Objects.requireNonNullElse(uri.getQuery(), ""),
                headers.values(),
                sent);
    }

    private void watch(Runnable whenGone) {
        request.addFailureListener(failure -> whenGone.run());
        var watched = Departure.of(request, whenGone);
        departure = watched;
        if (watched != null) {
            watched.start();
        }
    }

    private void respond(Answer answer) {
        byte[] json;
        try {
            json = Members.object(answer);
        } catch (RuntimeException e) {
            answer.lost();
            refuse(e);
            return;
        }
        write(200, json, new Callback() {
            @Override
            public void succeeded() {
                answer.written();
                callback.succeeded();
            }

            @Override
            public void failed(Throwable failure) {
                answer.lost();
                callback.failed(failure);
            }
        });
    }

    private void refuse(Throwable failure) {
        var error = error(failure);
        response.getHeaders().put("x-amzn-ErrorType", error.code().name());
        write(error.code().httpStatus(), AwsJson.error(error), callback);
    }

    private void write(int status, byte[] json, Callback written) {
        var watched = departure;
        if (watched != null) {
            watched.stop();
        }
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, AwsJson.CONTENT_TYPE);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, json.length);
        response.getHeaders().put("x-amzn-RequestId", requestId());
        response.write(true, ByteBuffer.wrap(json), written);
    }

    /** A random UUID; nobody need be unable to guess it. */
    private static String requestId() {
        var random = ThreadLocalRandom.current();
        long version = (random.nextLong() & ~0xF000L) | 0x4000L;
        long variant = (random.nextLong() >>> 2) | Long.MIN_VALUE;
        return new UUID(version, variant).toString();
    }

    /** What the caller hears. Anything but an ApiException is told apart only for the log: a bug of ours, or the world's. */
    private ApiException error(Throwable failure) {
        var cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ApiException error) {
            return error;
        }
        @Nullable String target = request.getHeaders().get("X-Amz-Target");
        if (cause instanceof IllegalStateException
                || cause instanceof NullPointerException
                || cause instanceof ClassCastException
                || cause instanceof IllegalArgumentException) {
            LOG.error("{} failed by a bug", target, cause);
            return new ApiException(
                    ErrorCode.InternalFailure,
                    "The request could not be processed because of an error of Stepstream's");
        }
        LOG.warn("{} got no reply: {}", target, cause.toString());
        return new ApiException(
                ErrorCode.ServiceUnavailable,
                "The engine did not reply in time; whether it performed the request is not known");
    }
}
