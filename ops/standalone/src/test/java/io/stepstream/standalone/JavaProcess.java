package io.stepstream.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One of the product's jars as a process of its own. */
final class JavaProcess implements AutoCloseable {

    private static final String READY = "ready http://";

    private final Process process;
    private final CompletableFuture<String> firstLine;

    private JavaProcess(Process process, CompletableFuture<String> firstLine) {
        this.process = process;
        this.firstLine = firstLine;
    }

    /** The jar is relative to the project's folder, and built by {@code mvn package}. */
    static JavaProcess start(String jar, String... arguments) throws IOException {
        var path = Path.of("..", "..").resolve(jar);
        if (!Files.exists(path)) {
            throw new IOException("Expected " + jar + " to be built: run mvn verify in the project's folder");
        }
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                path.toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var firstLine = CompletableFuture.supplyAsync(() -> readLine(process));
        return new JavaProcess(process, firstLine);
    }

    private static String readLine(Process process) {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            var line = lines.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The port that it says it serves. */
    int awaitReady(Duration atMost) throws Exception {
        var line = firstLine.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        if (!line.startsWith(READY)) {
            throw new IOException("Expected the process to get ready, but it said: " + line);
        }
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    /** No shutdown hook runs. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to stop, as SIGTERM does. False if it takes longer. */
    boolean stop(Duration atMost) throws InterruptedException {
        process.destroy();
        return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Of a process that ends by itself. */
    int awaitExit(Duration atMost) throws Exception {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("Expected the process to end, but it runs");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
