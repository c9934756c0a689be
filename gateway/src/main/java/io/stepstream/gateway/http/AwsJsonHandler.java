package io.stepstream.gateway.http;

import io.stepstream.gateway.access.Access;
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

    private final Access access;
    private final Actions actions;
    private final ApiSettings.Limits limits;

    AwsJsonHandler(Access access, Actions actions, ApiSettings.Limits limits) {
        this.access = access;
        this.actions = actions;
        this.limits = limits;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!request.getMethod().equals("POST") || !isRoot(request.getHttpURI().getCanonicalPath())) {
            return super.handle(request, response, callback);
        }
        new Exchange(request, response, callback, access, actions, limits.bodyBytes()).run();
        return true;
    }

    /** {@code POST http://host HTTP/1.1} has no path at all. */
    private static boolean isRoot(@Nullable String path) {
        return path == null || path.isEmpty() || path.equals("/");
    }
}
