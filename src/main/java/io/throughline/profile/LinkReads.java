package io.throughline.profile;

import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.Evidences;
import io.throughline.identity.Evidences.Apart;
import io.throughline.identity.Evidences.Found;
import io.throughline.identity.Evidences.Proof;
import io.throughline.identity.Identifier;
import io.throughline.platform.web.ProblemException;
import io.throughline.workspace.Source;
import io.throughline.workspace.Sources;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Why these identifiers are one visitor, for people. */
@Component
class LinkReads {
    private static final int MAX_LINKS = 1_000;

    private final Sources sources;

    LinkReads(Sources sources) {
        this.sources = sources;
    }

    /** Two identifiers, between which a chain is looked for. */
    record Ends(Identifier from, Identifier to) {
        /** Values may hold commas: the two are parted where both sides are identifiers. */
        static Ends parse(String text) {
            for (int comma = text.indexOf(','); comma > 0; comma = text.indexOf(',', comma + 1)) {
                String from = text.substring(0, comma);
                String to = text.substring(comma + 1);
                if (from.indexOf(':') > 0 && to.indexOf(':') > 0) {
                    return new Ends(
                            IdentifierText.usable("path", from), IdentifierText.usable("path", to));
                }
            }
            throw ProblemException.invalid(
                    "path", "must be two identifiers, for instance user_id:42,email:a@example.com");
        }
    }

    /**
     * {@code {items, unlinks, next}}: at most 1,000 links, the strongest; or the chain between two
     * identifiers, empty where there is none.
     */
    ObjectNode links(
            Connection connection, WorkspaceId workspace, long profile, @Nullable Ends ends)
            throws SQLException {
        Found found = Evidences.of(connection, workspace, profile);
        List<Proof> shown =
                ends == null
                        ? found.proofs().stream().limit(MAX_LINKS).toList()
                        : Evidences.path(found.proofs(), ends.from(), ends.to());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode items = json.putArray("items");
        for (Proof proof : shown) {
            items.add(link(connection, workspace, proof));
        }
        ArrayNode unlinks = json.putArray("unlinks");
        found.apart().forEach(apart -> unlinks.add(unlink(apart)));
        return json.putNull("next");
    }

    /** All links at the profile's identifiers. */
    List<ObjectNode> all(Connection connection, WorkspaceId workspace, long profile)
            throws SQLException {
        List<ObjectNode> all = new ArrayList<>();
        for (Proof proof : Evidences.of(connection, workspace, profile).proofs()) {
            all.add(link(connection, workspace, proof));
        }
        return all;
    }

    private ObjectNode link(Connection connection, WorkspaceId workspace, Proof proof)
            throws SQLException {
        Optional<TrackingEvent> event = event(connection, workspace, proof);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("a", proof.a().toString());
        json.put("b", proof.b().toString());
        json.put("class", proof.strength());
        json.put("timestamp", proof.time().toString());
        json.put("messageId", proof.messageId());
        json.put("type", event.map(found -> found.type().wireName()).orElse(null));
        json.put("source", event.flatMap(this::source).map(Source::publicId).orElse(null));
        json.put("holds", proof.holds());
        return json.put(
                "refused",
                proof.refusal() == null ? null : proof.refusal().name().toLowerCase(Locale.ROOT));
    }

    /** Empty when the history no longer holds it. */
    private static Optional<TrackingEvent> event(
            Connection connection, WorkspaceId workspace, Proof proof) throws SQLException {
        for (long node : proof.ends()) {
            Optional<Timeline.Stored> stored =
                    Timeline.find(
                            connection,
                            workspace,
                            node,
                            proof.time().toEpochMilli(),
                            proof.messageId());
            if (stored.isPresent()) {
                return stored.map(Timeline.Stored::event);
            }
        }
        return Optional.empty();
    }

    private Optional<Source> source(TrackingEvent event) {
        return sources.byId(event.header().sourceId());
    }

    private static ObjectNode unlink(Apart apart) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("a", apart.a().toString());
        json.put("b", apart.b().toString());
        json.put("decidedBy", apart.decidedBy());
        return json.put("decidedAt", apart.decidedAt().toString());
    }
}
