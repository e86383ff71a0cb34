package io.throughline.demo;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

class DemoConfigurationTest {
    private static void start(boolean enabled, @Nullable String address) {
        ServerProperties server = new ServerProperties();
        try {
            server.setAddress(address == null ? null : InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
        new DemoConfiguration(new DemoProperties(enabled), server);
    }

    @Test
    void refusesToAnswerANetworkWithoutAToken() {
        assertThatIllegalStateException()
                .isThrownBy(() -> start(true, null))
                .withMessageContaining("throughline.demo.enabled");
        assertThatIllegalStateException().isThrownBy(() -> start(true, "0.0.0.0"));
        assertThatIllegalStateException().isThrownBy(() -> start(true, "192.0.2.1"));
    }

    @Test
    void letsEveryOtherStartBe() {
        assertThatCode(() -> start(true, "127.0.0.1")).doesNotThrowAnyException();
        assertThatCode(() -> start(true, "::1")).doesNotThrowAnyException();
        assertThatCode(() -> start(false, null)).doesNotThrowAnyException();
    }
}
