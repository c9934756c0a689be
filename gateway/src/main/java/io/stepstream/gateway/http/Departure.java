package io.stepstream.gateway.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a caller closes its HTTP/1.1 connection while it waits for an answer.
 *
 * <p>The server itself reads a connection again only after the answer, so a worker that has died would keep its place in an
 * activity's queue and be handed a task. Between request and answer the connection's reading side is nobody's: here it is
 * watched for the end of the stream. Should bytes come instead (the next request, sent early), they go to the server's
 * buffer before the answer is written.
 */
final class Departure implements Callback {

    private final AbstractEndPoint endPoint;
    private final Connection.UpgradeTo connection;
    private final Runnable whenGone;
    private boolean stopped;
    private @Nullable ByteBuffer early;

    private Departure(AbstractEndPoint endPoint, Connection.UpgradeTo connection, Runnable whenGone) {
        this.endPoint = endPoint;
        this.connection = connection;
        this.whenGone = whenGone;
    }

    /**
     * For the connection of a request whose body has been read; null where it cannot be watched.
     *
     * @param whenGone called on any thread, perhaps twice
     */
    static @Nullable Departure of(Request request, Runnable whenGone) {
        var connection = request.getConnectionMetaData().getConnection();
        return connection instanceof Connection.UpgradeTo reader
                        && connection.getEndPoint() instanceof AbstractEndPoint endPoint
                ? new Departure(endPoint, reader, whenGone)
                : null;
    }

    /** Begins to watch, unless the answer is there already. */
    synchronized void start() {
        if (!stopped && !endPoint.tryFillInterested(this)) {
            stopped = true;
        }
    }

    /** Gives the connection's reading side back. Must happen before the answer is written. */
    synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        endPoint.getFillInterest().onFail(new IOException("The answer is there"));
        if (early != null) {
            connection.onUpgradeTo(early);
        }
    }

    /** There is something to read, if only the end. */
    @Override
    public void succeeded() {
        if (isEnd()) {
            whenGone.run();
        }
    }

    private synchronized boolean isEnd() {
        if (stopped) {
            return false;
        }
        var buffer = BufferUtil.allocate(4_096);
        try {
            int filled = endPoint.fill(buffer);
            if (filled > 0) {
                early = buffer;
            } else if (filled == 0) {
                endPoint.tryFillInterested(this);
            }
            return filled < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void failed(Throwable failure) {
        if (!isStopped()) {
            whenGone.run();
        }
    }

    private synchronized boolean isStopped() {
        return stopped;
    }
}
