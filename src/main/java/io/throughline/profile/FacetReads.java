package io.throughline.profile;

import io.throughline.event.EventCodec;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identities;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What profiles know, facet by facet, for decisions that need a part and not the document. Every
 * call sees what is committed, or the caller's own transaction.
 */
public final class FacetReads {
    private FacetReads() {}

    /** The state of each of these live profiles; an id that is no live profile's has none. */
    public static <S> Map<Long, S> register(
            Connection connection, WorkspaceId workspace, Facet<S> facet, Collection<Long> profiles)
            throws SQLException {
        Map<Long, S> states = new HashMap<>();
        ProfileStore.register(connection, workspace, facet.name(), profiles)
                .forEach((profile, state) ->
                        states.put(profile, facet.decode(EventCodec.JSON.readTree(state))));
        return states;
    }

    /**
     * The states by key of each of these live profiles that has any: two questions, and a row for
     * each node and key.
     */
    public static <S> Map<Long, Map<String, S>> keyed(
            Connection connection,
            WorkspaceId workspace,
            KeyedFacet<S> facet,
            Collection<Long> profiles)
            throws SQLException {
        Map<Long, Long> profileOf = new HashMap<>();
        Identities.nodes(connection, workspace, profiles)
                .forEach((profile, nodes) -> nodes.forEach(node -> profileOf.put(node, profile)));
        Map<Long, Map<String, S>> states = new HashMap<>();
        NodeStateStore.ofFacet(connection, workspace, facet.name(), profileOf.keySet())
                .forEach((row, state) ->
                        states.computeIfAbsent(
                                        profileOf.get(row.node()), profile -> new HashMap<>())
                                .merge(
                                        row.key().key(),
                                        facet.decode(EventCodec.JSON.readTree(state)),
                                        facet::merge));
        return states;
    }
}
