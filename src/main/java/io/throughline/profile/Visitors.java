package io.throughline.profile;

import io.throughline.event.WorkspaceId;
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
     * The same of whoever this profile id leads to today.
     *
     * @param events at most this many of the newest
     */
    public Optional<Visitor> find(WorkspaceId workspace, long profile, int events) {
        return transactions.snapshot(connection -> {
            OptionalLong live = Identities.liveId(connection, workspace, profile);
            return live.isPresent()
                    ? visitor(connection, workspace, live.getAsLong(), events)
                    : Optional.empty();
        });
    }

    /**
     * The same of whoever has this identifier.
     *
     * @param identifier {@code type:value}; anything else is a problem that names {@code profile}
     * @param events at most this many of the newest
     */
    public Optional<Visitor> findByIdentifier(
            WorkspaceId workspace, String identifier, int events) {
        return IdentifierText.parse("profile", identifier)
                .flatMap(one ->
                        transactions.snapshot(connection -> {
                            OptionalLong profile = Identities.profileOf(connection, workspace, one);
                            return profile.isPresent()
                                    ? visitor(connection, workspace, profile.getAsLong(), events)
                                    : Optional.<Visitor>empty();
                        }));
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
