package io.throughline.activation.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.delivery.Survivors.Merge;
import io.throughline.activation.delivery.Survivors.Retirement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SurvivorsTest {
    private static final ProfileKey A = new ProfileKey(1, 10);
    private static final ProfileKey B = new ProfileKey(1, 20);
    private static final ProfileKey C = new ProfileKey(1, 30);

    @Test
    void aProfileThatNeverEndedGoesOnItself() {
        assertThat(Survivors.of(Map.of(), List.of()).survivorOf(B, 7)).isEqualTo(20);
    }

    @Test
    void whatAProfileOwedBeforeItsEndIsTheSurvivorsAndWhatItOwesLaterIsItsOwn() {
        Survivors survivors = Survivors.of(Map.of(B, new Retirement(5, 10, 6)), List.of());
        assertThat(survivors.survivorOf(B, 5)).isEqualTo(10);
        assertThat(survivors.survivorOf(B, 6)).isEqualTo(20);
        assertThat(survivors.lastSurvivorOf(B)).isEqualTo(10);
    }

    @Test
    void chainsAreFollowedOverWhatIsStoredAndWhatIsNew() {
        Survivors survivors =
                Survivors.of(
                        Map.of(B, new Retirement(8, 10, 9)),
                        List.of(new Merge(C, new Retirement(3, 20, 4))));
        assertThat(survivors.survivorOf(C, 2)).isEqualTo(10);
        assertThat(survivors.survivorOf(B, 8)).isEqualTo(10);
    }

    @Test
    void aChainEndsAtAProfileThatLivedAgainWhenTheMergeHappened() {
        Survivors survivors =
                Survivors.of(
                        Map.of(B, new Retirement(8, 10, 9), C, new Retirement(3, 20, 12)),
                        List.of());
        assertThat(survivors.survivorOf(C, 3)).isEqualTo(20);
    }

    @Test
    void theNewestEndCounts() {
        Survivors survivors =
                Survivors.of(
                        Map.of(C, new Retirement(9, 10, 10)),
                        List.of(new Merge(C, new Retirement(3, 20, 4))));
        assertThat(survivors.survivorOf(C, 5)).isEqualTo(10);
        assertThat(survivors.survivorOf(C, 10)).isEqualTo(30);
    }

    @Test
    void workspacesDoNotMix() {
        Survivors survivors = Survivors.of(Map.of(B, new Retirement(5, 10, 6)), List.of());
        assertThat(survivors.survivorOf(new ProfileKey(2, 20), 1)).isEqualTo(20);
    }
}
