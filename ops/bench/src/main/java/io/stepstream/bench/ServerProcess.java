package io.stepstream.bench;

import io.stepstream.schemas.config.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A standalone server as a process of its own, which can be killed. */
final class ServerProcess implements AutoCloseable {

    private static final Duration STOP = Duration.ofSeconds(20);

    private final Path jar;
    private final Path dataDirectory;
    private final List<String> jvmOptions;
    private final int port = freePort();
    private final int kafkaPort = freePort();
    private Process process;

    /** Starts it; returns when it has said that it is ready. */
    ServerProcess(Path jar, Path dataDirectory, List<String> jvmOptions, Duration patience)
            throws IOException, InterruptedException {
        this.jar = jar;
        this.dataDirectory = dataDirectory;
        this.jvmOptions = List.copyOf(jvmOptions);
        this.process = launch();
        awaitReady(patience);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    /** As if somebody had pulled it out: no shutdown hook runs. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** On the same data and ports; does not wait until it is ready. */
    void startAgain() throws IOException {
        process = launch();
    }

    void awaitReady(Duration patience) throws IOException, InterruptedException {
        var ready = new CompletableFuture<String>();
        var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var reader = new Thread(
                () -> {
                    try {
                        var line = lines.readLine();
                        ready.complete(line == null ? "" : line);
                    } catch (IOException e) {
                        ready.completeExceptionally(e);
                    }
                },
                "server-output");
        reader.setDaemon(true);
        reader.start();
        try {
            var line = ready.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!line.startsWith("ready ")) {
                throw new IOException("Expected the server to get ready, but it said: " + line);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("Expected the server to get ready within " + patience.toSeconds() + " s", e);
        }
    }

    private Process launch() throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-jar",
                jar.toString(),
                "--data-dir",
                dataDirectory.toString(),
                "--port",
                Integer.toString(port),
                "--kafka-port",
                Integer.toString(kafkaPort)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() {
        try {
            return FreePort.onLoopback();
        } catch (IOException e) {
            throw new IllegalStateException("Expected a free port on loopback, but there is none", e);
        }
    }
}
