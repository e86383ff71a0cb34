package io.throughline.debug;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identifier;
import io.throughline.identity.Identities;
import io.throughline.identity.Normalization;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.platform.web.ProblemException;
import io.throughline.profile.ProfileId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identifiers of one profile, asked for anew every second by a thread of its own, so that a
 * visitor who logs in meanwhile, or is merged, is still the one who is watched. While the database
 * is away the last ones stand.
 */
final class FollowedProfile implements Supplier<Set<Identifier>>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedProfile.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final EventTransactions transactions;
    private final WorkspaceId workspace;
    private final @Nullable Identifier identifier;
    private final long profile;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Set<Identifier> identifiers = Set.of();

    private FollowedProfile(
            EventTransactions transactions,
            WorkspaceId workspace,
            @Nullable Identifier identifier,
            long profile) {
        this.transactions = transactions;
        this.workspace = workspace;
        this.identifier = identifier;
        this.profile = profile;
    }

    /**
     * Whoever starts one closes it.
     *
     * @param text a profile's id, or {@code type:value}, which nobody needs to have yet
     * @throws ProblemException invalid-request when it is neither; not-found for an id nobody has
     */
    static FollowedProfile start(
            EventTransactions transactions, WorkspaceId workspace, String text) {
        FollowedProfile followed = of(transactions, workspace, text);
        followed.refresh();
        if (followed.identifiers.isEmpty()) {
            throw ProblemException.notFound("There is no such profile.");
        }
        Thread.ofVirtual().name("live-profile").start(followed::follow);
        return followed;
    }

    private static FollowedProfile of(
            EventTransactions transactions, WorkspaceId workspace, String text) {
        int colon = text.indexOf(':');
        if (colon > 0) {
            Identifier identifier =
                    Normalization.identifier(text.substring(0, colon), text.substring(colon + 1))
                            .orElseThrow(() ->
                                    ProblemException.invalid(
                                            "profile", "must not be a value that is nobody's"));
            return new FollowedProfile(transactions, workspace, identifier, 0);
        }
        OptionalLong id = ProfileId.parse(text);
        if (id.isEmpty()) {
            throw ProblemException.invalid("profile", "must be a profile's id or type:value");
        }
        return new FollowedProfile(transactions, workspace, null, id.getAsLong());
    }

    @Override
    public Set<Identifier> get() {
        return identifiers;
    }

    private void follow() {
        try {
            while (!closed.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    refresh();
                } catch (RuntimeException e) {
                    LOG.debug("The watched profile's identifiers stay as they were", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void refresh() {
        identifiers = transactions.snapshot(this::current);
    }

    private Set<Identifier> current(Connection connection) throws SQLException {
        Set<Identifier> current = new HashSet<>();
        if (identifier != null) {
            current.add(identifier);
        }
        OptionalLong live =
                identifier != null
                        ? Identities.profileOf(connection, workspace, identifier)
                        : Identities.liveId(connection, workspace, profile);
        if (live.isPresent()) {
            Identities.held(connection, workspace, List.of(live.getAsLong()))
                    .getOrDefault(live.getAsLong(), List.of())
                    .forEach(held -> current.add(held.identifier()));
        }
        return Set.copyOf(current);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
