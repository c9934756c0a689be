package io.stepstream.services;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What one call has at hand. Ends with it: {@link #cancel} breaks off whatever it has under way. */
public final class ServiceContext {

    private final HttpClient http;
    private final ServiceSettings settings;
    private final List<CompletableFuture<?>> underWay = new ArrayList<>();
    private boolean cancelled;

    public ServiceContext(HttpClient http, ServiceSettings settings) {
        this.http = http;
        this.settings = settings;
    }

    public ServiceSettings settings() {
        return settings;
    }

    /** Sends the request, whose answer must not be longer than {@link ServiceSettings#responseBytes}. */
    public CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request) {
        synchronized (underWay) {
            if (cancelled) {
                return CompletableFuture.failedFuture(new IOException("The call was broken off"));
            }
            var answer = http.sendAsync(request, LimitedBody.handler(settings.responseBytes()));
            underWay.add(answer);
            return answer;
        }
    }

    /** Nobody wants the outcome any more. */
    public void cancel() {
        List<CompletableFuture<?>> all;
        synchronized (underWay) {
            cancelled = true;
            all = List.copyOf(underWay);
        }
        all.forEach(answer -> answer.cancel(true));
    }
}
