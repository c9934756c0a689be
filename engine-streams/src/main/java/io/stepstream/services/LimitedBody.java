package io.stepstream.services;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads an answer as bytes, and breaks off one that is too long for us, before it is all in memory. */
final class LimitedBody implements BodySubscriber<byte[]> {

    private final BodySubscriber<byte[]> bytes = HttpResponse.BodySubscribers.ofByteArray();
    private final int most;
    private long received;
    private Flow.@Nullable Subscription subscription;

    private LimitedBody(int most) {
        this.most = most;
    }

    static BodyHandler<byte[]> handler(int most) {
        return info -> new LimitedBody(most);
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return bytes.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription to) {
        subscription = to;
        bytes.onSubscribe(to);
    }

    @Override
    public void onNext(List<ByteBuffer> more) {
        if (received > most) {
            return;
        }
        for (var buffer : more) {
            received += buffer.remaining();
        }
        if (received > most) {
            if (subscription != null) {
                subscription.cancel();
            }
            bytes.onError(new AnswerTooLongException(most));
        } else {
            bytes.onNext(more);
        }
    }

    @Override
    public void onError(Throwable failure) {
        bytes.onError(failure);
    }

    @Override
    public void onComplete() {
        bytes.onComplete();
    }
}
