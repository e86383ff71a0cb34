package io.throughline.privacy.consent;

import static io.throughline.privacy.consent.ConsentStatus.DENIED;
import static io.throughline.privacy.consent.ConsentStatus.GRANTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.platform.web.ProblemException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConsentPolicyTest {
    @Test
    void byDefaultOnlyWhatStaysWithTheSiteIsGranted() {
        assertThat(ConsentPolicy.DEFAULT.unknown().toString())
                .isEqualTo(
                        "{analytics=granted, personalisation=granted, marketing=denied,"
                                + " advertising=denied, *=denied}");
        assertThat(ConsentPolicy.DEFAULT.grants(new Purpose("newsletter"))).isFalse();
    }

    @Test
    void whatIsLeftOutIsAsTheStarSaysOrElseAsByDefault() {
        ConsentPolicy strict = ConsentPolicy.read(Map.of("*", DENIED));
        assertThat(strict.unknown().values()).containsOnly(DENIED);
        ConsentPolicy one = ConsentPolicy.read(Map.of("Marketing", GRANTED));
        assertThat(one.grants(Purpose.MARKETING)).isTrue();
        assertThat(one.grants(Purpose.ANALYTICS)).isTrue();
        assertThat(one.grants(Purpose.ADVERTISING)).isFalse();
        assertThat(ConsentPolicy.read(Map.of())).isEqualTo(ConsentPolicy.DEFAULT);
    }

    @Test
    void whatItSaysCanBeReadAgain() {
        ConsentPolicy policy = ConsentPolicy.read(Map.of("newsletter", GRANTED, "*", DENIED));
        Map<String, @Nullable ConsentStatus> said = new HashMap<>();
        policy.unknown().forEach(said::put);
        assertThat(ConsentPolicy.read(said)).isEqualTo(policy);
    }

    @Test
    void refusesNamesThatAreNoPurposesAndTwoThatMeanOne() {
        Map<String, @Nullable ConsentStatus> nothing = new HashMap<>();
        nothing.put("marketing", null);
        assertThatThrownBy(() -> ConsentPolicy.read(nothing))
                .isInstanceOf(ProblemException.class)
                .hasMessage("unknown.marketing must be granted or denied");
        assertThatThrownBy(() -> ConsentPolicy.read(Map.of(" ", DENIED)))
                .hasMessageStartingWith("unknown.  must be a purpose");
        assertThatThrownBy(() ->
                        ConsentPolicy.read(
                                Map.of("personalisation", DENIED, "personalization", DENIED)))
                .hasMessageContaining("named twice");
        Map<String, @Nullable ConsentStatus> many = new HashMap<>();
        IntStream.range(0, 101).forEach(n -> many.put("p" + n, DENIED));
        assertThatThrownBy(() -> ConsentPolicy.read(many)).hasMessageContaining("at most 100");
    }
}
