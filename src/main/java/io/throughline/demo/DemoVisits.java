package io.throughline.demo;

import io.throughline.platform.web.ProblemException;
import io.throughline.profile.Visitors;
import io.throughline.profile.Visitors.Visitor;
import io.throughline.workspace.Source;
import io.throughline.workspace.Sources;
import io.throughline.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the demo's page may know: how to begin, and its own visitor. */
final class DemoVisits {
    private static final int EVENTS = 60;

    /** As the SDK makes them: nobody guesses one, and no other system's id has this form. */
    private static final Pattern ANONYMOUS_ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

    private final DemoDestination destination;
    private final Visitors visitors;
    private final ReceivedWebhooks received;
    private final Sources sources;
    private final String writeKey;

    DemoVisits(
            DemoDestination destination,
            Visitors visitors,
            ReceivedWebhooks received,
            Sources sources,
            String writeKey) {
        this.destination = destination;
        this.visitors = visitors;
        this.received = received;
        this.sources = sources;
        this.writeKey = writeKey;
    }

    /**
     * @param writeKey of the first source; public, as in the page of every website
     * @param webhooks null where they are delivered to the demo, else why not
     */
    record Beginning(String writeKey, @Nullable String webhooks) {}

    /**
     * @param profile null while nothing has arrived yet, or where it must not be shown
     * @param isOthers the visitor has become one with a person who is not of the demo
     */
    record Shown(
            @Nullable ObjectNode profile,
            boolean isOthers,
            List<ObjectNode> events,
            List<ReceivedWebhook> webhooks) {
        private static final Shown NOTHING = new Shown(null, false, List.of(), List.of());
        private static final Shown OTHERS = new Shown(null, true, List.of(), List.of());
    }

    /** Creates the destination for the first visitor. */
    Beginning begin(String host, int port) {
        Optional<Source> source = sources.byWriteKey(writeKey);
        if (source.isEmpty() || !source.get().workspace().equals(Workspace.DEFAULT)) {
            throw ProblemException.notFound(
                    "The first source was deleted; the demo sends with it.");
        }
        try {
            destination.register(host, port);
            return new Beginning(writeKey, null);
        } catch (ProblemException refused) {
            return new Beginning(writeKey, refused.detail());
        }
    }

    Shown show(String anonymousId) {
        Optional<Visitor> found = find(anonymousId);
        if (found.isEmpty()) {
            return Shown.NOTHING;
        }
        ObjectNode profile = found.get().profile();
        return isMadeUp(profile)
                ? new Shown(profile, false, found.get().timeline(), received.of(ids(profile)))
                : Shown.OTHERS;
    }

    Optional<ReceivedWebhook> webhook(String anonymousId, String webhookId) {
        return find(anonymousId)
                .map(Visitor::profile)
                .filter(DemoVisits::isMadeUp)
                .flatMap(profile -> received.find(ids(profile), webhookId));
    }

    private Optional<Visitor> find(String anonymousId) {
        if (!ANONYMOUS_ID.matcher(anonymousId).matches()) {
            throw ProblemException.invalid("anonymousId", "must be one that the SDK has made");
        }
        return visitors.find(Workspace.DEFAULT, anonymousId, EVENTS);
    }

    /**
     * Anybody may claim to be anybody with a write key. Where a token is needed to read of real
     * people, that must not be a way around it: the demo's own people have ids and addresses that
     * no one else has.
     */
    static boolean isMadeUp(JsonNode profile) {
        for (JsonNode identifier : profile.path("identifiers")) {
            String value = identifier.path("value").asString("");
            boolean madeUp =
                    switch (identifier.path("type").asString("")) {
                        case "anonymous_id" -> ANONYMOUS_ID.matcher(value).matches();
                        case "user_id" -> value.startsWith("demo-");
                        case "email" -> value.endsWith("@demo.example");
                        default -> false;
                    };
            if (!madeUp) {
                return false;
            }
        }
        return true;
    }

    private static List<String> ids(JsonNode profile) {
        List<String> ids = new ArrayList<>();
        ids.add(profile.path("id").asString(""));
        profile.path("mergedIds").forEach(id -> ids.add(id.asString("")));
        return ids;
    }
}
