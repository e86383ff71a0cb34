package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identifier;
import io.throughline.identity.Identities;
import io.throughline.identity.Identities.Moved;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.platform.web.Cursor;
import io.throughline.platform.web.Page;
import io.throughline.platform.web.Paging;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The answers of the profile API. Each is one consistent state of the database, from the id that is
 * asked about to the last row.
 */
@Component
class ProfileReads {
    private final EventTransactions transactions;
    private final ProfileDocuments documents;

    ProfileReads(EventTransactions transactions, ProfileDocuments documents) {
        this.transactions = transactions;
        this.documents = documents;
    }

    /**
     * @param text {@code type:value}; the value is normalised as an event's would be
     */
    Optional<ObjectNode> byIdentifier(WorkspaceId workspace, String text) {
        Optional<Identifier> identifier = IdentifierText.parse("identifier", text);
        if (identifier.isEmpty()) {
            return Optional.empty();
        }
        return transactions.snapshot(connection -> {
            OptionalLong profile = Identities.profileOf(connection, workspace, identifier.get());
            return profile.isEmpty()
                    ? Optional.empty()
                    : document(connection, workspace, profile.getAsLong());
        });
    }

    /** What is asked about a live profile; empty when there is no such profile. */
    interface Question<T> {
        Optional<T> of(Connection connection, long profile) throws SQLException;
    }

    /** Where a profile id led. */
    sealed interface Led<T> {
        record ToAnswer<T>(T answer) implements Led<T> {}

        /** The id is retired; the question goes to the live profile. */
        record ToAnother<T>(long profile) implements Led<T> {}

        /** Nobody was ever shown this id. */
        record Nowhere<T>() implements Led<T> {}
    }

    /** The answer of the profile an id leads to, if it is that one's own id. */
    <T> Led<T> ask(WorkspaceId workspace, long profile, Question<T> question) {
        return transactions.snapshot(connection -> {
            OptionalLong live = Identities.liveId(connection, workspace, profile);
            if (live.isPresent() && live.getAsLong() != profile) {
                return new Led.ToAnother<>(live.getAsLong());
            }
            Optional<T> answer =
                    live.isPresent() ? question.of(connection, profile) : Optional.empty();
            return answer.isPresent() ? new Led.ToAnswer<>(answer.get()) : new Led.Nowhere<>();
        });
    }

    Optional<ObjectNode> document(Connection connection, WorkspaceId workspace, long profile)
            throws SQLException {
        return Optional.ofNullable(
                documents.current(connection, workspace, List.of(profile)).get(profile));
    }

    Page<ObjectNode> list(WorkspaceId workspace, Paging paging) {
        Cursor cursor = paging.after("profiles");
        long after = cursor == null ? 0 : cursor.number(0);
        return transactions.snapshot(connection -> {
            Page<Long> ids =
                    Page.of(
                            ids(connection, workspace, after, paging.limit() + 1),
                            paging,
                            id -> Cursor.of("profiles", id));
            Map<Long, ObjectNode> found = documents.current(connection, workspace, ids.items());
            List<ObjectNode> items =
                    ids.items().stream().map(found::get).filter(Objects::nonNull).toList();
            return new Page<>(items, ids.next());
        });
    }

    private static List<Long> ids(
            Connection connection, WorkspaceId workspace, long after, int limit)
            throws SQLException {
        String sql =
                """
                select id from profile
                where workspace_id = ? and id > ? and not retired
                order by id limit ?
                """;
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, after);
            statement.setInt(3, limit);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    Page<ObjectNode> timeline(
            Connection connection, WorkspaceId workspace, long profile, Paging paging)
            throws SQLException {
        List<Timeline.Entry> entries =
                Timeline.page(
                        connection,
                        workspace,
                        Identities.nodes(connection, workspace, List.of(profile))
                                .getOrDefault(profile, List.of()),
                        position(paging.after("events")),
                        paging.limit() + 1);
        return Page.of(entries, paging, ProfileReads::cursor)
                .map(entry -> Timeline.item(entry.stored()));
    }

    private static Cursor cursor(Timeline.Entry entry) {
        byte[] messageId = entry.position().messageId().getBytes(StandardCharsets.UTF_8);
        return Cursor.of(
                "events",
                entry.position().time(),
                Base64.getUrlEncoder().encodeToString(messageId));
    }

    private static Timeline.Position position(@Nullable Cursor cursor) {
        if (cursor == null) {
            return Timeline.Position.NEWEST;
        }
        try {
            byte[] messageId = Base64.getUrlDecoder().decode(cursor.text(1));
            return new Timeline.Position(
                    cursor.number(0), new String(messageId, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw Cursor.invalid();
        }
    }

    Page<ObjectNode> ledger(
            Connection connection, WorkspaceId workspace, long profile, Paging paging)
            throws SQLException {
        Cursor before = paging.after("merges");
        List<Moved> moves =
                Identities.ledger(
                        connection,
                        workspace,
                        profile,
                        before == null ? Long.MAX_VALUE : before.number(0),
                        paging.limit() + 1);
        return Page.of(moves, paging, move -> Cursor.of("merges", move.seq()))
                .map(ProfileReads::move);
    }

    static ObjectNode move(Moved move) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("identifier", move.identifier().toString());
        json.put("from", ProfileId.encode(move.from()));
        json.put("to", ProfileId.encode(move.to()));
        json.put("at", move.at().toString());
        json.put("reason", move.reason());
        return json.put("messageId", move.messageId());
    }
}
