package io.throughline.contact;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identifier;
import io.throughline.identity.IdentifierHashes;
import io.throughline.identity.Identities;
import io.throughline.identity.Identities.Held;
import io.throughline.identity.NodeKey;
import io.throughline.platform.crypto.MasterKey;
import io.throughline.privacy.consent.Purpose;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Who is suppressed, found through the identifiers that profiles hold now: a suppression follows
 * them wherever they go. Thread-safe.
 */
@Component
class SuppressionList {
    private final IdentifierHashes hashes;

    SuppressionList(MasterKey masterKey) {
        this.hashes = new IdentifierHashes(masterKey, "throughline contact suppression v1");
    }

    /** How the list names these identifiers, in their order. */
    List<byte[]> hashes(WorkspaceId workspace, Collection<Identifier> identifiers) {
        return hashes.of(identifiers.stream().map(one -> new NodeKey(workspace, one)).toList());
    }

    /** How the list names what a live profile holds. */
    List<byte[]> hashesOf(Connection connection, WorkspaceId workspace, Collection<Long> profiles)
            throws SQLException {
        List<Identifier> identifiers = new ArrayList<>();
        Identities.held(connection, workspace, profiles)
                .values()
                .forEach(held -> held.forEach(one -> identifiers.add(one.identifier())));
        return hashes(workspace, identifiers);
    }

    /**
     * Those of these live profiles that are suppressed, each with the oldest reason: one question
     * where the workspace suppresses nobody, else three.
     *
     * @param purpose null to ask for those alone that hold for everything
     */
    Map<Long, Suppression> of(
            Connection connection,
            WorkspaceId workspace,
            @Nullable Purpose purpose,
            Collection<Long> profiles,
            Instant now)
            throws SQLException {
        if (!SuppressionStore.any(connection, workspace)) {
            return Map.of();
        }
        List<Long> holders = new ArrayList<>();
        List<Identifier> identifiers = new ArrayList<>();
        Identities.held(connection, workspace, profiles)
                .forEach((profile, held) -> {
                    for (Held one : held) {
                        holders.add(profile);
                        identifiers.add(one.identifier());
                    }
                });
        List<byte[]> named = hashes(workspace, identifiers);
        Map<ByteBuffer, Suppression> holding =
                SuppressionStore.holding(
                        connection, workspace, named, purpose == null ? null : purpose.name(), now);
        Map<Long, Suppression> suppressed = new HashMap<>();
        for (int i = 0; i < named.size(); i++) {
            Suppression one = holding.get(ByteBuffer.wrap(named.get(i)));
            if (one != null) {
                suppressed.merge(
                        holders.get(i),
                        one,
                        BinaryOperator.minBy(Comparator.comparingLong(Suppression::id)));
            }
        }
        return suppressed;
    }
}
