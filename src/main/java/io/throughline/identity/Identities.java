package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The identity graph as others read it. Every call sees what is committed, or the caller's own
 * transaction.
 */
public final class Identities {
    private Identities() {}

    /** The nodes of these profiles: profile → node ids. */
    public static Map<Long, List<Long>> nodes(
            Connection connection, WorkspaceId workspace, Collection<Long> profiles)
            throws SQLException {
        String sql =
                """
                select profile_id, id from identity_node
                where workspace_id = ? and profile_id = any(?)
                """;
        Map<Long, List<Long>> nodes = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", profiles.toArray()));
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                nodes.computeIfAbsent(rows.getLong(1), profile -> new ArrayList<>())
                        .add(rows.getLong(2));
            }
        }
        return nodes;
    }

    /**
     * An identifier of a profile.
     *
     * @param firstSeen the earliest event that carried it; null when it is known only as an alias's
     *     previousId, and then not shown to anyone
     */
    public record Held(long node, Identifier identifier, @Nullable Instant firstSeen) {}

    /** The identifiers of these profiles, in their natural order. */
    public static Map<Long, List<Held>> held(
            Connection connection, WorkspaceId workspace, Collection<Long> profiles)
            throws SQLException {
        String sql =
                """
                select profile_id, id, type, value, first_seen from identity_node
                where workspace_id = ? and profile_id = any(?)
                """;
        Map<Long, List<Held>> held = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", profiles.toArray()));
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                long firstSeen = rows.getLong(5);
                Instant seen = rows.wasNull() ? null : Instant.ofEpochMilli(firstSeen);
                held.computeIfAbsent(rows.getLong(1), profile -> new ArrayList<>())
                        .add(
                                new Held(
                                        rows.getLong(2),
                                        new Identifier(rows.getString(3), rows.getString(4)),
                                        seen));
            }
        }
        held.values().forEach(list -> list.sort(Comparator.comparing(Held::identifier)));
        return held;
    }

    /**
     * The first of those of these identifiers that are of one profile, shown or not; in their
     * order.
     */
    public static List<Identifier> oneOfEach(
            Connection connection, WorkspaceId workspace, Collection<Identifier> identifiers)
            throws SQLException {
        List<NodeKey> keys = identifiers.stream().map(one -> new NodeKey(workspace, one)).toList();
        Map<NodeKey, NodeState> nodes = NodeReads.select(connection, keys);
        Set<Long> profiles = new HashSet<>();
        List<Identifier> one = new ArrayList<>();
        for (NodeKey key : keys) {
            NodeState node = nodes.get(key);
            if (node == null || profiles.add(node.profile())) {
                one.add(key.identifier());
            }
        }
        return one;
    }

    /** The profile that holds an identifier some event carried; empty for any other. */
    public static OptionalLong profileOf(
            Connection connection, WorkspaceId workspace, Identifier identifier)
            throws SQLException {
        NodeState node =
                NodeReads.select(connection, List.of(new NodeKey(workspace, identifier)))
                        .get(new NodeKey(workspace, identifier));
        return node == null || !node.isCarried()
                ? OptionalLong.empty()
                : OptionalLong.of(node.profile());
    }

    /**
     * Where a profile id, live or retired, leads now: to the profile that holds its founding node;
     * where everything that was shown left that node behind, to the one that goes on. Empty when it
     * leads to nobody who is shown.
     */
    public static OptionalLong liveId(Connection connection, WorkspaceId workspace, long profile)
            throws SQLException {
        List<NodeState> founder = NodeReads.byId(connection, workspace, List.of(profile));
        if (founder.isEmpty()) {
            return OptionalLong.empty();
        }
        long holder = founder.getFirst().profile();
        return NodeReads.visible(connection, workspace, List.of(holder)).isEmpty()
                ? LedgerStore.heir(connection, workspace, profile)
                : OptionalLong.of(holder);
    }

    /**
     * For profile ids, live or retired, the profiles that hold their founding nodes now; none for
     * an id of which nothing is left. One question, unlike {@link #liveId}.
     */
    public static Map<Long, Long> holders(
            Connection connection, WorkspaceId workspace, Collection<Long> profiles)
            throws SQLException {
        Map<Long, Long> holders = new HashMap<>();
        for (NodeState founder : NodeReads.byId(connection, workspace, profiles)) {
            holders.put(founder.id(), founder.profile());
        }
        return holders;
    }

    /** The identifier of a node; empty when there is no such node. */
    public static Optional<Identifier> identifier(
            Connection connection, WorkspaceId workspace, long node) throws SQLException {
        return NodeReads.byId(connection, workspace, List.of(node)).stream()
                .map(found -> found.node().identifier())
                .findFirst();
    }

    /**
     * A move of an identifier from one profile to another, and why.
     *
     * @param seq the ledger's number: later moves have higher ones
     * @param reason {@code link} for an event's evidence, {@code unlink} and {@code relink} for an
     *     operator's decision, {@code erasure} when somebody else was erased
     */
    public record Moved(
            long seq,
            Identifier identifier,
            long from,
            long to,
            Instant at,
            String reason,
            @Nullable String messageId) {}

    /**
     * The moves of the identifiers a profile holds today, newest first, below {@code beforeSeq}.
     */
    public static List<Moved> ledger(
            Connection connection, WorkspaceId workspace, long profile, long beforeSeq, int limit)
            throws SQLException {
        String sql =
                """
                select l.seq, n.type, n.value, l.from_profile, l.to_profile,
                       (extract(epoch from l.at) * 1000)::bigint, l.reason, l.cause_message_id
                from identity_node n
                join identity_ledger l on l.workspace_id = n.workspace_id and l.node_id = n.id
                where n.workspace_id = ? and n.profile_id = ? and l.seq < ?
                order by l.seq desc
                limit ?
                """;
        List<Moved> moves = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, profile);
            statement.setLong(3, beforeSeq);
            statement.setInt(4, limit);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                moves.add(
                        new Moved(
                                rows.getLong(1),
                                new Identifier(rows.getString(2), rows.getString(3)),
                                rows.getLong(4),
                                rows.getLong(5),
                                Instant.ofEpochMilli(rows.getLong(6)),
                                rows.getString(7),
                                rows.getString(8)));
            }
        }
        return moves;
    }
}
