package io.throughline.profile;

import io.throughline.identity.Identifier;
import io.throughline.identity.Identities;
import io.throughline.identity.IdentityChanges;
import io.throughline.identity.LinkDecisions;
import io.throughline.identity.LinkDecisions.Pair;
import io.throughline.platform.jdbc.DecisionTransactions;
import io.throughline.workspace.AuditLog;
import io.throughline.workspace.Callers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Operators' decisions about who is one visitor, with all they change: profiles, their versions and
 * what they owe to destinations, in one transaction.
 */
@Component
class ProfileDecisions {
    private final DecisionTransactions transactions;
    private final LinkDecisions decisions;
    private final ProfileChanges profileChanges;
    private final Callers callers;
    private final AuditLog audit;
    private final Clock clock;

    ProfileDecisions(
            DecisionTransactions transactions,
            LinkDecisions decisions,
            ProfileChanges profileChanges,
            Callers callers,
            AuditLog audit,
            Clock clock) {
        this.transactions = transactions;
        this.decisions = decisions;
        this.profileChanges = profileChanges;
        this.callers = callers;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Where two identifiers are after a decision about them.
     *
     * @param changed whether it was not so before
     * @param profileOfA null when no event carried it yet
     */
    record Decided(boolean changed, @Nullable Long profileOfA, @Nullable Long profileOfB) {}

    Decided unlink(Pair pair) {
        Instant now = clock.instant();
        return decide(
                pair,
                "profile.unlinked",
                now,
                connection -> decisions.unlink(connection, pair, callers.current(), now));
    }

    Decided relink(Pair pair) {
        return decide(
                pair,
                "profile.relinked",
                clock.instant(),
                connection -> decisions.relink(connection, pair));
    }

    private interface Decision {
        Optional<IdentityChanges> in(Connection connection) throws SQLException;
    }

    private Decided decide(Pair pair, String action, Instant now, Decision decision) {
        return transactions.run(connection -> {
            Optional<IdentityChanges> changes = decision.in(connection);
            if (changes.isPresent()) {
                profileChanges.apply(connection, List.of(), changes.get(), now);
            }
            Long a = profileOf(connection, pair, pair.a());
            Long b = profileOf(connection, pair, pair.b());
            if (changes.isPresent()) {
                audit.record(pair.workspace(), action, subject(a, b), Map.of());
            }
            return new Decided(changes.isPresent(), a, b);
        });
    }

    /** No identifier: what is erased must not live on in the audit log. */
    private static String subject(@Nullable Long a, @Nullable Long b) {
        return (a == null ? "-" : ProfileId.encode(a))
                + " "
                + (b == null ? "-" : ProfileId.encode(b));
    }

    private static @Nullable Long profileOf(Connection connection, Pair pair, Identifier identifier)
            throws SQLException {
        OptionalLong profile = Identities.profileOf(connection, pair.workspace(), identifier);
        return profile.isPresent() ? profile.getAsLong() : null;
    }
}
