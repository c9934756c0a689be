package io.stepstream.gateway.http;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Takes the API's requests ({@code POST /}) before any servlet sees them: an asynchronous handler costs less than an
 * asynchronous servlet, and it alone is told when a response has really been written. All else goes to the handler behind it.
 */
final class AwsJsonHandler extends Handler.Wrapper {

    private final Actions actions;
    private final ApiSettings.Limits limits;

    AwsJsonHandler(Actions actions, ApiSettings.Limits limits) {
        this.actions = actions;
        this.limits = limits;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!request.getMethod().equals("POST") || !isRoot(request.getHttpURI().getCanonicalPath())) {
            return super.handle(request, response, callback);
        }
        new Exchange(request, response, callback, actions, limits.bodyBytes()).run();
        return true;
    }

    /** {@code POST http://host HTTP/1.1} has no path at all. */
    private static boolean isRoot(@Nullable String path) {
        return path == null || path.isEmpty() || path.equals("/");
    }
}
