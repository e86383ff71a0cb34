package io.throughline.debug;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.throughline.event.WorkspaceId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatcherTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Watcher watcher =
            new Watcher(
                    new WorkspaceId(1),
                    new LiveFilter(null, null, null, null, null),
                    new LiveProperties(1, 1, 10, 3, 1),
                    new DebugMetrics(meters));

    @Test
    void whoReadsSlowlyLosesTheOldestAndLearnsHowMany() throws Exception {
        for (byte i = 0; i < 8; i++) {
            watcher.offer(new byte[] {i});
        }

        assertThat(watcher.takeMissed()).isEqualTo(5);
        assertThat(watcher.takeMissed()).isZero();
        assertThat(watcher.next(Duration.ZERO)).containsExactly(5);
        assertThat(watcher.next(Duration.ZERO)).containsExactly(6);
        assertThat(watcher.next(Duration.ZERO)).containsExactly(7);
        assertThat(watcher.next(Duration.ofMillis(1))).isNull();
        assertThat(meters.counter("throughline.debug.missed").count()).isEqualTo(5);
    }

    @Test
    void isShownSoManyInASecond() {
        int shown = 0;
        for (int i = 0; i < 25; i++) {
            shown += watcher.hasRoom(1_000L + i) ? 1 : 0;
        }

        assertThat(shown).isEqualTo(10);
        assertThat(watcher.takeMissed()).isEqualTo(15);
    }
}
