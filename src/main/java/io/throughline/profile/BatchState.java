package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.IdentityChanges.ProfileKey;
import io.throughline.profile.EventStore.Attributed;
import io.throughline.profile.Facets.Key;
import io.throughline.profile.Facets.Registers;
import io.throughline.profile.NodeStateStore.Row;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the events of a batch add to nodes and profiles, and what those become with it. Without I/O;
 * not thread-safe.
 */
final class BatchState {
    private final Facets facets;
    private final Map<Row, Registers> registers = new HashMap<>();
    private final Map<Row, Object> keyed = new HashMap<>();
    private final Map<ProfileKey, Registers> profiles = new HashMap<>();
    private final Map<Registers, Written> written = new IdentityHashMap<>();

    private BatchState(Facets facets) {
        this.facets = facets;
    }

    /**
     * @param profileOf the profile each node of the batch is in now
     */
    static BatchState of(Facets facets, Collection<Attributed> events, Map<Long, Long> profileOf) {
        BatchState batch = new BatchState(facets);
        events.forEach(batch::add);
        batch.registers.forEach((row, delta) -> {
            long profile = profileOf.getOrDefault(row.node(), row.node());
            batch.profiles.merge(new ProfileKey(row.workspace(), profile), delta, facets::merge);
        });
        return batch;
    }

    private void add(Attributed attributed) {
        WorkspaceId workspace = attributed.incoming().workspace();
        long node = attributed.node();
        Registers delta = facets.of(attributed.incoming().enriched());
        registers.merge(new Row(workspace, node, NodeStateStore.REGISTERS), delta, facets::merge);
        facets.keyed(attributed.incoming().enriched())
                .forEach((key, state) ->
                        keyed.merge(
                                new Row(workspace, node, key),
                                state,
                                (a, b) -> facets.merge(key, a, b)));
    }

    /** Node registers to add, by row. */
    Map<Row, Registers> registers() {
        return registers;
    }

    /** Keyed states to add, by row. */
    Map<Row, Object> keyed() {
        return keyed;
    }

    /** Profile registers to add. */
    Map<ProfileKey, Registers> profiles() {
        return profiles;
    }

    /** A node's registers, encoded, before and after the batch. */
    private record Written(@Nullable String before, String after) {}

    /**
     * Stored registers with {@code delta} in them, encoded. The profile of a single node has the
     * registers of that node: where {@link #over} met the same before, nothing is decoded again.
     */
    String merged(@Nullable String stored, @Nullable Registers delta) {
        Written node = delta == null ? null : written.get(delta);
        if (node != null && Objects.equals(node.before, stored)) {
            return node.after;
        }
        Registers before = facets.decode(stored);
        return facets.encode(delta == null ? before : facets.merge(before, delta));
    }

    /** The rows after the batch, encoded, given what was stored before it. */
    Map<Row, String> over(Map<Row, String> stored) {
        Map<Row, String> after = new HashMap<>();
        registers.forEach((row, delta) -> {
            String before = stored.get(row);
            String now = merged(before, delta);
            written.put(delta, new Written(before, now));
            after.put(row, now);
        });
        keyed.forEach((row, delta) -> {
            Key key = row.key();
            String before = stored.get(row);
            Object now =
                    before == null ? delta : facets.merge(key, facets.decode(key, before), delta);
            after.put(row, facets.encode(key, now));
        });
        return after;
    }
}
