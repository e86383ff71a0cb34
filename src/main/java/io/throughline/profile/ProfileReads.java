package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identifier;
import io.throughline.identity.Identities;
import io.throughline.identity.Identities.Moved;
import io.throughline.identity.Identities.Proof;
import io.throughline.identity.Normalization;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.platform.web.Cursor;
import io.throughline.platform.web.Page;
import io.throughline.platform.web.Paging;
import io.throughline.platform.web.ProblemException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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

/** The answers of the profile API. Each is one consistent state of the database. */
@Component
class ProfileReads {
    private static final int MAX_LINKS = 1_000;

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
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw ProblemException.invalid(
                    "identifier", "must be type:value, for instance user_id:42");
        }
        Optional<Identifier> identifier =
                Normalization.identifier(text.substring(0, colon), text.substring(colon + 1));
        if (identifier.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong profile =
                transactions.run(connection ->
                        Identities.profileOf(connection, workspace, identifier.get()));
        return profile.isEmpty() ? Optional.empty() : document(workspace, profile.getAsLong());
    }

    /** Where a profile id leads today; empty for one that nobody was ever shown. */
    OptionalLong liveId(WorkspaceId workspace, long profile) {
        return transactions.run(connection -> Identities.liveId(connection, workspace, profile));
    }

    Optional<ObjectNode> document(WorkspaceId workspace, long profile) {
        return Optional.ofNullable(documents.current(workspace, List.of(profile)).get(profile));
    }

    Page<ObjectNode> list(WorkspaceId workspace, Paging paging) {
        Cursor after = paging.after("profiles");
        Page<Long> ids =
                Page.of(
                        ids(workspace, after == null ? 0 : after.number(0), paging.limit() + 1),
                        paging,
                        id -> Cursor.of("profiles", id));
        Map<Long, ObjectNode> found = documents.current(workspace, ids.items());
        List<ObjectNode> items =
                ids.items().stream().map(found::get).filter(Objects::nonNull).toList();
        return new Page<>(items, ids.next());
    }

    private List<Long> ids(WorkspaceId workspace, long after, int limit) {
        String sql =
                """
                select id from profile
                where workspace_id = ? and id > ? and not retired
                order by id limit ?
                """;
        return transactions.run(connection -> {
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
        });
    }

    Page<ObjectNode> timeline(WorkspaceId workspace, long profile, Paging paging) {
        Timeline.Position before = position(paging.after("events"));
        List<Timeline.Entry> entries =
                transactions.snapshot(connection ->
                        Timeline.page(
                                connection,
                                workspace,
                                Identities.nodes(connection, workspace, List.of(profile))
                                        .getOrDefault(profile, List.of()),
                                before,
                                paging.limit() + 1));
        return Page.of(entries, paging, ProfileReads::cursor)
                .map(entry -> Timeline.item(entry.event()));
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

    /** At most 1,000 links, the strongest. */
    Page<ObjectNode> links(WorkspaceId workspace, long profile) {
        List<Proof> proofs =
                transactions.run(
                        connection -> Identities.proofs(connection, workspace, profile, MAX_LINKS));
        return new Page<>(proofs.stream().map(ProfileReads::link).toList(), null);
    }

    private static ObjectNode link(Proof proof) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("a", proof.a().toString());
        json.put("b", proof.b().toString());
        json.put("class", proof.strength());
        json.put("timestamp", proof.time().toString());
        json.put("messageId", proof.messageId());
        return json.put("holds", proof.holds());
    }

    Page<ObjectNode> ledger(WorkspaceId workspace, long profile, Paging paging) {
        Cursor before = paging.after("merges");
        List<Moved> moves =
                transactions.run(connection ->
                        Identities.ledger(
                                connection,
                                workspace,
                                profile,
                                before == null ? Long.MAX_VALUE : before.number(0),
                                paging.limit() + 1));
        return Page.of(moves, paging, move -> Cursor.of("merges", move.seq()))
                .map(ProfileReads::move);
    }

    private static ObjectNode move(Moved move) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("identifier", move.identifier().toString());
        json.put("from", ProfileId.encode(move.from()));
        json.put("to", ProfileId.encode(move.to()));
        json.put("at", move.at().toString());
        return json.put("messageId", move.messageId());
    }
}
