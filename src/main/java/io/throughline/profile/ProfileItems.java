package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.profile.Timeline.Place;
import io.throughline.profile.Timeline.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Renders the webhook {@code data} of owed messages, many at a time. */
@Component
public class ProfileItems {
    private static final String STATE = "profile.updated";
    private static final String EVENT = "event.received";

    private final ProfileDocuments documents;
    private final EventTransactions transactions;

    ProfileItems(ProfileDocuments documents, EventTransactions transactions) {
        this.documents = documents;
        this.transactions = transactions;
    }

    /** One owed message, by its identity. */
    public record Owed(
            WorkspaceId workspace, long profile, long version, ProfileUpdate.Item item) {}

    /**
     * The {@code data} of each message, in the order given: always {@code profileId} and {@code
     * version}; {@code profile.*} also the profile document's fields. The document is the newest;
     * for {@code profile.updated} so is {@code version}, at least the one asked for, for every
     * other type {@code version} is the message's own. Null for a {@code profile.updated} of a
     * profile that has ended meanwhile: there is no state to tell.
     */
    public List<@Nullable ObjectNode> render(List<Owed> owed) {
        Map<WorkspaceId, Set<Long>> profiles = new HashMap<>();
        for (Owed one : owed) {
            if (showsDocument(one)) {
                profiles.computeIfAbsent(one.workspace(), id -> new HashSet<>()).add(one.profile());
            }
        }
        Map<WorkspaceId, Map<Long, ObjectNode>> current = new HashMap<>();
        profiles.forEach(
                (workspace, ids) -> current.put(workspace, documents.current(workspace, ids)));
        Map<WorkspaceId, Map<Place, Stored>> events = events(owed);
        List<@Nullable ObjectNode> rendered = new ArrayList<>(owed.size());
        for (Owed one : owed) {
            ObjectNode document =
                    showsDocument(one)
                            ? current.getOrDefault(one.workspace(), Map.of()).get(one.profile())
                            : null;
            boolean ended = document == null && one.item().type().equals(STATE);
            rendered.add(ended ? null : render(one, document, events));
        }
        return rendered;
    }

    private static boolean showsDocument(Owed owed) {
        // Of an erased profile nothing is told, even if its id lives again by now.
        String type = owed.item().type();
        return type.startsWith("profile.") && !type.equals(ProfileUpdate.ERASED);
    }

    private static ObjectNode render(
            Owed owed, @Nullable ObjectNode document, Map<WorkspaceId, Map<Place, Stored>> events) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("profileId", ProfileId.encode(owed.profile()));
        data.put("version", owed.version());
        if (document != null) {
            data.setAll(document);
            data.remove("id");
            if (!owed.item().type().equals(STATE)) {
                data.put("version", owed.version());
            }
        }
        if (owed.item().type().equals(EVENT)) {
            Stored event = events.getOrDefault(owed.workspace(), Map.of()).get(place(owed));
            if (event != null) {
                data.set("event", Timeline.item(event));
            }
        } else {
            data.setAll(owed.item().data());
            data.remove("retired");
            data.remove(ProfileUpdate.TOLD);
        }
        return data;
    }

    /** The events that messages are about, with one question for each workspace. */
    private Map<WorkspaceId, Map<Place, Stored>> events(List<Owed> owed) {
        Map<WorkspaceId, Set<Place>> places = new HashMap<>();
        for (Owed one : owed) {
            if (one.item().type().equals(EVENT)) {
                places.computeIfAbsent(one.workspace(), id -> new HashSet<>()).add(place(one));
            }
        }
        Map<WorkspaceId, Map<Place, Stored>> events = new HashMap<>();
        places.forEach((workspace, wanted) ->
                events.put(
                        workspace,
                        transactions.run(
                                connection -> Timeline.find(connection, workspace, wanted))));
        return events;
    }

    private static Place place(Owed owed) {
        ObjectNode at = owed.item().data();
        return new Place(
                at.required("node").longValue(),
                at.required("timestamp").longValue(),
                at.required("messageId").stringValue());
    }
}
