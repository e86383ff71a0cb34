package io.throughline.activation.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.expression.Tailoring;
import io.throughline.activation.tls.TlsSettings;
import io.throughline.contact.ContactRule;
import io.throughline.event.WorkspaceId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private final Slots slots = new Slots(receiver -> Breaker.CLOSED);

    @Test
    void aClaimLeavesSlotsForWhatComesWhileItRuns() {
        Receiver receiver = receiver(10);
        assertThat(slots.take(receiver, slots.mostAtOnce(receiver))).isEqualTo(15);
        assertThat(slots.take(receiver, 1)).isEqualTo(1);
    }

    @Test
    void claimsGetEverySlotInTheEnd() {
        Receiver receiver = receiver(10);
        slots.take(receiver, slots.mostAtOnce(receiver));
        slots.take(receiver, slots.mostAtOnce(receiver));
        assertThat(slots.free(receiver)).isZero();
    }

    @Test
    void oneAtATimeIsEnoughForAClaim() {
        assertThat(slots.mostAtOnce(receiver(1))).isPositive();
    }

    /** Those that wait for their start must not outlast their leases. */
    @Test
    void aRateTakesNoMoreThanMayStartSoon() {
        assertThat(slots.take(receiver(100, 3), 100)).isEqualTo(6);
        assertThat(slots.take(receiver(100, 1_000), 200)).isEqualTo(94);
    }

    private static Receiver receiver(int maxConcurrency) {
        return receiver(maxConcurrency, null);
    }

    private static Receiver receiver(int maxConcurrency, @Nullable Integer ratePerSecond) {
        return new Receiver(
                1,
                "dst_1",
                new WorkspaceId(1),
                URI.create("https://receiver.example/"),
                Set.of(),
                Tailoring.NONE,
                ContactRule.NONE,
                true,
                Duration.ofSeconds(10),
                maxConcurrency,
                0,
                ratePerSecond,
                null,
                Map.of(),
                TlsSettings.DEFAULT,
                List.of(),
                null,
                null);
    }
}
