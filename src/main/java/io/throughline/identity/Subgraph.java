package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Nodes with everything that decides which of them are one profile.
 *
 * @param shared the nodes whose links are ignored
 * @param links between these nodes
 * @param apart pairs that are kept apart, of which at least one is among the nodes
 */
record Subgraph(Map<Long, Node> nodes, Set<Long> shared, List<Link> links, List<CannotLink> apart) {

    /** What is stored between these nodes. */
    static Subgraph of(Connection connection, WorkspaceId workspace, Collection<NodeState> states)
            throws SQLException {
        Map<Long, Node> nodes = new HashMap<>();
        Set<Long> shared = new HashSet<>();
        for (NodeState state : states) {
            nodes.put(state.id(), state.node());
            if (state.shared()) {
                shared.add(state.id());
            }
        }
        return new Subgraph(
                nodes,
                shared,
                LinkStore.within(connection, workspace, nodes),
                LinkStore.cannotLinks(connection, workspace, nodes.keySet()));
    }

    Partition solve(IdentityConfiguration configuration) {
        return Partition.solve(nodes.values(), links, shared, apart, configuration);
    }

    /**
     * @param refused hears of each link that did not join its ends, and why
     */
    Partition solve(IdentityConfiguration configuration, BiConsumer<Link, Refusal> refused) {
        return Partition.solve(nodes.values(), links, shared, apart, configuration, refused);
    }
}
