package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identities;
import io.throughline.identity.IdentityChanges.ProfileKey;
import io.throughline.profile.Facets.Key;
import io.throughline.profile.NodeStateStore.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** The messages that changed keys of announcing facets owe, judged over the whole profile. */
@Component
class Announcements {
    private final Facets facets;

    Announcements(Facets facets) {
        this.facets = facets;
    }

    /** Called before the batch is added to its nodes: what is stored is what was before. */
    Map<ProfileKey, List<ProfileUpdate.Item>> of(
            Connection connection, BatchState batch, Map<Long, Long> profileOf)
            throws SQLException {
        Map<ProfileKey, Map<Key, Object>> changed = changed(batch, profileOf);
        Map<ProfileKey, List<ProfileUpdate.Item>> items = new HashMap<>();
        if (changed.isEmpty()) {
            return items;
        }
        Map<ProfileKey, Map<Key, Object>> before = before(connection, changed);
        changed.forEach((profile, states) ->
                states.forEach((key, delta) -> {
                    Object old = before.getOrDefault(profile, Map.of()).get(key);
                    Object now = old == null ? delta : facets.merge(key, old, delta);
                    items.computeIfAbsent(profile, p -> new ArrayList<>())
                            .addAll(facets.announce(key, old, now));
                }));
        return items;
    }

    private Map<ProfileKey, Map<Key, Object>> changed(BatchState batch, Map<Long, Long> profileOf) {
        Map<ProfileKey, Map<Key, Object>> changed = new HashMap<>();
        batch.keyed()
                .forEach((row, delta) -> {
                    if (facets.announces(row.key())) {
                        long profile = profileOf.getOrDefault(row.node(), row.node());
                        changed.computeIfAbsent(
                                        new ProfileKey(row.workspace(), profile),
                                        key ->
                                                new TreeMap<>(
                                                        Comparator.comparing(Key::facet)
                                                                .thenComparing(Key::key)))
                                .merge(row.key(), delta, (a, b) -> facets.merge(row.key(), a, b));
                    }
                });
        return changed;
    }

    private Map<ProfileKey, Map<Key, Object>> before(
            Connection connection, Map<ProfileKey, Map<Key, Object>> changed) throws SQLException {
        Map<WorkspaceId, Set<Long>> profiles = new HashMap<>();
        changed.keySet()
                .forEach(key ->
                        profiles.computeIfAbsent(key.workspace(), w -> new HashSet<>())
                                .add(key.id()));
        Map<Row, ProfileKey> wanted = new HashMap<>();
        for (Map.Entry<WorkspaceId, Set<Long>> entry : profiles.entrySet()) {
            WorkspaceId workspace = entry.getKey();
            Identities.nodes(connection, workspace, entry.getValue())
                    .forEach((profile, nodes) -> {
                        ProfileKey owner = new ProfileKey(workspace, profile);
                        Set<Key> keys = changed.getOrDefault(owner, Map.of()).keySet();
                        for (long node : nodes) {
                            keys.forEach(key -> wanted.put(new Row(workspace, node, key), owner));
                        }
                    });
        }
        Map<ProfileKey, Map<Key, Object>> before = new HashMap<>();
        NodeStateStore.read(connection, wanted.keySet())
                .forEach((row, state) -> {
                    ProfileKey owner = wanted.get(row);
                    if (owner != null) {
                        before.computeIfAbsent(owner, p -> new HashMap<>())
                                .merge(
                                        row.key(),
                                        facets.decode(row.key(), state),
                                        (a, b) -> facets.merge(row.key(), a, b));
                    }
                });
        return before;
    }
}
