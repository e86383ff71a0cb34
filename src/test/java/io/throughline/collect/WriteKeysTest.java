package io.throughline.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class WriteKeysTest {
    @Test
    void theUserNameOfBasicIsTheKey() {
        assertThat(WriteKeys.basic(basic("key:"))).isEqualTo("key");
        assertThat(WriteKeys.basic(basic("key"))).isEqualTo("key");
        assertThat(WriteKeys.basic(basic("key:secret"))).isEqualTo("key");
        assertThat(WriteKeys.basic("basic " + basic("key:").substring(6))).isEqualTo("key");
    }

    @Test
    void otherSchemesAndEmptyNamesAreNoKey() {
        assertThat(WriteKeys.basic(null)).isNull();
        assertThat(WriteKeys.basic("Bearer abc")).isNull();
        assertThat(WriteKeys.basic(basic(":"))).isNull();
    }

    @Test
    void aBrokenCredentialIsOneThatNobodyHas() {
        assertThat(WriteKeys.basic("Basic ***")).isEqualTo("***");
    }

    @Test
    void findsTheKeyInTheQuery() {
        assertThat(WriteKeys.query("a=1&writeKey=key&b=2")).isEqualTo("key");
        assertThat(WriteKeys.query("writeKey=k%65y")).isEqualTo("key");
        assertThat(WriteKeys.query("writeKey=k%ZZ")).isEqualTo("k%ZZ");
        assertThat(WriteKeys.query("writeKey=")).isNull();
        assertThat(WriteKeys.query("xwriteKey=key")).isNull();
        assertThat(WriteKeys.query(null)).isNull();
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
