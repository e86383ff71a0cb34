package io.throughline.platform.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SecretTest {
    private final Secret secret = Secret.of("hunter2");

    @Test
    void isNeverPrinted() {
        assertThat(Map.of("token", secret).toString()).doesNotContain("hunter2");
        assertThat(JsonMapper.shared().writeValueAsString(Map.of("token", secret)))
                .doesNotContain("hunter2");
    }

    @Test
    void equalsTheSameSecretOnly() {
        assertThat(secret).isEqualTo(Secret.of("hunter2")).isNotEqualTo(Secret.of("hunter3"));
        assertThat(secret.reveal()).isEqualTo("hunter2");
    }

    @Test
    void hashesAsTheStandardSays() {
        assertThat(Sha256.hex("abc"))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
