package io.throughline.profile;

import io.throughline.event.TrackingEvent.Header;
import io.throughline.identity.IdentityChanges;
import io.throughline.identity.IdentityChanges.Merge;
import io.throughline.identity.IdentityChanges.Place;
import io.throughline.identity.IdentityChanges.ProfileKey;
import io.throughline.identity.IdentityChanges.Split;
import io.throughline.profile.EventStore.Attributed;
import io.throughline.profile.Facets.Registers;
import io.throughline.profile.NodeStateStore.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Step 7 of the resolve transaction: adds a batch to the states of nodes and profiles, gives every
 * changed profile its next version, and writes what each version owes into the outbox.
 */
@Component
class ProfileChanges {
    private final Facets facets;
    private final Announcements announcements;

    ProfileChanges(Facets facets, Announcements announcements) {
        this.facets = facets;
        this.announcements = announcements;
    }

    /**
     * @param events the batch's new events with their nodes
     */
    void apply(Connection connection, List<Attributed> events, IdentityChanges changes, Instant now)
            throws SQLException {
        Map<Long, Long> profileOf = new HashMap<>();
        for (Place place : changes.places().values()) {
            profileOf.put(place.node(), place.profile());
        }
        List<Attributed> owned = events.stream().filter(event -> event.node() != 0).toList();
        BatchState batch = BatchState.of(facets, owned, profileOf);
        Map<ProfileKey, List<ProfileUpdate.Item>> announced =
                announcements.of(connection, batch, profileOf);
        addToNodes(connection, batch);

        Map<ProfileKey, ProfileStore.Row> rows =
                ProfileStore.read(connection, concerned(batch, changes));
        Map<ProfileKey, List<Merge>> merges = visibleMerges(changes, rows);
        Map<ProfileKey, List<Split>> splits = splits(changes);
        Set<ProfileKey> touched = new TreeSet<>(batch.profiles().keySet());
        touched.addAll(changes.regrouped().keySet());
        touched.addAll(changes.appeared());
        touched.addAll(merges.keySet());
        touched.addAll(splits.keySet());

        Map<ProfileKey, Registers> recomputed = recompute(connection, changes);
        Map<ProfileKey, List<ProfileUpdate.Item>> received = received(owned, profileOf);
        BotsAlone botsAlone = BotsAlone.of(events, changes, touched);
        List<ProfileStore.Row> written = new ArrayList<>();
        List<ProfileUpdate> updates = new ArrayList<>();
        for (ProfileKey key : touched) {
            List<Merge> merged = merges.getOrDefault(key, List.of());
            long version = version(key, merged, rows) + 1;
            Registers solved = recomputed.get(key);
            String registers =
                    solved == null ? merged(key, merged, rows, batch) : facets.encode(solved);
            written.add(new ProfileStore.Row(key, version, false, registers));
            List<ProfileUpdate.Item> items = new ArrayList<>();
            if (!merged.isEmpty()) {
                items.add(mergedItem(merged, rows));
            }
            if (splits.containsKey(key)) {
                items.add(splitItem(splits.get(key)));
            }
            items.addAll(received.getOrDefault(key, List.of()));
            items.addAll(announced.getOrDefault(key, List.of()));
            if (!merged.isEmpty() || !botsAlone.changed(key)) {
                items.add(
                        new ProfileUpdate.Item(
                                "profile.updated", JsonNodeFactory.instance.objectNode()));
            }
            updates.add(new ProfileUpdate(key.workspace(), key.id(), version, now, 0, items));
        }
        merges.values()
                .forEach(retired ->
                        retired.forEach(merge -> {
                            ProfileStore.Row row = rows.get(retiredKey(merge));
                            if (row != null) {
                                written.add(
                                        new ProfileStore.Row(row.key(), row.version(), true, null));
                            }
                        }));
        ProfileStore.put(connection, written, now);
        OutboxStore.insert(connection, updates);
    }

    private void addToNodes(Connection connection, BatchState batch) throws SQLException {
        Set<Row> wanted = new HashSet<>(batch.registers().keySet());
        wanted.addAll(batch.keyed().keySet());
        NodeStateStore.put(connection, batch.over(NodeStateStore.read(connection, wanted)));
    }

    private static Set<ProfileKey> concerned(BatchState batch, IdentityChanges changes) {
        Set<ProfileKey> keys = new LinkedHashSet<>(batch.profiles().keySet());
        keys.addAll(changes.regrouped().keySet());
        keys.addAll(changes.appeared());
        keys.addAll(splits(changes).keySet());
        for (Merge merge : changes.merges()) {
            keys.add(retiredKey(merge));
            keys.add(new ProfileKey(merge.workspace(), merge.survivor()));
        }
        return keys;
    }

