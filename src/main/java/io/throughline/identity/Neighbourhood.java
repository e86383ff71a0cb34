package io.throughline.identity;

import io.throughline.identity.IdentityConfigurations.Newest;
import io.throughline.identity.NodeStore.Locked;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The nodes of a batch with their clusters locked until the transaction ends, and what of them is
 * erased. Belongs to one transaction and one thread.
 */
public final class Neighbourhood {
    private final Map<NodeKey, NodeState> nodes;
    private final Map<Long, ClusterState> clusters;
    private final Set<Long> born;
    private final Tombstones tombstones;
    private final Newest configurations;

    Neighbourhood(Locked locked, Tombstones tombstones, Newest configurations) {
        this.nodes = locked.nodes();
        this.clusters = locked.clusters();
        this.born = locked.born();
        this.tombstones = tombstones;
        this.configurations = configurations;
    }

    /**
     * What erasures leave of one of the batch's events; empty when the event itself is erased: it
     * must not be stored, now or when it comes again.
     */
    public Optional<Evidence> permitted(Evidence evidence) {
        return tombstones.permitted(evidence);
    }

    Map<NodeKey, NodeState> nodes() {
        return nodes;
    }

    Map<Long, ClusterState> clusters() {
        return clusters;
    }

    /** What holds in the batch's workspaces, read under the locks. */
    Newest configurations() {
        return configurations;
    }

    /** The nodes this transaction inserted. */
    Set<Long> born() {
        return born;
    }

    NodeState node(NodeKey key) {
        return Objects.requireNonNull(nodes.get(key), "not of this batch");
    }
}
