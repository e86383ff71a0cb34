package io.throughline.workspace;

import io.throughline.platform.crypto.RandomText;
import io.throughline.platform.crypto.Sha256;
import java.time.Clock;
import java.util.Optional;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes the configured admin token and write key work, and those of earlier starts stop. */
@Component
class Bootstrap {
    /** Any number nobody else locks: instances that start together take turns. */
    private static final long LOCK = 0x7468_726f_7567_6801L;

    private final BootstrapProperties properties;
    private final SourceRows sources;
    private final TokenRows tokens;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final RandomText random;
    private final Clock clock;

    Bootstrap(
            BootstrapProperties properties,
            SourceRows sources,
            TokenRows tokens,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            RandomText random,
            Clock clock) {
        this.properties = properties;
        this.sources = sources;
        this.tokens = tokens;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.random = random;
        this.clock = clock;
    }

    /** Idempotent; writes nothing when the values are those of the start before. */
    void apply() {
        try {
            transaction.executeWithoutResult(status -> {
                jdbc.sql("SELECT pg_advisory_xact_lock(:lock)")
                        .param("lock", LOCK)
                        .query((row, number) -> true)
                        .single();
                adminToken();
                writeKey();
            });
        } catch (DataIntegrityViolationException e) {
            throw new IllegalStateException(
                    "THROUGHLINE_ADMIN_TOKEN or THROUGHLINE_WRITE_KEY is already the token or the"
                            + " write key of another entry made through the API: choose another"
                            + " value",
                    e);
        }
    }

    private void adminToken() {
        String sha256 = Sha256.hex(properties.adminToken().reveal());
        Optional<TokenRow> known = tokens.findByBootstrapTrue();
        if (known.isEmpty()) {
            tokens.save(
                    new TokenRow(
                            null,
                            "tok_bootstrap",
                            "Bootstrap",
                            TokenRole.ADMIN,
                            sha256,
                            clock.instant()));
        } else if (!known.get().sha256().equals(sha256)) {
            known.get().rehash(sha256);
        }
    }

    private void writeKey() {
        Optional<SourceRow> known = sources.findByBootstrapTrue();
        if (known.isEmpty()) {
            sources.save(
                    SourceRow.bootstrap(
                            "src_" + random.of(16), properties.writeKey(), clock.instant()));
        } else if (!known.get().live() || !known.get().writeKey().equals(properties.writeKey())) {
            known.get().rekey(properties.writeKey());
        }
    }
}
