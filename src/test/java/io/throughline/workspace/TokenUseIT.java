package io.throughline.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.ThroughlineIT;
import io.throughline.workspace.Api.Answer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@ThroughlineIT
class TokenUseIT {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    private Instant now = NOON;

    @Test
    void writesAtMostOnceAMinuteAndDisturbsNobody() {
        Answer token =
                Api.admin(port).post("/api/v1/tokens", Map.of("name", "Used", "role", "viewer"));
        long id = number("SELECT id FROM api_token WHERE public_id = '" + token.text("id") + "'");
        long revision = number("SELECT revision FROM workspace_revision");
        TokenUse use = new TokenUse(jdbc, clock());

        use.note(id);
        use.flush();
        now = NOON.plusSeconds(59);
        use.note(id);
        use.flush();
        assertThat(lastUsed(id)).isEqualTo(NOON);

        now = NOON.plusSeconds(61);
        use.note(id);
        use.flush();
        assertThat(lastUsed(id)).isEqualTo(now);
        assertThat(number("SELECT revision FROM workspace_revision")).isEqualTo(revision);
    }

    private long number(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    private Instant lastUsed(long id) {
        return jdbc.sql("SELECT last_used_at FROM api_token WHERE id = ?")
                .param(id)
                .query((row, n) -> row.getTimestamp(1).toInstant())
                .single();
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }
}
