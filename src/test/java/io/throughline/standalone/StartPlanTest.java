package io.throughline.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartPlanTest {
    private static final Map<String, String> EXTERNAL =
            Map.of(
                    "spring.datasource.url", "jdbc:postgresql://db/throughline",
                    "spring.kafka.bootstrap-servers", "broker:9092");
    private static final Map<String, String> SECRETS =
            Map.of(
                    "throughline.bootstrap.admin-token", "secret",
                    "throughline.bootstrap.write-key", "c123");

    @Test
    void embedsBothWhereNothingIsConfigured() {
        StartPlan plan = StartPlan.from(name -> null);
        assertThat(plan.embedsPostgres()).isTrue();
        assertThat(plan.embedsKafka()).isTrue();
        assertThat(plan.dataFolder()).isEqualTo(Path.of("data"));
        assertThat(plan.defaults())
                .containsEntry("server.address", "127.0.0.1")
                .containsEntry("management.server.address", "127.0.0.1")
                .containsEntry("throughline.activation.egress.allow", "127.0.0.0/8,::1/128")
                .containsEntry("throughline.activation.egress.ports", "*");
    }

    @Test
    void takesAnEmptySettingForNoSetting() {
        Map<String, String> blank =
                Map.of("spring.datasource.url", "", "spring.kafka.bootstrap-servers", " ");
        assertThat(StartPlan.from(blank::get).embedsPostgres()).isTrue();
        assertThat(StartPlan.from(blank::get).embedsKafka()).isTrue();
    }

    @Test
    void embedsOnlyWhatIsMissing() {
        Map<String, String> database = Map.of("spring.datasource.url", "jdbc:postgresql://db/x");
        assertThat(StartPlan.from(database::get).embedsPostgres()).isFalse();
        assertThat(StartPlan.from(database::get).embedsKafka()).isTrue();
    }

    @Test
    void assumesNothingWhereBothAreConfigured() {
        StartPlan plan = StartPlan.from(both(EXTERNAL, SECRETS)::get);
        assertThat(plan.embedsAny()).isFalse();
        assertThat(plan.defaults()).isEmpty();
    }

    @Test
    void namesEverySecretThatIsMissingThere() {
        assertThatExceptionOfType(RefusedStart.class)
                .isThrownBy(() -> StartPlan.from(EXTERNAL::get))
                .withMessageContainingAll("THROUGHLINE_ADMIN_TOKEN", "THROUGHLINE_WRITE_KEY");
    }

    @Test
    void neverOpensANetworkToTheDevelopmentKeys() {
        Map<String, String> open = Map.of("server.address", "0.0.0.0");
        assertThatExceptionOfType(RefusedStart.class)
                .isThrownBy(() -> StartPlan.from(open::get))
                .withMessageContainingAll("0.0.0.0", "THROUGHLINE_ADMIN_TOKEN");
        assertThat(StartPlan.from(both(open, SECRETS)::get).embedsAny()).isTrue();
    }

    @Test
    void developmentWriteKeyHasTheFormOfEveryWriteKey() {
        assertThat(StartPlan.DEVELOPMENT_WRITE_KEY).matches("c[a-z0-9]{24}");
    }

    private static Map<String, String> both(Map<String, String> one, Map<String, String> other) {
        Map<String, String> all = new HashMap<>(one);
        all.putAll(other);
        return all;
    }
}
