package io.throughline.profile;

import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.Evidences;
import io.throughline.identity.Evidences.Apart;
import io.throughline.identity.Evidences.Found;
import io.throughline.identity.Evidences.Proof;
import io.throughline.identity.Identifier;
import io.throughline.identity.IdentityConfigurations;
import io.throughline.platform.web.ProblemException;
import io.throughline.profile.Timeline.Place;
import io.throughline.profile.Timeline.Stored;
import io.throughline.workspace.Source;
import io.throughline.workspace.Sources;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
    private final IdentityConfigurations configurations;

    LinkReads(Sources sources, IdentityConfigurations configurations) {
        this.sources = sources;
        this.configurations = configurations;
    }

    /**
     * The two identifiers between which a chain is looked for. Values may hold commas and colons,
     * so there may be several ways to part the text; the profile tells which is meant.
     */
    record Ends(Identifier from, Identifier to) {
        static List<Ends> parse(String text) {
            List<Ends> ways = new ArrayList<>();
            for (int comma = text.indexOf(','); comma > 0; comma = text.indexOf(',', comma + 1)) {
                Optional<Identifier> from = IdentifierText.read(text.substring(0, comma));
                Optional<Identifier> to = IdentifierText.read(text.substring(comma + 1));
                if (from.isPresent() && to.isPresent()) {
                    ways.add(new Ends(from.get(), to.get()));
                }
            }
            if (ways.isEmpty()) {
                throw ProblemException.invalid(
                        "path",
                        "must be two identifiers, for instance user_id:42,email:a@example.com");
            }
            return ways;
        }

        private List<Proof> chain(List<Proof> proofs) {
            return Evidences.path(proofs, from, to);
        }
    }

    /** Links and unlinks as they are, with what is configured now. */
    Found found(Connection connection, WorkspaceId workspace, long profile) throws SQLException {
        return Evidences.of(
                connection, workspace, profile, configurations.newest(connection, workspace));
    }

    /**
     * {@code {items, unlinks, next}}: at most 1,000 links, the strongest; or the chain between two
     * identifiers, empty where there is none.
     *
     * @param ends the ways to read the two; null for all links
     */
    ObjectNode links(
            Connection connection, WorkspaceId workspace, long profile, @Nullable List<Ends> ends)
            throws SQLException {
        Found found = found(connection, workspace, profile);
        List<Proof> shown =
                ends == null
                        ? found.proofs().stream().limit(MAX_LINKS).toList()
                        : ends.stream()
                                .map(way -> way.chain(found.proofs()))
                                .filter(chain -> !chain.isEmpty())
                                .findFirst()
                                .orElse(List.of());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("items").addAll(describe(connection, workspace, shown));
        ArrayNode unlinks = json.putArray("unlinks");
        found.apart().forEach(apart -> unlinks.add(unlink(apart)));
        return json.putNull("next");
    }

    /** Links as they are shown, in their order. */
    List<ObjectNode> describe(
            Connection connection, WorkspaceId workspace, Collection<Proof> proofs)
            throws SQLException {
        Set<Place> places = new HashSet<>();
        for (Proof proof : proofs) {
            places.addAll(places(proof));
        }
        Map<Place, Stored> events = Timeline.find(connection, workspace, places);
        return proofs.stream().map(proof -> link(proof, events)).toList();
    }

    /** The event is in the history of one of the two. */
    private static List<Place> places(Proof proof) {
        long time = proof.time().toEpochMilli();
        return proof.ends().stream().map(node -> new Place(node, time, proof.messageId())).toList();
    }

    /**
     * @param events those that the history still holds
     */
    private ObjectNode link(Proof proof, Map<Place, Stored> events) {
        Optional<TrackingEvent> event =
                places(proof).stream()
                        .map(events::get)
                        .filter(Objects::nonNull)
                        .map(Stored::event)
                        .findFirst();
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

    private Optional<Source> source(TrackingEvent event) {
        return sources.byId(event.header().sourceId());
    }

    static ObjectNode unlink(Apart apart) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("a", apart.a().toString());
        json.put("b", apart.b().toString());
        json.put("decidedBy", apart.decidedBy());
        return json.put("decidedAt", apart.decidedAt().toString());
    }
}
