package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Links and cannot-links. Callers hold the locks of the clusters concerned. */
final class LinkStore {
    private LinkStore() {}

    /** The two ends of a link, in their stored order. */
    record Ends(long a, long b) {
        static Ends of(Link link) {
            return new Ends(link.a().id(), link.b().id());
        }
    }

    /** A link in its workspace. */
    record Stored(WorkspaceId workspace, Link link) {
        Stored and(Link other) {
            return new Stored(workspace, link.and(other));
        }
    }

    /** The stored evidence for the pairs of these links. */
    static Map<Ends, Link> existing(Connection connection, Map<Ends, Stored> wanted)
            throws SQLException {
        String sql =
                """
                select l.a, l.b, l.strength, l.time, l.message_id, l.carried_at
                from unnest(?, ?, ?) as wanted (workspace_id, a, b)
                join identity_link l
                  on l.workspace_id = wanted.workspace_id and l.a = wanted.a and l.b = wanted.b
                """;
        Map<Ends, Link> links = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(wanted.values(), stored -> stored.workspace().value())
                    .longs(wanted.values(), stored -> stored.link().a().id())
                    .longs(wanted.values(), stored -> stored.link().b().id());
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                Ends ends = new Ends(rows.getLong(1), rows.getLong(2));
                Stored pair = wanted.get(ends);
                if (pair != null) {
                    links.put(ends, link(pair.link().a(), pair.link().b(), rows));
                }
            }
        }
        return links;
    }

    /** Inserts or replaces, sorted by pair. */
    static void put(Connection connection, Collection<Stored> links) throws SQLException {
        String sql =
                """
                insert into identity_link
                    (workspace_id, a, b, strength, time, message_id, carried_at)
                select * from unnest(?, ?, ?, ?, ?, ?, ?)
                       as better (workspace_id, a, b, strength, time, message_id, carried_at)
                order by workspace_id, a, b
                on conflict (workspace_id, a, b) do update
                set strength = excluded.strength, time = excluded.time,
                    message_id = excluded.message_id, carried_at = excluded.carried_at
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(links, stored -> stored.workspace().value())
                    .longs(links, stored -> stored.link().a().id())
                    .longs(links, stored -> stored.link().b().id())
                    .ints(links, stored -> stored.link().strength())
                    .longs(links, stored -> stored.link().time())
                    .texts(links, stored -> stored.link().messageId())
                    .longs(links, stored -> stored.link().carriedAt());
            statement.executeUpdate();
        }
    }

    /** The links with both ends among these nodes. */
    static List<Link> within(Connection connection, WorkspaceId workspace, Map<Long, Node> nodes)
            throws SQLException {
        String sql =
                """
                select l.a, l.b, l.strength, l.time, l.message_id, l.carried_at
                from identity_link l
                where l.workspace_id = ? and l.a = any(?)
                """;
        List<Link> links = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", nodes.keySet().toArray()));
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                Node a = nodes.get(rows.getLong(1));
                Node b = nodes.get(rows.getLong(2));
                if (a != null && b != null) {
                    links.add(link(a, b, rows));
                }
            }
        }
        return links;
    }

    /** The cannot-link pairs with at least one end among these nodes. */
    static List<CannotLink> cannotLinks(
            Connection connection, WorkspaceId workspace, Collection<Long> nodes)
            throws SQLException {
        String sql =
                """
                select a, b from identity_cannot_link
                where workspace_id = ? and (a = any(?) or b = any(?))
                """;
        List<CannotLink> pairs = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Object[] ids = nodes.toArray();
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", ids));
            statement.setArray(3, connection.createArrayOf("int8", ids));
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                pairs.add(new CannotLink(rows.getLong(1), rows.getLong(2)));
            }
        }
        return pairs;
    }

    /** Stores the decision; false when it stands already. */
    static boolean separate(
            Connection connection,
            WorkspaceId workspace,
            CannotLink pair,
            String decidedBy,
            Instant decidedAt)
            throws SQLException {
        String sql =
                """
                insert into identity_cannot_link (workspace_id, a, b, decided_by, decided_at)
                values (?, ?, ?, ?, to_timestamp(? / 1000.0))
                on conflict do nothing
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, pair.a());
            statement.setLong(3, pair.b());
            statement.setString(4, decidedBy);
            statement.setLong(5, decidedAt.toEpochMilli());
            return statement.executeUpdate() == 1;
        }
    }

    /** Takes the decision back; false when there is none. */
    static boolean reunite(Connection connection, WorkspaceId workspace, CannotLink pair)
            throws SQLException {
        String sql = "delete from identity_cannot_link where workspace_id = ? and a = ? and b = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, pair.a());
            statement.setLong(3, pair.b());
            return statement.executeUpdate() == 1;
        }
    }

    /** The ends of all links at these nodes. */
    static List<Ends> touching(Connection connection, WorkspaceId workspace, Collection<Long> nodes)
            throws SQLException {
        String sql =
                """
                select a, b from identity_link where workspace_id = ? and a = any(?)
                union
                select a, b from identity_link where workspace_id = ? and b = any(?)
                """;
        List<Ends> links = new ArrayList<>();
        if (nodes.isEmpty()) {
            return links;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Object[] ids = nodes.toArray();
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", ids));
            statement.setInt(3, workspace.value());
            statement.setArray(4, connection.createArrayOf("int8", ids));
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                links.add(new Ends(rows.getLong(1), rows.getLong(2)));
            }
        }
        return links;
    }

    /** How many links a node has. */
    static int count(Connection connection, WorkspaceId workspace, long node) throws SQLException {
        String sql =
                """
                select (select count(*) from identity_link where workspace_id = ? and a = ?)
                     + (select count(*) from identity_link where workspace_id = ? and b = ?)
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, node);
            statement.setInt(3, workspace.value());
            statement.setLong(4, node);
            ResultSet row = statement.executeQuery();
            row.next();
            return row.getInt(1);
        }
    }

    /** When events that name another one beside them carried these nodes first, by node. */
    static Map<Long, Long> carriedAt(
            Connection connection, WorkspaceId workspace, Collection<Long> nodes)
            throws SQLException {
        String sql =
                """
                select n.id, least(
                    (select min(carried_at) from identity_link
                     where workspace_id = s.workspace_id and a = n.id),
                    (select min(carried_at) from identity_link
                     where workspace_id = s.workspace_id and b = n.id))
                from (select ?::int as workspace_id) s, unnest(?) as n (id)
                """;
        Map<Long, Long> carried = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", nodes.toArray()));
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                Long at = rows.getObject(2, Long.class);
                if (at != null) {
                    carried.put(rows.getLong(1), at);
                }
            }
        }
        return carried;
    }

    /**
     * Removes what names these nodes: links, decisions, their part of the ledger, and from the rest
     * of it the messages that named them. Returns the other ends of the decisions.
     */
    static Set<Long> forget(Connection connection, WorkspaceId workspace, Collection<Long> nodes)
            throws SQLException {
        Set<Long> others = new HashSet<>();
        for (CannotLink pair : cannotLinks(connection, workspace, nodes)) {
            others.add(pair.a());
            others.add(pair.b());
        }
        others.removeAll(nodes);
        for (String sql :
                List.of(
                        "delete from identity_link where workspace_id = ? and a = any(?)",
                        "delete from identity_link where workspace_id = ? and b = any(?)",
                        "delete from identity_cannot_link where workspace_id = ? and a = any(?)",
                        "delete from identity_cannot_link where workspace_id = ? and b = any(?)",
                        "delete from identity_ledger where workspace_id = ? and node_id = any(?)",
                        """
                        update identity_ledger
                        set cause_a = null, cause_b = null, cause_message_id = null
                        where workspace_id = ? and cause_a = any(?)
                        """,
                        """
                        update identity_ledger
                        set cause_a = null, cause_b = null, cause_message_id = null
                        where workspace_id = ? and cause_b = any(?)
                        """)) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, workspace.value());
                statement.setArray(2, connection.createArrayOf("int8", nodes.toArray()));
                statement.executeUpdate();
            }
        }
        return others;
    }

    private static Link link(Node a, Node b, ResultSet rows) throws SQLException {
        return new Link(
                a,
                b,
                rows.getInt(3),
                rows.getLong(4),
                rows.getString(5),
                rows.getObject(6, Long.class));
    }
}
