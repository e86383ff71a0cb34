package io.throughline.privacy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.platform.ConditionalOnRole;
import io.throughline.platform.Role;
import io.throughline.platform.jdbc.DecisionTransactions;
import io.throughline.profile.IdleProfiles;
import io.throughline.profile.IdleProfiles.Idle;
import io.throughline.profile.IdleProfiles.Part;
import io.throughline.profile.IdleProfiles.Position;
import io.throughline.profile.ProfileErasure;
import io.throughline.profile.ProfileErasure.Begun;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Lets profiles go that were never identified and are idle for long, with their history, a few at a
 * time. Looks at every profile in turn and begins again; a crash costs the place it had come to.
 */
@Component
@ConditionalOnRole(Role.RESOLVE)
class AnonymousRetention {
    private static final Logger LOG = LoggerFactory.getLogger(AnonymousRetention.class);

    /** Profiles that one transaction looks at; it lets as many go at most. */
    private static final int PART = 200;

    /** Then the scheduler's thread is somebody else's for a while. */
    private static final Duration TURN = Duration.ofSeconds(5);

    private final @Nullable Duration keep;
    private final DecisionTransactions transactions;
    private final ProfileErasure profiles;
    private final Counter gone;
    private final Clock clock;
    private Position position = Position.FIRST;

    AnonymousRetention(
            RetentionProperties settings,
            DecisionTransactions transactions,
            ProfileErasure profiles,
            MeterRegistry meters,
            Clock clock) {
        this.keep = settings.anonymous();
        this.transactions = transactions;
        this.profiles = profiles;
        this.gone = meters.counter("throughline.retention.profiles");
        this.clock = clock;
    }

    @Scheduled(fixedDelay = 60_000)
    void run() {
        if (keep == null) {
            return;
        }
        long deadline = System.nanoTime() + TURN.toNanos();
        try {
            while (System.nanoTime() < deadline && pass(keep)) {
                // the next part
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("Idle profiles stay for now: {}", e.toString());
        }
    }

    /** False at the end of all profiles, or while another instance is at it. */
    private boolean pass(Duration idle) {
        record Passed(int gone, @Nullable Position last, boolean mine) {}
        Position from = position;
        Instant now = clock.instant();
        Passed passed =
                transactions.run(connection -> {
                    if (!isMine(connection)) {
                        return new Passed(0, from, false);
                    }
                    Part part = IdleProfiles.after(connection, from, now.minus(idle), PART);
                    int let = 0;
                    for (Idle one : part.idle()) {
                        let += letGo(connection, one, now.minus(idle), now) ? 1 : 0;
                    }
                    return new Passed(let, part.last(), true);
                });
        gone.increment(passed.gone());
        position = passed.last() == null ? Position.FIRST : passed.last();
        return passed.mine() && passed.last() != null;
    }

    private boolean letGo(Connection connection, Idle idle, Instant since, Instant now)
            throws SQLException {
        Optional<Begun> begun =
                profiles.letGo(connection, idle.workspace(), idle.identifier(), since, now);
        if (begun.isPresent()) {
            ErasureStore.retained(connection, idle.workspace(), begun.get(), now);
        }
        return begun.isPresent();
    }

    /** One instance at a time, for the length of the transaction. */
    private static boolean isMine(Connection connection) throws SQLException {
        String sql = "select pg_try_advisory_xact_lock(hashtext('privacy_retention'))";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            ResultSet row = statement.executeQuery();
            return row.next() && row.getBoolean(1);
        }
    }
}
