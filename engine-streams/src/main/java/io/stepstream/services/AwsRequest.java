package io.stepstream.services;

import io.stepstream.schemas.Arn;
import io.stepstream.schemas.command.ServiceCall;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A request to an AWS service, or to one that speaks like it; signed if the process has credentials.
 *
 * @param signingName see {@link SigV4#sign}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record AwsRequest(String method, URI uri, Map<String, String> headers, byte[] body, String signingName, String region) {

    /** With it a service that cares can tell a repeated call from a new one. */
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /** The region of the call: the process's, or else the execution's. */
    static String region(ServiceCall call, ServiceSettings settings) {
        return settings.region(Arn.parse(call.executionArn()).map(Arn::region).orElse("us-east-1"));
    }

    /** The endpoint with a slash behind it. */
    static URI root(URI endpoint) {
        var text = endpoint.toString();
        return text.endsWith("/") ? endpoint : URI.create(text + "/");
    }

    CompletableFuture<HttpResponse<byte[]>> send(ServiceCall call, ServiceContext context) {
        var settings = context.settings();
        var all = new LinkedHashMap<>(headers);
        all.put(IDEMPOTENCY_KEY, call.idempotencyKey());
        call.traceHeader().ifPresent(trace -> all.put("X-Amzn-Trace-Id", trace));
        settings.credentials()
                .ifPresent(credentials -> all.putAll(
                        SigV4.sign(method, uri, headers, body, signingName, region, credentials, Instant.now())));
        var request = HttpRequest.newBuilder(uri)
                .timeout(settings.timeout())
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        all.forEach(request::header);
        return context.send(request.build());
    }
}
