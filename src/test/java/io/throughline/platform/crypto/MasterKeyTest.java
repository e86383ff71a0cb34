package io.throughline.platform.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
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

    /** RFC 5869, test case 3: its pseudorandom key, no info; the first 32 bytes of its output. */
    @Test
    void derivesAsTheRfcSays() {
        byte[] pseudorandom =
                HexFormat.of()
                        .parseHex(
                                "19ef24a32c717b167f33a91d6f648bdf"
                                        + "96596776afdb6377ac434c1c293ccb04");
        MasterKey key =
                MasterKey.parse(Base64.getEncoder().encodeToString(pseudorandom), "the test");
        assertThat(HexFormat.of().formatHex(key.derive("").getEncoded()))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    }

    @Test
    void derivesOneKeyForEachPurpose() {
        Path file = folder.resolve("master.key");
        MasterKey key = MasterKey.ofFile(file);
        assertThat(key.derive("one")).isEqualTo(MasterKey.ofFile(file).derive("one"));
        assertThat(key.derive("one")).isNotEqualTo(key.derive("other"));
        assertThat(MasterKey.ofFile(folder.resolve("other.key")).derive("one"))
                .isNotEqualTo(key.derive("one"));
    }

    @Test
    void saysWhatAKeyMustBe() {
        assertThatThrownBy(() -> MasterKey.parse("c2hvcnQ=", "the setting"))
                .hasMessageContaining("the setting must be 32 bytes in base64");
        assertThatThrownBy(() -> MasterKey.parse("%%%", "the setting"))
                .hasMessageContaining("is not base64");
    }
}