    /** Merges by survivor, without those of identifiers that never were a profile of their own. */
    private static Map<ProfileKey, List<Merge>> visibleMerges(
            IdentityChanges changes, Map<ProfileKey, ProfileStore.Row> rows) {
        Map<ProfileKey, List<Merge>> merges = new TreeMap<>();
        for (Merge merge : changes.merges()) {
            ProfileStore.Row retired = rows.get(retiredKey(merge));
            if (retired != null && !retired.retired()) {
                merges.computeIfAbsent(
                                new ProfileKey(merge.workspace(), merge.survivor()),
                                key -> new ArrayList<>())
                        .add(merge);
            }
        }
        return merges;
    }

    /** By the profile they were part of. */
    private static Map<ProfileKey, List<Split>> splits(IdentityChanges changes) {
        return changes.splits().stream()
                .collect(
                        Collectors.groupingBy(
                                split -> new ProfileKey(split.workspace(), split.from())));
    }

    private static long version(
            ProfileKey key, List<Merge> merged, Map<ProfileKey, ProfileStore.Row> rows) {
        long version = versionOf(rows.get(key));
        for (Merge merge : merged) {
            version = Math.max(version, versionOf(rows.get(retiredKey(merge))));
        }
        return version;
    }

    private static long versionOf(ProfileStore.@Nullable Row row) {
        return row == null ? 0 : row.version();
    }

    private String merged(
            ProfileKey key,
            List<Merge> merged,
            Map<ProfileKey, ProfileStore.Row> rows,
            BatchState batch) {
        Registers delta = batch.profiles().get(key);
        if (merged.isEmpty()) {
            return batch.merged(stored(rows.get(key)), delta);
        }
        Registers registers = facets.decode(stored(rows.get(key)));
        for (Merge merge : merged) {
            registers = facets.merge(registers, facets.decode(stored(rows.get(retiredKey(merge)))));
        }
        return facets.encode(delta == null ? registers : facets.merge(registers, delta));
    }

    private static @Nullable String stored(ProfileStore.@Nullable Row row) {
        return row == null ? null : row.registers();
    }

    /** The registers of profiles that were solved anew, from the nodes they hold now. */
    private Map<ProfileKey, Registers> recompute(Connection connection, IdentityChanges changes)
            throws SQLException {
        Map<Row, ProfileKey> owners = new HashMap<>();
        Map<ProfileKey, Registers> registers = new HashMap<>();
        changes.regrouped()
                .forEach((key, nodes) -> {
                    registers.put(key, facets.empty());
                    nodes.forEach(node ->
                            owners.put(
                                    new Row(key.workspace(), node, NodeStateStore.REGISTERS), key));
                });
        NodeStateStore.read(connection, owners.keySet())
                .forEach((row, state) -> {
                    ProfileKey owner = owners.get(row);
                    if (owner != null) {
                        registers.merge(owner, facets.decode(state), facets::merge);
                    }
                });
        return registers;
    }

    private static ProfileKey retiredKey(Merge merge) {
        return new ProfileKey(merge.workspace(), merge.retired());
    }

    /** {@code retired}: who ended and with which version, for those who order messages. */
    private static ProfileUpdate.Item mergedItem(
            List<Merge> merged, Map<ProfileKey, ProfileStore.Row> rows) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        var ids = data.putArray("mergedIds");
        var retired = data.putArray("retired");
        for (Merge merge : merged) {
            ids.add(ProfileId.encode(merge.retired()));
            retired.addObject()
                    .put("profile", merge.retired())
                    .put("version", versionOf(rows.get(retiredKey(merge))));
        }
        return new ProfileUpdate.Item("profile.merged", data);
    }

    private static ProfileUpdate.Item splitItem(List<Split> splits) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        var ids = data.putArray("splitIds");
        splits.forEach(split -> ids.add(ProfileId.encode(split.profile())));
        return new ProfileUpdate.Item("profile.split", data);
    }

    /** One message for each accepted event but bots': where its row in the history is found. */
    private static Map<ProfileKey, List<ProfileUpdate.Item>> received(
            List<Attributed> events, Map<Long, Long> profileOf) {
        Map<ProfileKey, List<ProfileUpdate.Item>> items = new HashMap<>();
        for (Attributed attributed : events) {
            if (attributed.incoming().isBot()) {
                continue;
            }
            Header header = attributed.incoming().event().header();
            ObjectNode data = JsonNodeFactory.instance.objectNode();
            data.put("node", attributed.node())
                    .put("timestamp", header.timestamp().toEpochMilli())
                    .put("messageId", header.messageId());
            long profile = profileOf.getOrDefault(attributed.node(), attributed.node());
            items.computeIfAbsent(
                            new ProfileKey(header.workspace(), profile), key -> new ArrayList<>())
                    .add(new ProfileUpdate.Item("event.received", data));
        }
        return items;
    }
}
