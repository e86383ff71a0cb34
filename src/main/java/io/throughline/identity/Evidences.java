package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why the identifiers of a profile are one visitor, and why others that events name beside them are
 * not: the links at its nodes, each with what became of it, found by solving its cluster again.
 */
public final class Evidences {
    private Evidences() {}

    /**
     * Evidence that two identifiers are one visitor.
     *
     * @param ends the nodes of {@code a} and {@code b}: the event is in the history of one of them
     * @param strength 0 for a trusted alias, else 1 + the priority of the weaker end
     * @param holds whether both ends are in one profile today
     * @param refusal why it did not join its ends when its turn came; null when it did, or when
     *     stronger links had joined them already
     */
    public record Proof(
            Identifier a,
            Identifier b,
            List<Long> ends,
            int strength,
            Instant time,
            String messageId,
            boolean holds,
            @Nullable Refusal refusal) {}

    /** An operator's decision that two identifiers are never one profile. */
    public record Apart(Identifier a, Identifier b, String decidedBy, Instant decidedAt) {}

    /**
     * Of one profile.
     *
     * @param proofs strongest first, then earliest
     */
    public record Found(List<Proof> proofs, List<Apart> apart) {}

    /** The links and decisions at the nodes of a profile. */
    public static Found of(
            Connection connection,
            WorkspaceId workspace,
            long profile,
            IdentityConfiguration configuration)
            throws SQLException {
        Map<Long, NodeState> own =
                byId(NodeReads.ofProfiles(connection, workspace, List.of(profile)));
        Map<Link, Refusal> refusals = new HashMap<>();
        Map<Long, NodeState> nodes = new HashMap<>(own);
        List<Link> links = links(connection, workspace, configuration, own, nodes, refusals);
        List<Proof> proofs = new ArrayList<>();
        for (Link link : links) {
            proofs.add(proof(link, nodes, refusals.get(link)));
        }
        return new Found(proofs, apart(connection, workspace, own));
    }

    /** Links at these nodes, in the order in which they are tried. */
    private static List<Link> links(
            Connection connection,
            WorkspaceId workspace,
            IdentityConfiguration configuration,
            Map<Long, NodeState> own,
            Map<Long, NodeState> nodes,
            Map<Link, Refusal> refusals)
            throws SQLException {
        Set<Long> clusters = new HashSet<>();
        own.values().forEach(node -> clusters.add(node.cluster()));
        Map<Long, NodeState> cluster = byId(NodeReads.ofClusters(connection, workspace, clusters));
        nodes.putAll(cluster);
        Set<Long> ends = new HashSet<>();
        LinkStore.touching(connection, workspace, own.keySet())
                .forEach(link -> ends.addAll(List.of(link.a(), link.b())));
        ends.removeAll(nodes.keySet());
        nodes.putAll(byId(NodeReads.byId(connection, workspace, ends)));

        Subgraph subgraph = Subgraph.of(connection, workspace, nodes.values());
        subgraph.solve(
                configuration,
                (link, refusal) -> refusals.put(link, precise(refusal, link, configuration)));
        return subgraph.links().stream()
                .filter(link -> own.containsKey(link.a().id()) || own.containsKey(link.b().id()))
                .sorted()
                .toList();
    }

    private static Refusal precise(
            Refusal refusal, Link link, IdentityConfiguration configuration) {
        return configuration.isRefused(link.a().identifier())
                        || configuration.isRefused(link.b().identifier())
                ? Refusal.BLOCKED
                : refusal;
    }

    private static Proof proof(Link link, Map<Long, NodeState> nodes, @Nullable Refusal refusal) {
        NodeState a = Objects.requireNonNull(nodes.get(link.a().id()));
        NodeState b = Objects.requireNonNull(nodes.get(link.b().id()));
        return new Proof(
                link.a().identifier(),
                link.b().identifier(),
                List.of(link.a().id(), link.b().id()),
                link.strength(),
                Instant.ofEpochMilli(link.time()),
                link.messageId(),
                a.profile() == b.profile(),
                refusal);
    }

    private static List<Apart> apart(
            Connection connection, WorkspaceId workspace, Map<Long, NodeState> own)
            throws SQLException {
        String sql =
                """
                select a.type, a.value, b.type, b.value, c.decided_by,
                       (extract(epoch from c.decided_at) * 1000)::bigint
                from identity_cannot_link c
                join identity_node a on a.workspace_id = c.workspace_id and a.id = c.a
                join identity_node b on b.workspace_id = c.workspace_id and b.id = c.b
                where c.workspace_id = ? and (c.a = any(?) or c.b = any(?))
                order by c.decided_at, c.a, c.b
                """;
        List<Apart> apart = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Object[] ids = own.keySet().toArray();
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", ids));
            statement.setArray(3, connection.createArrayOf("int8", ids));
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                apart.add(
                        new Apart(
                                new Identifier(rows.getString(1), rows.getString(2)),
                                new Identifier(rows.getString(3), rows.getString(4)),
                                rows.getString(5),
                                Instant.ofEpochMilli(rows.getLong(6))));
            }
        }
        return apart;
    }

    /**
     * The shortest chain of links that leads from one identifier of a profile to another, in order;
     * empty when none does.
     *
     * @param proofs of their profile
     */
    public static List<Proof> path(Collection<Proof> proofs, Identifier from, Identifier to) {
        Map<Identifier, List<Proof>> at = new HashMap<>();
        for (Proof proof : proofs) {
            if (proof.holds() && proof.refusal() == null) {
                at.computeIfAbsent(proof.a(), id -> new ArrayList<>()).add(proof);
                at.computeIfAbsent(proof.b(), id -> new ArrayList<>()).add(proof);
            }
        }
        Map<Identifier, Proof> reachedBy = new LinkedHashMap<>();
        Deque<Identifier> frontier = new ArrayDeque<>(List.of(from));
        while (!frontier.isEmpty() && !reachedBy.containsKey(to)) {
            Identifier here = frontier.remove();
            for (Proof proof : at.getOrDefault(here, List.of())) {
                Identifier next = other(proof, here);
                if (!next.equals(from) && reachedBy.putIfAbsent(next, proof) == null) {
                    frontier.add(next);
                }
            }
        }
        Deque<Proof> path = new ArrayDeque<>();
        Proof step = reachedBy.get(to);
        for (Identifier here = to; step != null; step = reachedBy.get(here)) {
            path.addFirst(step);
            here = other(step, here);
        }
        return List.copyOf(path);
    }

    private static Identifier other(Proof proof, Identifier one) {
        return proof.a().equals(one) ? proof.b() : proof.a();
    }

    private static Map<Long, NodeState> byId(Collection<NodeState> nodes) {
        Map<Long, NodeState> byId = new HashMap<>();
        nodes.forEach(node -> byId.put(node.id(), node));
        return byId;
    }
}
