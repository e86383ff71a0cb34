package io.throughline.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.Bound;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetentionPropertiesTest {
    @Test
    void anonymousProfilesAreKeptForEverUnlessSaidOtherwise() {
        assertThat(Bound.to(RetentionProperties.class, Map.of()).anonymous()).isNull();
        assertThat(Bound.to(RetentionProperties.class, Map.of("anonymous", "90d")).anonymous())
                .isEqualTo(Duration.ofDays(90));
    }

    @Test
    void refusesLessThanClientsMaySendAgain() {
        assertThat(Bound.refuses(RetentionProperties.class, Map.of("anonymous", "29d"))).isTrue();
    }
}
