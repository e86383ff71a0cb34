package io.throughline.identity;

import io.throughline.event.TrackingEvent;
import io.throughline.event.TrackingEvent.Alias;
import io.throughline.event.TrackingEvent.Identify;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an event says about identity: a pure function of the event and of the configuration that it
 * was stamped with.
 *
 * @param anchor the strongest identifier, to which the event belongs for ever; null when the event
 *     carries no usable one
 * @param carried every usable identifier of the event, the anchor first
 * @param claims a star from the anchor to every other identifier, never a clique: a clique would
 *     leak a merge through a rejected identifier
 */
public record EventIdentifiers(
        @Nullable Identifier anchor, List<Identifier> carried, List<Claim> claims) {

    /**
     * The event's evidence that two identifiers are one visitor.
     *
     * @param strength 0 for a trusted alias, else 1 + the priority of the weaker end; lower is
     *     stronger
     */
    public record Claim(Identifier a, Identifier b, int strength) {}

    private static final int TRUSTED_ALIAS = 0;
    private static final int BROWSER_ALIAS = 10;

    /** More external ids in one event than this are ignored, the weakest. */
    private static final int MAX_EXTERNAL_IDS = 20;

    /**
     * @param configuration the one the event was stamped with
     */
    public static EventIdentifiers of(TrackingEvent event, IdentityConfiguration configuration) {
        TreeSet<Identifier> carried = new TreeSet<>(configuration.order());
        TrackingEvent.Header header = event.header();
        add(carried, Identifier.USER_ID, header.userId());
        add(carried, Identifier.ANONYMOUS_ID, header.anonymousId());
        // Only traits of the person: a group's traits and an event's properties name others.
        JsonNode traits =
                event instanceof Identify identify
                        ? identify.traits()
                        : header.context().path("traits");
        add(carried, Identifier.EMAIL, text(traits.path("email")));
        add(carried, Identifier.PHONE, text(traits.path("phone")));
        carried.removeIf(configuration::isRefused);
        carried.addAll(externalIds(header.context(), configuration));
        if (carried.isEmpty()) {
            return new EventIdentifiers(null, List.of(), List.of());
        }
        Identifier anchor = carried.first();
        List<Claim> claims = new ArrayList<>();
        for (Identifier other : carried.tailSet(anchor, false)) {
            claims.add(new Claim(anchor, other, 1 + configuration.priority(other.type())));
        }
        if (event instanceof Alias alias && alias.previousId() != null && anchor.isUser()) {
            aliasClaims(anchor, alias.previousId(), header.trusted()).stream()
                    .filter(claim -> !configuration.isRefused(claim.b()))
                    .forEach(claims::add);
        }
        return new EventIdentifiers(anchor, List.copyOf(carried), List.copyOf(claims));
    }

    /** All of them, with those that only an alias names; some more than once. */
    public List<Identifier> named() {
        List<Identifier> named = new ArrayList<>(carried);
        for (Claim claim : claims) {
            named.add(claim.a());
            named.add(claim.b());
        }
        return named;
    }

    /** What is left when these, of which none is the anchor, are not to be known. */
    EventIdentifiers without(Set<Identifier> forbidden) {
        return new EventIdentifiers(
                anchor,
                carried.stream().filter(one -> !forbidden.contains(one)).toList(),
                claims.stream()
                        .filter(claim ->
                                !forbidden.contains(claim.a()) && !forbidden.contains(claim.b()))
                        .toList());
    }

    /**
     * A server may say that two user ids are one person; a browser only that a device was this
     * user's, or a public write key could take over a profile.
     */
    private static List<Claim> aliasClaims(Identifier user, String previousId, boolean trusted) {
        List<Claim> claims = new ArrayList<>();
        int strength = trusted ? TRUSTED_ALIAS : BROWSER_ALIAS;
        Normalization.identifier(Identifier.ANONYMOUS_ID, previousId)
                .ifPresent(device -> claims.add(new Claim(user, device, strength)));
        if (trusted) {
            Normalization.identifier(Identifier.USER_ID, previousId)
                    .filter(previous -> !previous.equals(user))
                    .ifPresent(previous -> claims.add(new Claim(user, previous, strength)));
        }
        return claims;
    }

    /** {@code context.externalIds}: {@code [{id, type, collection: "users"}]} as Segment has it. */
    private static List<Identifier> externalIds(
            ObjectNode context, IdentityConfiguration configuration) {
        TreeSet<Identifier> found = new TreeSet<>(configuration.order());
        for (JsonNode external : context.path("externalIds")) {
            String type = text(external.path("type"));
            String value = text(external.path("id"));
            if (type != null
                    && value != null
                    && Identifier.isType(type)
                    && "users".equals(external.path("collection").asString("users"))) {
                custom(type, value)
                        .filter(one -> !configuration.isRefused(one))
                        .ifPresent(found::add);
            }
        }
        return found.stream().limit(MAX_EXTERNAL_IDS).toList();
    }

    private static Optional<Identifier> custom(String type, String value) {
        return switch (type) {
            // The four built-in types have places of their own in an event.
            case Identifier.USER_ID, Identifier.EMAIL, Identifier.PHONE, Identifier.ANONYMOUS_ID ->
                    Optional.empty();
            default -> Normalization.identifier(type, value);
        };
    }

    private static void add(TreeSet<Identifier> carried, String type, @Nullable String raw) {
        if (raw != null) {
            Normalization.identifier(type, raw).ifPresent(carried::add);
        }
    }

    private static @Nullable String text(JsonNode value) {
        return value.isString() || value.isNumber() ? value.asString() : null;
    }
}
