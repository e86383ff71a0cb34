package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identities;
import io.throughline.identity.Identities.Held;
import io.throughline.identity.IdentityChanges.ProfileKey;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.profile.Facets.Key;
import io.throughline.profile.NodeStateStore.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The profile document: the registers of the profile, the keyed states of its nodes merged, its
 * identifiers, and the ids it answers to.
 */
@Component
public class ProfileDocuments {
    private final EventTransactions transactions;
    private final Facets facets;

    ProfileDocuments(EventTransactions transactions, Facets facets) {
        this.transactions = transactions;
        this.facets = facets;
    }

    /**
     * The newest document of each of these live profiles that exists, by internal id. One
     * consistent state each: a writer in between is seen as a whole or not at all.
     */
    public Map<Long, ObjectNode> current(WorkspaceId workspace, Collection<Long> profiles) {
        return profiles.isEmpty()
                ? Map.of()
                : transactions.snapshot(connection -> current(connection, workspace, profiles));
    }

    /** The same in the caller's {@link EventTransactions#snapshot}. */
    Map<Long, ObjectNode> current(
            Connection connection, WorkspaceId workspace, Collection<Long> profiles)
            throws SQLException {
        if (profiles.isEmpty()) {
            return Map.of();
        }
        Map<Long, List<Held>> held = Identities.held(connection, workspace, profiles);
        TreeSet<Long> nodes = new TreeSet<>();
        Map<Long, Long> profileOf = new HashMap<>();
        held.forEach((profile, identifiers) ->
                identifiers.forEach(one -> {
                    nodes.add(one.node());
                    profileOf.put(one.node(), profile);
                }));
        Map<ProfileKey, ProfileStore.Row> rows =
                ProfileStore.read(
                        connection,
                        nodes.stream().map(id -> new ProfileKey(workspace, id)).toList());
        Map<Long, Map<Key, Object>> states =
                states(NodeStateStore.readAll(connection, workspace, nodes), profileOf);
        Map<Long, ObjectNode> documents = new HashMap<>();
        held.forEach((profile, identifiers) -> {
            ProfileStore.Row row = rows.get(new ProfileKey(workspace, profile));
            if (row != null && !row.retired()) {
                documents.put(
                        profile,
                        document(row, identifiers, states.getOrDefault(profile, Map.of()), rows));
            }
        });
        return documents;
    }

    private Map<Long, Map<Key, Object>> states(Map<Row, String> rows, Map<Long, Long> profileOf) {
        Map<Long, Map<Key, Object>> states = new HashMap<>();
        rows.forEach((row, state) -> {
            Long profile = profileOf.get(row.node());
            if (profile != null && facets.knows(row.key().facet())) {
                states.computeIfAbsent(profile, id -> new HashMap<>())
                        .merge(
                                row.key(),
                                facets.decode(row.key(), state),
                                (a, b) -> facets.merge(row.key(), a, b));
            }
        });
        return states;
    }

    private ObjectNode document(
            ProfileStore.Row row,
            List<Held> identifiers,
            Map<Key, Object> states,
            Map<ProfileKey, ProfileStore.Row> rows) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("id", ProfileId.encode(row.key().id()));
        document.put("version", row.version());
        ArrayNode shown = JsonNodeFactory.instance.arrayNode();
        ArrayNode mergedIds = JsonNodeFactory.instance.arrayNode();
        Map<Long, String> retired = new TreeMap<>();
        for (Held one : identifiers) {
            if (one.firstSeen() != null) {
                shown.addObject()
                        .put("type", one.identifier().type())
                        .put("value", one.identifier().value())
                        .put("firstSeen", one.firstSeen().toString());
            }
            ProfileStore.Row other = rows.get(new ProfileKey(row.key().workspace(), one.node()));
            if (other != null && other.retired()) {
                retired.put(one.node(), ProfileId.encode(one.node()));
            }
        }
        retired.values().forEach(mergedIds::add);
        document.putNull("firstSeen").putNull("lastSeen");
        document.set("identifiers", shown);
        facets.describe(facets.decode(row.registers()), states, document);
        // Fields of the contract whose facets come later: present and empty, so clients can rely on
        // them.
        document.withObject("intent");
        document.withArray("affinities");
        document.withArray("audiences");
        document.withObject("retention");
        document.set("mergedIds", mergedIds);
        return document;
    }
}
