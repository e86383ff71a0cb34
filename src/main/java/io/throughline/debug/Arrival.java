package io.throughline.debug;

import io.throughline.collect.RefusalNotice.OfEvent;
import io.throughline.collect.RefusalNotice.OfRequest;
import io.throughline.event.TrackingEvent;
import io.throughline.event.TrackingEvent.Alias;
import io.throughline.event.TrackingEvent.Group;
import io.throughline.event.TrackingEvent.Identify;
import io.throughline.event.TrackingEvent.Page;
import io.throughline.event.TrackingEvent.Screen;
import io.throughline.event.TrackingEvent.Track;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.EventIdentifiers;
import io.throughline.identity.Identifier;
import io.throughline.identity.IdentityConfiguration;
import io.throughline.identity.Normalization;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Something that arrived a moment ago, as far as a filter asks about it. */
sealed interface Arrival {
    /** What became of it. */
    enum Verdict {
        ACCEPTED,
        REFUSED;

        /** As clients read and write it, in messages and in filters. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    WorkspaceId workspace();

    long sourceId();

    Verdict verdict();

    /** What the client called it; null where it said nothing usable. */
    @Nullable String type();

    /** What was tracked, or the page or screen. */
    @Nullable String name();

    /** Whose it is, as far as it says. */
    Collection<Identifier> identifiers();

    /** An event of the log: it is durable. */
    record Accepted(TrackingEvent event) implements Arrival {
        @Override
        public WorkspaceId workspace() {
            return event.header().workspace();
        }

        @Override
        public long sourceId() {
            return event.header().sourceId();
        }

        @Override
        public Verdict verdict() {
            return Verdict.ACCEPTED;
        }

        @Override
        public String type() {
            return event.type().wireName();
        }

        @Override
        public @Nullable String name() {
            return switch (event) {
                case Track track -> track.event();
                case Page page -> page.name();
                case Screen screen -> screen.name();
                case Identify _, Group _, Alias _ -> null;
            };
        }

        @Override
        public Collection<Identifier> identifiers() {
            // Without asking the database what is configured: a filter may find others than the
            // profile will have.
            return EventIdentifiers.of(event, IdentityConfiguration.DEFAULT).carried();
        }
    }

    /** An event that was refused while its request was not. */
    record RefusedEvent(OfEvent notice) implements Arrival {
        @Override
        public WorkspaceId workspace() {
            return notice.workspace();
        }

        @Override
        public long sourceId() {
            return notice.sourceId();
        }

        @Override
        public Verdict verdict() {
            return Verdict.REFUSED;
        }

        @Override
        public @Nullable String type() {
            return text("type");
        }

        @Override
        public @Nullable String name() {
            String event = text("event");
            return event != null ? event : text("name");
        }

        @Override
        public Collection<Identifier> identifiers() {
            List<Identifier> found = new ArrayList<>();
            add(found, Identifier.USER_ID, text("userId"));
            add(found, Identifier.ANONYMOUS_ID, text("anonymousId"));
            return found;
        }

        ObjectNode sent() {
            return notice.event();
        }

        private @Nullable String text(String field) {
            JsonNode value = notice.event().path(field);
            return value.isString() || value.isNumber() ? value.asString() : null;
        }

        private static void add(List<Identifier> found, String type, @Nullable String value) {
            if (value != null) {
                Normalization.identifier(type, value).ifPresent(found::add);
            }
        }
    }

    /** A request that was refused as a whole: nothing is known of what was in it. */
    record RefusedRequest(OfRequest notice) implements Arrival {
        @Override
        public WorkspaceId workspace() {
            return notice.workspace();
        }

        @Override
        public long sourceId() {
            return notice.sourceId();
        }

        @Override
        public Verdict verdict() {
            return Verdict.REFUSED;
        }

        @Override
        public @Nullable String type() {
            return null;
        }

        @Override
        public @Nullable String name() {
            return null;
        }

        @Override
        public Collection<Identifier> identifiers() {
            return List.of();
        }
    }
}
