package io.stepstream.schemas.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that have to know theirs before they listen. */
public final class FreePort {

    /** Below the ports that Linux (32768) and others (49152) give to outgoing connections: one of those could take it first. */
    private static final int LOWEST = 15_000;

    private static final int BEYOND = 32_000;
    private static final int ATTEMPTS = 100;

    private FreePort() {}

    /** One that nobody listens at. Throws an IOException where none is found. */
    public static int at(InetAddress address) throws IOException {
        var last = new IOException("Expected a free port at " + address + ", but found none");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, BEYOND);
            try (var socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(address, port));
                return port;
            } catch (IOException taken) {
                last.addSuppressed(taken);
            }
        }
        throw last;
    }

    /** The same on this machine's loopback address. */
    public static int onLoopback() throws IOException {
        return at(InetAddress.getLoopbackAddress());
    }
}
