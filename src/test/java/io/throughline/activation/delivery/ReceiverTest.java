package io.throughline.activation.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.expression.Tailoring;
import io.throughline.activation.tls.TlsSettings;
import io.throughline.contact.ContactRule;
import io.throughline.event.WorkspaceId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReceiverTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Test
    void anItemLivesFromWhatCausedIt() {
        assertThat(receiver(Duration.ofSeconds(5)).expiry(item())).isEqualTo(NOON.plusSeconds(5));
        assertThat(receiver(null).expiry(item())).isNull();
        assertThat(receiver(Duration.ofSeconds(5)).expiry(state())).isNull();
    }

    @Test
    void anAttemptHasNoLongerThanItsItemHadToLive() {
        assertThat(receiver(Duration.ofSeconds(5)).timeout(item())).hasSeconds(5);
        assertThat(receiver(Duration.ofSeconds(60)).timeout(item())).isEqualTo(TIMEOUT);
        assertThat(receiver(null).timeout(item())).isEqualTo(TIMEOUT);
        assertThat(receiver(Duration.ofSeconds(5)).timeout(state())).isEqualTo(TIMEOUT);
    }

    @Test
    void thatAProfileIsErasedIsNewsHoweverLate() {
        for (String type : List.of("profile.erased", "profile.merged", "profile.split")) {
            Receiver receiver = receiver(Duration.ofSeconds(5));
            assertThat(receiver.expiry(row(0, type))).isNull();
            assertThat(receiver.timeout(row(0, type))).isEqualTo(TIMEOUT);
        }
    }

    private static Row item() {
        return row(0, "order.recorded");
    }

    private static Row state() {
        return row(Row.STATE, Row.STATE_TYPE);
    }

    private static Row row(int item, String type) {
        return new Row(
                1,
                new LaneKey(1, 2, 3),
                2,
                1,
                item,
                1,
                type,
                Row.Status.PENDING,
                null,
                null,
                null,
                0,
                null,
                NOON,
                NOON.plusSeconds(1),
                null);
    }

    private static Receiver receiver(@Nullable Duration timeToLive) {
        return new Receiver(
                3,
                "dst_1",
                new WorkspaceId(1),
                URI.create("https://receiver.example/"),
                Set.of(),
                Tailoring.NONE,
                ContactRule.NONE,
                true,
                TIMEOUT,
                10,
                0,
                null,
                timeToLive,
                Map.of(),
                TlsSettings.DEFAULT,
                List.of(),
                null,
                null);
    }
}
