package io.throughline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReceivedWebhooksTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final ReceivedWebhooks received = new ReceivedWebhooks();

    private static ReceivedWebhook webhook(String id, String profile, int second, String body) {
        Instant at = NOON.plusSeconds(second);
        return new ReceivedWebhook(
                id, "profile.updated", profile, 1, "", "", "v1,x", at, 204, body, 1);
    }

    @Test
    void keepsTheNewestOfAProfile() {
        for (int i = 0; i < 100; i++) {
            received.add(webhook("m" + i, "a", i, "{}"));
        }
        assertThat(received.of(List.of("a")))
                .hasSize(ReceivedWebhooks.MOST_OF_A_PROFILE)
                .first()
                .extracting(ReceivedWebhook::id)
                .isEqualTo("m99");
    }

    @Test
    void countsARepeatedMessageOnce() {
        received.add(webhook("m", "a", 0, "{}"));
        received.add(webhook("m", "a", 5, "{}"));
        assertThat(received.of(List.of("a")))
                .singleElement()
                .extracting(ReceivedWebhook::attempts)
                .isEqualTo(2);
    }

    @Test
    void forgetsWhoseProfileNobodyLookedAtForLongest() {
        String large = "x".repeat(250_000);
        received.add(webhook("first", "looked-at", 0, "{}"));
        for (int i = 0; i < 2_000; i++) {
            received.add(webhook("m" + i, "p" + i, i, i % 2 == 0 ? large : "{}"));
            assertThat(received.of(List.of("looked-at"))).hasSize(1);
        }
        List<String> all = IntStream.range(0, 2_000).mapToObj(i -> "p" + i).toList();
        long kept = received.of(all).stream().mapToLong(ReceivedWebhook::weight).sum();
        assertThat(kept).isLessThan(17L << 20);
        assertThat(received.of(List.of("p0"))).isEmpty();
        assertThat(received.of(List.of("p1999"))).hasSize(1);
    }

    @Test
    void findsAWebhookOnlyWithItsProfile() {
        received.add(webhook("m", "a", 0, "{}"));
        assertThat(received.find(List.of("a", "b"), "m")).isPresent();
        assertThat(received.find(List.of("b"), "m")).isEmpty();
    }
}
