package io.throughline.identity;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The nodes of a batch with their clusters locked until the transaction ends. Belongs to one
 * transaction and one thread.
 */
public final class Neighbourhood {
    private final Map<NodeKey, NodeState> nodes;
    private final Map<Long, ClusterState> clusters;
    private final Set<Long> born;

    Neighbourhood(Map<NodeKey, NodeState> nodes, Map<Long, ClusterState> clusters, Set<Long> born) {
        this.nodes = nodes;
        this.clusters = clusters;
        this.born = born;
    }

    Map<NodeKey, NodeState> nodes() {
        return nodes;
    }

    Map<Long, ClusterState> clusters() {
        return clusters;
    }

    /** The nodes this transaction inserted. */
    Set<Long> born() {
        return born;
    }

    NodeState node(NodeKey key) {
        return Objects.requireNonNull(nodes.get(key), "not of this batch");
    }
}
