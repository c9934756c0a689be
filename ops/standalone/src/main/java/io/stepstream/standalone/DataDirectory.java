package io.stepstream.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a standalone process leaves on the disk, and the right to use it: one process at a time, by a lock that the operating
 * system takes back when the process ends, however it ends.
 *
 * <pre>
 * lock      held while a process runs
 * secret    32 bytes as hexadecimal digits: signs task and page tokens, readable by the owner only
 * instance  this installation's name in the consumer groups, the same after each restart
 * kafka/    the broker's log: the truth
 * engine/   state of the engine and the views, which they can rebuild from the log
 * </pre>
 */
final class DataDirectory implements AutoCloseable {

    private static final int SECRET_BYTES = 32;

    private final Path root;
    private final boolean ephemeral;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final byte[] secret;
    private final String instance;

    private DataDirectory(
            Path root, boolean ephemeral, FileChannel lockFile, FileLock lock, byte[] secret, String instance) {
        this.root = root;
        this.ephemeral = ephemeral;
        this.lockFile = lockFile;
        this.lock = lock;
        this.secret = secret;
        this.instance = instance;
    }

    /** Opens the directory, and makes it where there is none. An IOException tells if another process has it. */
    static DataDirectory open(Path root) throws IOException {
        return open(root, false);
    }

    /** A new directory for temporary files, which {@link #close} deletes with all that is in it. */
    static DataDirectory ephemeral() throws IOException {
        return open(Files.createTempDirectory("stepstream-"), true);
    }

    private static DataDirectory open(Path root, boolean ephemeral) throws IOException {
        Files.createDirectories(root);
        var lockFile = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            var lock = lock(root, lockFile);
            var secret = HexFormat.of().parseHex(kept(root.resolve("secret"), randomSecret()));
            var instance = kept(root.resolve("instance"), UUID.randomUUID().toString());
            return new DataDirectory(root, ephemeral, lockFile, lock, secret, instance);
        } catch (IOException | IllegalArgumentException e) {
            lockFile.close();
            throw e instanceof IOException io
                    ? io
                    : new IOException(
                            "Expected hexadecimal digits in " + root.resolve("secret") + ", but " + e.getMessage(), e);
        }
    }

    private static FileLock lock(Path root, FileChannel lockFile) throws IOException {
        @Nullable FileLock lock;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new IOException("Expected to be the only process that uses " + root
                    + ", but another one runs there; stop it, or choose another directory with --data-dir");
        }
        return lock;
    }

    private static String randomSecret() {
        var bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The file's text; a new file gets {@code initial}, all of it or nothing even if the process dies meanwhile. */
    private static String kept(Path file, String initial) throws IOException {
        if (!Files.exists(file)) {
            var draft = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(draft);
            Files.createFile(draft, ownerOnly(file));
            Files.writeString(draft, initial);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file, StandardCharsets.UTF_8).strip();
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    Path root() {
        return root;
    }

    Path kafka() {
        return root.resolve("kafka");
    }

    Path engine() {
        return root.resolve("engine");
    }

    byte[] secret() {
        return secret.clone();
    }

    String instance() {
        return instance;
    }

    /** Lets another process have the directory; an ephemeral one is deleted. */
    @Override
    public void close() throws IOException {
        lock.release();
        lockFile.close();
        if (ephemeral) {
            delete(root);
        }
    }

    private static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
