package io.throughline.contact;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identifier;
import io.throughline.identity.Identities;
import io.throughline.platform.crypto.RandomText;
import io.throughline.platform.jdbc.DecisionTransactions;
import io.throughline.platform.web.ProblemException;
import io.throughline.workspace.AuditLog;
import io.throughline.workspace.Callers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The suppression list as people change and read it. */
@Component
class Suppressions {
    private final DecisionTransactions transactions;
    private final SuppressionList list;
    private final RandomText random;
    private final Callers callers;
    private final AuditLog audit;
    private final Clock clock;

    Suppressions(
            DecisionTransactions transactions,
            SuppressionList list,
            RandomText random,
            Callers callers,
            AuditLog audit,
            Clock clock) {
        this.transactions = transactions;
        this.list = list;
        this.random = random;
        this.callers = callers;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * What somebody asked for; either a profile or an identifier.
     *
     * @param profile an id, live or retired
     */
    record Wanted(
            @Nullable Long profile,
            @Nullable Identifier identifier,
            @Nullable List<String> purposes,
            @Nullable String reason,
            @Nullable Instant until) {}

    /**
     * Suppresses an identifier, or all that a profile holds now: what it holds later is suppressed
     * while they are one, and each part of it when it is parted.
     *
     * @throws ProblemException when the profile's id leads to nobody, or the end is not to come
     */
    Suppression create(WorkspaceId workspace, Wanted wanted) {
        Instant now = clock.instant();
        if (wanted.until != null && !wanted.until.isAfter(now)) {
            throw ProblemException.invalid("until", "must be in the future");
        }
        return transactions.run(connection -> {
            Long profile = wanted.profile == null ? null : live(connection, workspace, wanted);
            List<byte[]> hashes =
                    wanted.identifier != null
                            ? list.hashes(workspace, List.of(wanted.identifier))
                            : list.hashesOf(
                                    connection,
                                    workspace,
                                    profile == null ? List.of() : List.of(profile));
            Suppression made =
                    new Suppression(
                            0,
                            "sup_" + random.of(20),
                            profile,
                            wanted.identifier,
                            wanted.purposes,
                            wanted.reason,
                            wanted.until,
                            callers.current(),
                            now);
            SuppressionStore.insert(connection, workspace, made, hashes);
            audit.record(workspace, "suppression.created", made.publicId(), details(made));
            return made;
        });
    }

    private static Long live(Connection connection, WorkspaceId workspace, Wanted wanted)
            throws SQLException {
        OptionalLong live =
                wanted.profile == null
                        ? OptionalLong.empty()
                        : Identities.liveId(connection, workspace, wanted.profile);
        if (live.isEmpty()) {
            throw ProblemException.invalid("profile", "must be the id of a profile that exists");
        }
        return live.getAsLong();
    }

    /** Who it is may be erased, so that is not told; nor is the reason, which may name them. */
    private static Map<String, Object> details(Suppression made) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("of", made.identifier() == null ? "profile" : "identifier");
        if (made.purposes() != null) {
            details.put("purposes", made.purposes());
        }
        if (made.until() != null) {
            details.put("until", made.until().toString());
        }
        return details;
    }

    /** Takes one back; false when there is none of this id. */
    boolean delete(WorkspaceId workspace, String publicId) {
        return transactions.run(connection -> {
            boolean was = SuppressionStore.delete(connection, workspace, publicId);
            if (was) {
                audit.record(workspace, "suppression.deleted", publicId, Map.of());
            }
            return was;
        });
    }

    /**
     * Newest first, those with an id below {@code before}, ended ones too.
     *
     * @param profile those alone that concern whoever this id leads to now; null for all
     */
    List<Suppression> before(
            WorkspaceId workspace, @Nullable Long profile, long before, int limit) {
        return transactions.run(connection -> {
            if (profile == null) {
                return SuppressionStore.before(connection, workspace, before, limit);
            }
            OptionalLong live = Identities.liveId(connection, workspace, profile);
            return live.isEmpty()
                    ? List.of()
                    : SuppressionStore.naming(
                            connection,
                            workspace,
                            list.hashesOf(connection, workspace, List.of(live.getAsLong())),
                            before,
                            limit);
        });
    }
}
