package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identifier;
import io.throughline.identity.Identities;
import io.throughline.identity.Normalization;
import io.throughline.platform.jdbc.EventTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** What is known of a visitor: the profile document and the newest events. */
@Component
public class Visitors {
    private final EventTransactions transactions;
    private final ProfileDocuments documents;

    Visitors(EventTransactions transactions, ProfileDocuments documents) {
        this.transactions = transactions;
        this.documents = documents;
    }

    /**
     * @param profile the profile document
     * @param timeline the newest events, newest first, as the timeline shows them
     */
    public record Visitor(ObjectNode profile, List<ObjectNode> timeline) {
        public Visitor {
            timeline = List.copyOf(timeline);
        }
    }

    /**
     * Empty while no event of this anonymousId has reached a profile. Both parts are one state of
     * the database.
     *
     * @param events at most this many of the newest
     */
    public Optional<Visitor> find(WorkspaceId workspace, String anonymousId, int events) {
        return Normalization.identifier("anonymous_id", anonymousId)
                .flatMap(identifier ->
                        transactions.snapshot(connection -> {
                            OptionalLong profile =
                                    Identities.profileOf(connection, workspace, identifier);
                            return profile.isEmpty()
                                    ? Optional.<Visitor>empty()
                                    : visitor(connection, workspace, profile.getAsLong(), events);
                        }));
    }

    /**
     * The same of whoever this leads to today.
     *
     * @param profile a profile's id, or an identifier as {@code user_id:42}; anything else is a
     *     problem that names {@code profile}
     * @param events at most this many of the newest
     */
    public Optional<Visitor> lookUp(WorkspaceId workspace, String profile, int events) {
        OptionalLong id = ProfileId.parse(profile);
        Optional<Identifier> identifier =
                id.isPresent() ? Optional.empty() : IdentifierText.parse("profile", profile);
        return transactions.snapshot(connection -> {
            OptionalLong live =
                    id.isPresent()
                            ? Identities.liveId(connection, workspace, id.getAsLong())
                            : identifier.isPresent()
                                    ? Identities.profileOf(connection, workspace, identifier.get())
                                    : OptionalLong.empty();
            return live.isPresent()
                    ? visitor(connection, workspace, live.getAsLong(), events)
                    : Optional.<Visitor>empty();
        });
    }

    private Optional<Visitor> visitor(
            Connection connection, WorkspaceId workspace, long profile, int events)
            throws SQLException {
        ObjectNode document =
                documents.current(connection, workspace, List.of(profile)).get(profile);
        if (document == null) {
            return Optional.empty();
        }
        List<Long> nodes =
                Identities.nodes(connection, workspace, List.of(profile))
                        .getOrDefault(profile, List.of());
        List<ObjectNode> timeline =
                Timeline.page(connection, workspace, nodes, Timeline.Position.NEWEST, events)
                        .stream()
                        .map(entry -> Timeline.item(entry.stored()))
                        .toList();
        return Optional.of(new Visitor(document, timeline));
    }
}
