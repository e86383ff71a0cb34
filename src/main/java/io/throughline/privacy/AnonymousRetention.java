package io.throughline.privacy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.platform.ConditionalOnRole;
import io.throughline.platform.Role;
import io.throughline.platform.jdbc.DecisionTransactions;
import io.throughline.platform.jdbc.Turn;
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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Lets profiles go that were never identified and are idle for long, with their history, a few at a
 * time. Looks at every profile in turn and begins again; a crash costs the place it had come to.
 */
@Component
@ConditionalOnRole(Role.RESOLVE)
class AnonymousRetention {
    private static final Logger LOG = LoggerFactory.getLogger(AnonymousRetention.class);

    /** Profiles that one look takes in. */
    private static final int PART = 1_000;

    /** Profiles that one transaction lets go: batches that name them wait for it. */
    private static final int AT_A_TIME = 20;

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
        Turn.take("The retention of anonymous profiles", () -> pass(keep));
    }

    /** False at the end of all profiles, or while another instance is at it. */
    private boolean pass(Duration idle) {
        Position from = position;
        Instant now = clock.instant();
        Part part =
                transactions.run(
                        connection -> IdleProfiles.after(connection, from, now.minus(idle), PART));
        for (int next = 0; next < part.idle().size(); next += AT_A_TIME) {
            List<Idle> some =
                    part.idle().subList(next, Math.min(part.idle().size(), next + AT_A_TIME));
            try {
                if (!letGo(some, now.minus(idle), now)) {
                    return false;
                }
            } catch (IllegalStateException e) {
                LOG.warn("Some idle profiles stay until the next round", e);
            }
        }
        position = part.last() == null ? Position.FIRST : part.last();
        return part.last() != null;
    }

    /** False while another instance is at it. */
    private boolean letGo(List<Idle> some, Instant since, Instant now) {
        int let =
                transactions.run(connection -> {
                    if (!isMine(connection)) {
                        return -1;
                    }
                    int count = 0;
                    for (Idle one : some) {
                        count += letGo(connection, one, since, now) ? 1 : 0;
                    }
                    return count;
                });
        gone.increment(Math.max(0, let));
        return let >= 0;
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
