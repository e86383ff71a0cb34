package io.throughline.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CursorTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.001Z");

    private final String encoded = Cursor.of("events", NOON, "Žofie|=", -42L).encoded();

    @Test
    void comesBackAsItWasMade() {
        Cursor read = Cursor.read("events", encoded);

        assertThat(read.instant(0)).isEqualTo(NOON);
        assertThat(read.text(1)).isEqualTo("Žofie|=");
        assertThat(read.number(2)).isEqualTo(-42);
    }

    @Test
    void travelsInAQueryWithoutEscaping() {
        assertThat(encoded).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void isRefusedWhenAnyCharacterWasChanged() {
        for (int i = 0; i < encoded.length(); i++) {
            char other = encoded.charAt(i) == 'A' ? 'B' : 'A';
            String tampered = encoded.substring(0, i) + other + encoded.substring(i + 1);
            assertInvalid(() -> Cursor.read("events", tampered));
        }
    }

    @Test
    void isRefusedWhenCutExtendedOrInvented() {
        for (int i = 0; i < encoded.length(); i++) {
            String cut = encoded.substring(0, i);
            assertInvalid(() -> Cursor.read("events", cut));
        }
        for (String invented : List.of("", "x", "!!!!", "AAAAAAAAAAAA", encoded + "AAAA", "ž")) {
            assertInvalid(() -> Cursor.read("events", invented));
        }
    }

    @Test
    void isRefusedByAnotherList() {
        assertInvalid(() -> Cursor.read("deliveries", encoded));
    }

    @Test
    void isRefusedWhenItsKeysAreNotWhatTheListSortsBy() {
        Cursor read = Cursor.read("events", encoded);

        assertInvalid(() -> read.number(1));
        assertInvalid(() -> read.instant(1));
        assertInvalid(() -> read.text(3));
    }

    private static void assertInvalid(ThrowingCallable reading) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem()).isEqualTo(WebProblems.INVALID_CURSOR));
    }
}
