package io.stepstream.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls the API over HTTP/1.1 with as many keep-alive connections as calls are in flight, all on one thread: load and server
 * share the machine, and a thread for each user would be measured too.
 *
 * <p>Answers are given on the driver's thread; they must not block, and may call again.
 */
final class HttpDriver implements AutoCloseable {

    /** Status of a call that got no HTTP response; the body then is the reason. */
    static final int NO_RESPONSE = 0;

    interface Answer {
        void answered(int status, String body);
    }

    private final InetSocketAddress server;
    private final String host;
    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> handedIn = new ConcurrentLinkedQueue<>();
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>((a, b) -> Long.compare(a.at, b.at));
    private volatile boolean closed;

    private HttpDriver(URI endpoint) throws IOException {
        this.host = endpoint.getAuthority();
        this.server = new InetSocketAddress(endpoint.getHost(), endpoint.getPort() < 0 ? 80 : endpoint.getPort());
        this.selector = Selector.open();
        this.thread = new Thread(this::loop, "http-driver");
        this.thread.setDaemon(true);
    }

    /** The endpoint is such as {@code http://127.0.0.1:8083}. */
    static HttpDriver start(URI endpoint) throws IOException {
        var driver = new HttpDriver(endpoint);
        driver.thread.start();
        return driver;
    }

    /** Sends {@code json} as the operation's request; from any thread. */
    void call(String operation, byte[] json, Answer answer) {
        onThread(() -> send(request(operation, json), answer));
    }

    /** Runs the task on the driver's thread when the delay has passed (in steps of a millisecond). */
    void later(long delayMillis, Runnable task) {
        long at = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMillis);
        onThread(() -> later.add(new Later(at, task)));
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        selector.close();
    }

    private void onThread(Runnable task) {
        if (Thread.currentThread().equals(thread)) {
            task.run();
        } else {
            handedIn.add(task);
            selector.wakeup();
        }
    }

    private void loop() {
        try {
            while (!closed) {
                selector.select(untilNextMillis());
                for (var task = handedIn.poll(); task != null; task = handedIn.poll()) {
                    task.run();
                }
                for (var key : selector.selectedKeys()) {
                    ((Connection) key.attachment()).ready(key);
                }
                selector.selectedKeys().clear();
                runDue();
            }
            for (var key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            throw new IllegalStateException("Expected the selector to work, but it failed", e);
        }
    }

    /** For the selector: 0 waits for ever. */
    private long untilNextMillis() {
        var next = later.peek();
        return next == null ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(next.at - System.nanoTime()));
    }

    private void runDue() {
        long now = System.nanoTime();
        for (var next = later.peek(); next != null && next.at - now <= 0; next = later.peek()) {
            later.remove().task.run();
        }
    }

    private byte[] request(String operation, byte[] json) {
        var head = ("POST / HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/x-amz-json-1.0\r\n"
                        + "X-Amz-Target: AWSStepFunctions." + operation + "\r\nContent-Length: " + json.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        var request = Arrays.copyOf(head, head.length + json.length);
        System.arraycopy(json, 0, request, head.length, json.length);
        return request;
    }

    private void send(byte[] request, Answer answer) {
        var connection = idle.pollLast();
        try {
            if (connection == null) {
                connection = new Connection();
            }
        } catch (IOException e) {
            var reason = "no connection to " + server + ": " + e.getMessage();
            handedIn.add(() -> answer.answered(NO_RESPONSE, reason));
            selector.wakeup();
            return;
        }
        connection.send(request, answer);
    }

    private record Later(long at, Runnable task) {}

    /** One connection, with at most one call on it. */
    private final class Connection {

        private final SocketChannel channel;
        private final SelectionKey key;
        private ByteBuffer in = ByteBuffer.allocate(16 * 1024);
        private ByteBuffer out = ByteBuffer.allocate(0);
        private @Nullable Answer waiting;

        Connection() throws IOException {
            channel = SocketChannel.open(server);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            key = channel.register(selector, SelectionKey.OP_READ, this);
        }

        void send(byte[] request, Answer answer) {
            waiting = answer;
            out = ByteBuffer.wrap(request);
            try {
                write();
            } catch (IOException e) {
                // told on the next turn, so that an answer never comes from within the call
                handedIn.add(() -> lost(e));
                selector.wakeup();
            }
        }

        void ready(SelectionKey key) {
            try {
                if (key.isValid() && key.isWritable()) {
                    write();
                }
                if (key.isValid() && key.isReadable()) {
                    read();
                }
            } catch (IOException e) {
                lost(e);
            }
        }

        private void write() throws IOException {
            channel.write(out);
            key.interestOps(out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }

        private void read() throws IOException {
            int count = channel.read(in);
            while (count > 0) {
                if (!in.hasRemaining()) {
                    in = ByteBuffer.allocate(2 * in.capacity()).put(in.flip());
                }
                count = channel.read(in);
            }
            var response = HttpResponse.parse(in.array(), in.position());
            if (response != null) {
                in.clear();
                var answer = waiting;
                waiting = null;
                if (count < 0 || response.close()) {
                    drop();
                } else {
                    idle.addLast(this);
                }
                if (answer != null) {
                    answer.answered(response.status(), response.body());
                }
            } else if (count < 0) {
                throw new EOFException("the server closed the connection");
            }
        }

        private void lost(IOException e) {
            drop();
            var answer = waiting;
            waiting = null;
            if (answer != null) {
                answer.answered(NO_RESPONSE, String.valueOf(e.getMessage()));
            }
        }

        private void drop() {
            idle.remove(this);
            key.cancel();
            try {
                channel.close();
            } catch (IOException e) {
                throw new IllegalStateException("Expected a socket to close, but it failed", e);
            }
        }
    }
}
