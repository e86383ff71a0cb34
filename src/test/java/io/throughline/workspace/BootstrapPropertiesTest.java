package io.throughline.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class BootstrapPropertiesTest {
    @Test
    void takesATokenAndAKey() {
        BootstrapProperties bound = bind(Map.of("admin-token", "s3cret", "write-key", "c123"));

        assertThat(bound.adminToken().reveal()).isEqualTo("s3cret");
        assertThat(bound.writeKey()).isEqualTo("c123");
        assertThat(bound.toString()).doesNotContain("s3cret");
    }

    @Test
    void saysWhatToSetWhenThereIsNoToken() {
        assertThatThrownBy(() -> bind(Map.of("admin-token", "", "write-key", "c123")))
                .hasRootCauseMessage(
                        "there is no admin token: set THROUGHLINE_ADMIN_TOKEN (or"
                                + " throughline.bootstrap.admin-token) to a long random text");
    }

    @Test
    void saysWhatToSetWhenThereIsNoWriteKey() {
        assertThatThrownBy(() -> bind(Map.of("admin-token", "s3cret")))
                .rootCause()
                .hasMessageContaining("THROUGHLINE_WRITE_KEY");
    }

    @Test
    void refusesWhatCannotTravelInAHeaderWithoutRepeatingIt() {
        assertThatThrownBy(() -> bind(Map.of("admin-token", "s3cret two", "write-key", "c123")))
                .rootCause()
                .hasMessageContaining("visible ASCII")
                .hasMessageNotContaining("s3cret");
        assertThatThrownBy(() -> bind(Map.of("admin-token", "s3cret", "write-key", "c 1")))
                .rootCause()
                .hasMessageContaining("THROUGHLINE_WRITE_KEY");
    }

    private static BootstrapProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("", BootstrapProperties.class);
    }
}
