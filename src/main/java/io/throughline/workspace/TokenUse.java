package io.throughline.workspace;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * When each token was last used, to the minute: a request notes it in memory, the directory's
 * thread writes all notes of a minute with one statement. Lost at a crash, at most a minute of it.
 */
@Component
class TokenUse {
    private static final Duration PRECISION = Duration.ofMinutes(1);

    private final JdbcClient jdbc;
    private final Clock clock;
    private final Map<Long, Instant> notes = new ConcurrentHashMap<>();
    private final Map<Long, Instant> written = new ConcurrentHashMap<>();

    TokenUse(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** The token was used now. */
    void note(long tokenId) {
        Instant now = clock.instant();
        Instant before = written.get(tokenId);
        if (before == null || before.plus(PRECISION).isBefore(now)) {
            notes.put(tokenId, now);
            written.put(tokenId, now);
        }
    }

    /** Writes what was noted; what cannot be written is noted again. */
    void flush() {
        if (notes.isEmpty()) {
            return;
        }
        Map<Long, Instant> taken = new HashMap<>(notes);
        jdbc.sql(
                        """
                        UPDATE api_token t SET last_used_at = u.at::timestamptz
                        FROM unnest(?::bigint[], ?::text[]) AS u (id, at)
                        WHERE t.id = u.id
                        """)
                .param(taken.keySet().toArray(Long[]::new))
                .param(taken.values().stream().map(Instant::toString).toArray(String[]::new))
                .update();
        taken.forEach(notes::remove);
    }
}
