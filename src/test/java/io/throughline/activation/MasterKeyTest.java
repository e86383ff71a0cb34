package io.throughline.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeyTest {
    private static final byte[] PLAIN = "a secret".getBytes(StandardCharsets.UTF_8);

    @TempDir private Path folder = Path.of("");

    @Test
    void readsWhatItEncryptedForTheSameOwnerOnly() {
        MasterKey key = MasterKey.ofFile(folder.resolve("new/master.key"));
        byte[] stored = key.encrypt(PLAIN, 1);
        assertThat(key.decrypt(stored, 1)).isEqualTo(PLAIN);
        assertThat(key.encrypt(PLAIN, 1)).isNotEqualTo(stored);
        assertThatThrownBy(() -> key.decrypt(stored, 2)).isInstanceOf(IllegalStateException.class);
        MasterKey other = MasterKey.ofFile(folder.resolve("other.key"));
        assertThatThrownBy(() -> other.decrypt(stored, 1))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keepsTheFileForTheNextStartAndForItsOwnerOnly() throws Exception {
        Path file = folder.resolve("master.key");
        MasterKey first = MasterKey.ofFile(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(MasterKey.ofFile(file).decrypt(first.encrypt(PLAIN, 1), 1)).isEqualTo(PLAIN);
        assertThat(Files.list(folder)).containsExactly(file);
    }

    @Test
    void saysWhatAKeyMustBe() {
        assertThatThrownBy(() -> MasterKey.parse("c2hvcnQ=", "the setting"))
                .hasMessageContaining("the setting must be 32 bytes in base64");
        assertThatThrownBy(() -> MasterKey.parse("%%%", "the setting"))
                .hasMessageContaining("is not base64");
    }
}
