package io.throughline.contact;

import io.throughline.event.EventCodec;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identifier;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.profile.ProfileEraser;
import io.throughline.profile.ProfileExporter;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * Suppressions of people who are told what is kept of them, or forgotten. An objection outlives an
 * erasure: who comes back is still not contacted, but until then the list names nobody.
 */
@Component
class SuppressedPeople implements ProfileEraser, ProfileExporter {
    private final SuppressionList list;
    private final EventTransactions transactions;

    SuppressedPeople(SuppressionList list, EventTransactions transactions) {
        this.list = list;
        this.transactions = transactions;
    }

    @Override
    public Set<Long> end(Connection connection, WorkspaceId workspace, Map<Long, Long> versions) {
        return Set.of();
    }

    @Override
    public int purge(
            Connection connection, WorkspaceId workspace, Collection<Long> profiles, int limit) {
        return 0;
    }

    @Override
    public void forget(
            Connection connection, WorkspaceId workspace, Collection<Identifier> identifiers)
            throws SQLException {
        SuppressionStore.forget(connection, workspace, list.hashes(workspace, identifiers));
    }

    @Override
    public void export(WorkspaceId workspace, Collection<Long> profiles, Lines lines)
            throws IOException {
        List<Suppression> all =
                transactions.run(connection ->
                        SuppressionStore.naming(
                                connection,
                                workspace,
                                list.hashesOf(connection, workspace, profiles),
                                Long.MAX_VALUE,
                                Integer.MAX_VALUE));
        for (Suppression one : all) {
            lines.add("suppression", json(one));
        }
    }

    private static ObjectNode json(Suppression one) {
        ObjectNode json = EventCodec.JSON.createObjectNode();
        json.put("id", one.publicId());
        json.put("identifier", one.identifier() == null ? null : one.identifier().toString());
        if (one.purposes() == null) {
            json.putNull("purposes");
        } else {
            one.purposes().forEach(json.putArray("purposes")::add);
        }
        json.put("reason", one.reason());
        json.put("until", one.until() == null ? null : one.until().toString());
        return json.put("createdAt", one.createdAt().toString());
    }
}
