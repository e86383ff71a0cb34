package io.throughline.identity;

import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.ClusterGroups.Group;
import io.throughline.identity.IdentityChanges.Merge;
import io.throughline.identity.IdentityChanges.ProfileKey;
import io.throughline.identity.IdentityConfigurations.Newest;
import io.throughline.platform.crypto.MasterKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Takes a profile's identifiers out of the graph and leaves tombstones: {@link #lock}, then {@link
 * #erase}, in one READ COMMITTED transaction of the caller's. A deadlock is answered by repeating
 * the transaction.
 */
@Component
public class IdentityErasure {
    private final IdentityConfigurations configurations;
    private final IdentifierHashes hashes;

    public IdentityErasure(IdentityConfigurations configurations, MasterKey masterKey) {
        this.configurations = configurations;
        this.hashes = IdentifierHashes.ofTombstones(masterKey);
    }

    /**
     * The profile that holds the identifier, or the identifier alone when nobody does. No batch
     * that names any of it can pass until the transaction ends.
     */
    public ErasureScope lock(Connection connection, WorkspaceId workspace, Identifier identifier)
            throws SQLException {
        return ErasureScope.lock(connection, workspace, identifier, configurations);
    }

    /** What an event says, read by the configuration it was stamped with. */
    public Evidence evidence(Connection connection, TrackingEvent event) throws SQLException {
        return Evidence.of(
                event, EventIdentifiers.of(event, configurations.of(connection, event.header())));
    }

    /** Those of these events that an erasure forbids. */
    public Set<Evidence> forbidden(Connection connection, Collection<Evidence> events)
            throws SQLException {
        Set<NodeKey> keys = new HashSet<>();
        for (Evidence event : events) {
            keys.addAll(event.keys());
        }
        Tombstones tombstones = TombstoneStore.read(connection, hashes, keys);
        Set<Evidence> forbidden = new HashSet<>(events);
        forbidden.removeIf(event -> tombstones.permitted(event).isPresent());
        return forbidden;
    }

    /**
     * What an erasure did to the graph.
     *
     * @param ended profiles of which nothing is left that any event carried: the erased one, and
     *     those whose identifiers only the erased one's events had named
     * @param left ids that the erased were known by earlier, and whose founding node nobody is
     *     shown any more
     * @param changes to the profiles of others
     */
    public record Erased(Set<ProfileKey> ended, Set<Long> left, IdentityChanges changes) {}

    /**
     * @param erasedAt epoch milliseconds; at least the time of the newest event that is known of
     *     them, or reading that event again would bring it back
     * @param suppress whether what happens later is forbidden, too
     */
    public Erased erase(Connection connection, ErasureScope scope, long erasedAt, boolean suppress)
            throws SQLException {
        TombstoneStore.put(
                connection,
                hashes,
                scope.gone().stream().map(NodeState::key).toList(),
                new Tombstone(erasedAt, suppress));
        return forget(connection, scope);
    }

    /** The same without tombstones: who comes again is new. */
    public Erased forget(Connection connection, ErasureScope scope) throws SQLException {
        WorkspaceId workspace = scope.workspace();
        Set<Long> former = LedgerStore.formerProfiles(connection, workspace, scope.nodes());
        Set<Long> unnamed = LinkStore.forget(connection, workspace, scope.nodes());
        NodeStore.delete(connection, scope.gone());
        Map<Long, NodeState> before = new HashMap<>();
        scope.neighbours().forEach(node -> before.put(node.id(), node));
        Map<Long, NodeState> nodes = afterwards(connection, scope);
        Newest newest = configurations.newest(connection, Set.of(workspace));
        Regrouping regrouping = new Regrouping(connection, newest, nodes, Set.of());
        regrouping.apply(List.of(Group.disturbed(scope.disturbed(), Cause.ERASURE)));
        NodeStore.updateChanged(connection, nodes, before);
        unnamed.addAll(before.keySet());
        NodeStore.deleteUnnamed(connection, workspace, unnamed);

        Set<ProfileKey> ended = ended(connection, scope, regrouping.changes().merges());
        IdentityChanges changes = regrouping.changes().without(ended);
        former.removeAll(NodeReads.inVisibleProfiles(connection, workspace, former));
        return new Erased(ended, former, changes);
    }

    /** The neighbours without what only the erased events said of them. */
    private Map<Long, NodeState> afterwards(Connection connection, ErasureScope scope)
            throws SQLException {
        List<Long> ids = scope.neighbours().stream().map(NodeState::id).toList();
        Map<Long, Long> carried = LinkStore.carriedAt(connection, scope.workspace(), ids);
        Map<Long, NodeState> nodes = new HashMap<>();
        for (NodeState neighbour : scope.neighbours()) {
            Long anchored = neighbour.seen().anchored();
            Seen seen = new Seen(Seen.earlier(anchored, carried.get(neighbour.id())), anchored);
            nodes.put(neighbour.id(), scope.after(neighbour).seen(seen));
        }
        return nodes;
    }

    private static Set<ProfileKey> ended(
            Connection connection, ErasureScope scope, List<Merge> merges) throws SQLException {
        Set<Long> candidates = new HashSet<>();
        for (NodeState neighbour : scope.neighbours()) {
            if (neighbour.isCarried()) {
                candidates.add(neighbour.profile());
            }
        }
        candidates.removeAll(NodeReads.visible(connection, scope.workspace(), candidates));
        // Freed by the erasure, they went on in another.
        merges.forEach(merge -> candidates.remove(merge.retired()));
        if (scope.isVisible()) {
            candidates.add(scope.profile());
        }
        Set<ProfileKey> ended = new HashSet<>();
        candidates.forEach(profile -> ended.add(new ProfileKey(scope.workspace(), profile)));
        return ended;
    }
}
