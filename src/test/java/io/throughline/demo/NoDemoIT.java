package io.throughline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.ThroughlineIT;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A server on engines of somebody's own, where nobody asked for a demo. */
@ThroughlineIT
class NoDemoIT {
    @LocalServerPort private int port;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/demo",
                "/demo/files/main.js",
                "/demo/api/visitor?anonymousId=0e8f7f8c-6e1c-4a5e-9d43-0f6f0c9a2b11"
            })
    void hasNothingThere(String path) {
        assertThat(new DemoShop(port).get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void takesNoVisitAndNoWebhook() {
        DemoShop shop = new DemoShop(port);
        assertThat(shop.post("/demo/api/visits", "").statusCode()).isEqualTo(404);
        assertThat(shop.post("/demo/webhooks", "{}").statusCode()).isEqualTo(404);
        assertThat(shop.destinations()).isEmpty();
    }
}
