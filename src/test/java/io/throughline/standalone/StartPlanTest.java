package io.throughline.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
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
    private static final Map<String, String> MASTER_KEY = Map.of("throughline.master-key", "k");
    private static final Predicate<Path> NO_FILE = file -> false;

    @Test
    void embedsBothWhereNothingIsConfigured() {
        StartPlan plan = StartPlan.from(name -> null, NO_FILE);
        assertThat(plan.embedsPostgres()).isTrue();
        assertThat(plan.embedsKafka()).isTrue();
        assertThat(plan.dataFolder()).isEqualTo(Path.of("data"));
        assertThat(plan.defaults())
                .containsEntry("server.address", "127.0.0.1")
                .containsEntry("management.server.address", "127.0.0.1")
                .containsEntry("throughline.activation.egress.allow", "127.0.0.0/8,::1/128")
                .containsEntry("throughline.activation.egress.ports", "*")
                .containsEntry("throughline.demo.enabled", "true");
    }

    @Test
    void takesAnEmptySettingForNoSetting() {
        Map<String, String> blank =
                Map.of("spring.datasource.url", "", "spring.kafka.bootstrap-servers", " ");
        assertThat(StartPlan.from(blank::get, NO_FILE).embedsPostgres()).isTrue();
        assertThat(StartPlan.from(blank::get, NO_FILE).embedsKafka()).isTrue();
    }

    @Test
    void embedsOnlyWhatIsMissing() {
        Map<String, String> database = Map.of("spring.datasource.url", "jdbc:postgresql://db/x");
        assertThat(StartPlan.from(database::get, NO_FILE).embedsPostgres()).isFalse();
        assertThat(StartPlan.from(database::get, NO_FILE).embedsKafka()).isTrue();
    }

    @Test
    void assumesNothingWhereBothAreConfigured() {
        StartPlan plan = StartPlan.from(both(both(EXTERNAL, SECRETS), MASTER_KEY)::get, NO_FILE);
        assertThat(plan.embedsAny()).isFalse();
        assertThat(plan.defaults()).isEmpty();
    }

    @Test
    void namesEverySecretThatIsMissingThere() {
        assertThatExceptionOfType(RefusedStart.class)
                .isThrownBy(() -> StartPlan.from(EXTERNAL::get, NO_FILE))
                .withMessageContainingAll(
                        "THROUGHLINE_ADMIN_TOKEN",
                        "THROUGHLINE_WRITE_KEY",
                        "THROUGHLINE_MASTER_KEY");
    }

    @Test
    void makesNoMasterKeyThere() {
        Map<String, String> withFile =
                both(
                        both(EXTERNAL, SECRETS),
                        Map.of("throughline.master-key-file", "keys/master.key"));
        assertThatExceptionOfType(RefusedStart.class)
                .isThrownBy(() -> StartPlan.from(withFile::get, NO_FILE))
                .withMessageContaining("THROUGHLINE_MASTER_KEY")
                .withMessageNotContainingAny("THROUGHLINE_ADMIN_TOKEN", "THROUGHLINE_WRITE_KEY");
        assertThat(StartPlan.from(withFile::get, Path.of("keys/master.key")::equals).embedsAny())
                .isFalse();
        Map<String, String> blank =
                both(
                        both(EXTERNAL, SECRETS),
                        Map.of(
                                "throughline.master-key", " ",
                                "throughline.master-key-file", ""));
        assertThatExceptionOfType(RefusedStart.class)
                .isThrownBy(() -> StartPlan.from(blank::get, file -> true));
    }

    @Test
    void neverOpensANetworkToTheDevelopmentKeys() {
        Map<String, String> open = Map.of("server.address", "0.0.0.0");
        assertThatExceptionOfType(RefusedStart.class)
                .isThrownBy(() -> StartPlan.from(open::get, NO_FILE))
                .withMessageContainingAll("0.0.0.0", "THROUGHLINE_ADMIN_TOKEN");
        StartPlan withSecrets = StartPlan.from(both(open, SECRETS)::get, NO_FILE);
        assertThat(withSecrets.embedsAny()).isTrue();
        assertThat(withSecrets.defaults())
                .as("the demo answers without a token")
                .containsEntry("throughline.demo.enabled", "false");
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
