package io.stepstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @Test
    void secretAndInstanceOutliveTheProcess(@TempDir Path root) throws IOException {
        byte[] secret;
        String instance;
        try (var first = DataDirectory.open(root)) {
            secret = first.secret();
            instance = first.instance();
        }
        try (var second = DataDirectory.open(root)) {
            assertThat(second.secret()).hasSize(32).isEqualTo(secret);
            assertThat(second.instance()).isNotEmpty().isEqualTo(instance);
        }
    }

    @Test
    void theSecretIsForItsOwnerOnly(@TempDir Path root) throws IOException {
        try (var directory = DataDirectory.open(root)) {
            var permissions = Files.getPosixFilePermissions(directory.root().resolve("secret"));
            assertThat(PosixFilePermissions.toString(permissions)).isEqualTo("rw-------");
        }
    }

    @Test
    void onlyOneMayUseTheDirectoryAtATime(@TempDir Path root) throws IOException {
        try (var first = DataDirectory.open(root)) {
            assertThatThrownBy(() -> DataDirectory.open(root))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(first.root().toString())
                    .hasMessageContaining("--data-dir");
        }
        DataDirectory.open(root).close();
    }

    @Test
    void anEphemeralDirectoryLeavesNothing() throws IOException {
        Path root;
        try (var directory = DataDirectory.ephemeral()) {
            root = directory.root();
            Files.createDirectories(directory.kafka());
            Files.writeString(directory.kafka().resolve("file"), "content");
        }
        assertThat(root).doesNotExist();
    }

    @Test
    void aSecretThatSomebodyEditedIsRefused(@TempDir Path root) throws IOException {
        Files.writeString(root.resolve("secret"), "not hexadecimal");
        assertThatThrownBy(() -> DataDirectory.open(root))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("secret");
        Files.delete(root.resolve("secret"));
        DataDirectory.open(root).close();
    }
}
