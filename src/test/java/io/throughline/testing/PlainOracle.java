package io.throughline.testing;

import io.throughline.event.TrackingEvent;
import io.throughline.identity.EventIdentifiers;
import io.throughline.identity.EventIdentifiers.Claim;
import io.throughline.identity.Identifier;
import io.throughline.identity.IdentityConfiguration;
import io.throughline.identity.IdentityShape;
import io.throughline.identity.IdentityShape.TypeShape;
import io.throughline.testing.Step.Arrives;
import io.throughline.testing.Step.Configures;
import io.throughline.testing.Step.Erases;
import io.throughline.testing.Step.Relinks;
import io.throughline.testing.Step.Unlinks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What profiles a story must end in: the specification as slow, plain loops over sets, with nothing
 * of the server but the way from an event to its identifiers. One workspace.
 */
public final class PlainOracle {
    private final Map<String, Told> events = new LinkedHashMap<>();
    private final List<Erased> erased = new ArrayList<>();
    private final Set<Set<Identifier>> unlinked = new HashSet<>();
    private final TreeMap<Integer, IdentityConfiguration> configurations =
            new TreeMap<>(Map.of(0, IdentityConfiguration.DEFAULT));

    /**
     * A profile as comparable between any two ways to the same state: no ids, no versions.
     *
     * @param ids {@code type:value}, sorted
     * @param counts {@code page}, {@code track:View} …
     * @param revenue plain decimals by currency, trailing zeros removed
     * @param consent by purpose: {@code granted} or {@code denied}, when and by whom it was said
     */
    public record Expected(
            List<String> ids,
            Map<String, Long> counts,
            Map<String, String> traits,
            long sessions,
            long orders,
            Map<String, String> revenue,
            Map<String, String> consent) {}

    private record Pair(Identifier a, Identifier b) {}

    private record Proof(Pair pair, int strength, long time, String messageId) {}

    /**
     * An identifier was erased.
     *
     * @param erasedAt epoch milliseconds
     */
    public record Erased(Identifier identifier, long erasedAt, boolean suppress) {}

    /** An event and what may be known of its identifiers. */
    private record Told(TrackingEvent event, EventIdentifiers identifiers) {}

    /** The profiles, in the order of their first identifier. */
    public static List<Expected> profiles(Collection<TrackingEvent> all) {
        return profiles(all, List.of());
    }

    /** The same, where some identifiers had been erased before the first event. */
    public static List<Expected> profiles(
            Collection<TrackingEvent> all, Collection<Erased> erased) {
        PlainOracle oracle = new PlainOracle();
        oracle.erased.addAll(erased);
        all.forEach(event -> oracle.happens(new Arrives(event)));
        return oracle.profiles();
    }

    public void happens(Step step) {
        switch (step) {
            case Arrives(TrackingEvent event) -> {
                EventIdentifiers all = EventIdentifiers.of(event, configuration(event));
                if (isStored(event, all, erased)) {
                    events.putIfAbsent(event.header().messageId(), told(event, all, erased));
                }
            }
            case Configures(int version, IdentityShape shape) ->
                    configurations.put(version, IdentityConfiguration.of(version, shape));
            case Unlinks unlinks -> unlinked.add(unlinks.pair());
            case Relinks relinks -> unlinked.remove(relinks.pair());
            case Erases(Identifier identifier, long at, boolean suppress) ->
                    erase(groupOf(identifier), at, suppress);
        }
    }

    private Set<Identifier> groupOf(Identifier identifier) {
        Map<Pair, Proof> links = links(events.values());
        return groups(links, shared(links.keySet())).stream()
                .filter(group -> group.contains(identifier))
                .findFirst()
                .orElse(new HashSet<>(Set.of(identifier)));
    }

    /** Everything known of them until now goes, whenever it happened. */
    private void erase(Set<Identifier> gone, long at, boolean suppress) {
        long until =
                events.values().stream()
                        .filter(told -> gone.contains(told.identifiers().anchor()))
                        .mapToLong(told -> time(told.event()))
                        .reduce(at, Math::max);
        gone.forEach(identifier -> erased.add(new Erased(identifier, until, suppress)));
        events.values().removeIf(told -> gone.contains(told.identifiers().anchor()));
        events.replaceAll((id, told) -> new Told(told.event(), without(told.identifiers(), gone)));
        unlinked.removeIf(pair -> pair.stream().anyMatch(gone::contains));
    }

    private static EventIdentifiers without(EventIdentifiers all, Set<Identifier> gone) {
        List<Identifier> carried = new ArrayList<>(all.carried());
        carried.removeAll(gone);
        List<Claim> claims = new ArrayList<>(all.claims());
        claims.removeIf(claim -> gone.contains(claim.a()) || gone.contains(claim.b()));
        return new EventIdentifiers(all.anchor(), carried, claims);
    }

    public List<Expected> profiles() {
        Map<Pair, Proof> links = links(events.values());
        Set<Identifier> carried = new HashSet<>();
        events.values().forEach(told -> carried.addAll(told.identifiers().carried()));
        List<Expected> profiles = new ArrayList<>();
        for (Set<Identifier> group : groups(links, shared(links.keySet()))) {
            List<TrackingEvent> own =
                    events.values().stream()
                            .filter(told -> group.contains(told.identifiers().anchor()))
                            .map(Told::event)
                            .filter(event -> !isBot(event))
                            .toList();
            TreeSet<String> ids = new TreeSet<>();
            group.stream().filter(carried::contains).forEach(id -> ids.add(id.toString()));
            if (!ids.isEmpty()) {
                profiles.add(PlainFacets.describe(List.copyOf(ids), own));
            }
        }
        profiles.sort(Comparator.comparing(profile -> profile.ids().getFirst()));
        return profiles;
    }

    /** As far as the stories here know bots: what one says links identifiers and counts nothing. */
    public static boolean isBot(TrackingEvent event) {
        return !event.header().trusted()
                && event.header().context().path("userAgent").asString("").contains("Googlebot");
    }

    /** Whether an event may be: unless its anchor is erased. */
    public static boolean isStored(TrackingEvent event, Collection<Erased> erased) {
        return isStored(event, EventIdentifiers.of(event, IdentityConfiguration.DEFAULT), erased);
    }

    private static boolean isStored(
            TrackingEvent event, EventIdentifiers identifiers, Collection<Erased> erased) {
        Identifier anchor = identifiers.anchor();
        return anchor == null || !isErased(anchor, event, erased);
    }

    private static boolean isErased(
            Identifier identifier, TrackingEvent event, Collection<Erased> erased) {
        long time = time(event);
        return erased.stream()
                .filter(one -> one.identifier().equals(identifier))
                .anyMatch(one -> one.suppress() || one.erasedAt() >= time);
    }

    private static long time(TrackingEvent event) {
        return event.header().timestamp().toEpochMilli();
    }

    /** The one it was stamped with. */
    private IdentityConfiguration configuration(TrackingEvent event) {
        return configurations.floorEntry(event.header().identityVersion()).getValue();
    }

    private static Told told(TrackingEvent event, EventIdentifiers all, Collection<Erased> erased) {
        List<Identifier> carried = new ArrayList<>(all.carried());
        carried.removeIf(identifier -> isErased(identifier, event, erased));
        List<Claim> claims = new ArrayList<>(all.claims());
        claims.removeIf(
                claim -> isErased(claim.a(), event, erased) || isErased(claim.b(), event, erased));
        return new Told(event, new EventIdentifiers(all.anchor(), carried, claims));
    }

    private static Map<Pair, Proof> links(Collection<Told> events) {
        Map<Pair, Proof> links = new HashMap<>();
        for (Told told : events) {
            TrackingEvent event = told.event();
            for (Claim claim : told.identifiers().claims()) {
                boolean inOrder = claim.a().compareTo(claim.b()) < 0;
                Pair pair =
                        inOrder ? new Pair(claim.a(), claim.b()) : new Pair(claim.b(), claim.a());
                Proof proof =
                        new Proof(pair, claim.strength(), time(event), event.header().messageId());
                Proof known = links.get(pair);
                if (known == null || order().compare(proof, known) < 0) {
                    links.put(pair, proof);
                }
            }
        }
        return links;
    }

    private static Comparator<Proof> order() {
        return Comparator.comparingInt(Proof::strength)
                .thenComparingLong(Proof::time)
                .thenComparing(Proof::messageId)
                .thenComparing(proof -> proof.pair().a())
                .thenComparing(proof -> proof.pair().b());
    }

    private Set<Identifier> shared(Set<Pair> pairs) {
        Map<Identifier, Integer> users = new HashMap<>();
        for (Pair pair : pairs) {
            if (pair.a().type().equals("user_id") && !pair.b().type().equals("user_id")) {
                users.merge(pair.b(), 1, Integer::sum);
            }
        }
        Set<Identifier> shared = new HashSet<>();
        users.forEach((id, count) -> {
            Integer said = said(id.type(), TypeShape::sharedOver);
            if (count > (said != null ? said : id.type().equals("anonymous_id") ? 10 : 5)) {
                shared.add(id);
            }
        });
        for (Pair pair : pairs) {
            for (Identifier end : List.of(pair.a(), pair.b())) {
                if (newest().isRefused(end)) {
                    shared.add(end);
                }
            }
        }
        return shared;
    }

    private IdentityConfiguration newest() {
        return configurations.lastEntry().getValue();
    }

    private @Nullable Integer said(String type, Function<TypeShape, @Nullable Integer> number) {
        return Objects.requireNonNull(newest().shape().types()).stream()
                .filter(shape -> shape.type().equals(type))
                .findFirst()
                .map(number)
                .orElse(null);
    }

    private List<Set<Identifier>> groups(Map<Pair, Proof> links, Set<Identifier> shared) {
        List<Set<Identifier>> groups = new ArrayList<>();
        Set<Identifier> known = new HashSet<>();
        events.values().forEach(told -> known.addAll(told.identifiers().carried()));
        links.keySet().forEach(pair -> known.addAll(List.of(pair.a(), pair.b())));
        known.forEach(id -> groups.add(new HashSet<>(Set.of(id))));
        for (Proof proof : links.values().stream().sorted(order()).toList()) {
            Pair pair = proof.pair();
            if (shared.contains(pair.a()) || shared.contains(pair.b())) {
                continue;
            }
            Set<Identifier> one = groupOf(groups, pair.a());
            Set<Identifier> other = groupOf(groups, pair.b());
            if (one != other && allowed(one, other, proof) && !separated(one, other)) {
                groups.remove(other);
                one.addAll(other);
            }
        }
        return groups;
    }

    private boolean separated(Set<Identifier> one, Set<Identifier> other) {
        return unlinked.stream()
                .anyMatch(pair ->
                        pair.stream().anyMatch(one::contains)
                                && pair.stream().anyMatch(other::contains));
    }

    private boolean allowed(Set<Identifier> one, Set<Identifier> other, Proof proof) {
        boolean samePerson =
                proof.strength() == 0
                        && proof.pair().a().type().equals("user_id")
                        && proof.pair().b().type().equals("user_id");
        if (count(one, "user_id") > 0 && count(other, "user_id") > 0 && !samePerson) {
            return false;
        }
        Set<String> types = new HashSet<>();
        one.forEach(id -> types.add(id.type()));
        other.forEach(id -> types.add(id.type()));
        types.remove("user_id");
        return types.stream()
                .allMatch(type ->
                        count(one, type) == 0
                                || count(other, type) == 0
                                || count(one, type) + count(other, type) <= limit(type));
    }

    private int limit(String type) {
        Integer said = said(type, TypeShape::limit);
        return said != null ? said : type.equals("anonymous_id") ? 1000 : 5;
    }

    private static long count(Set<Identifier> group, String type) {
        return group.stream().filter(id -> id.type().equals(type)).count();
    }

    private static Set<Identifier> groupOf(List<Set<Identifier>> groups, Identifier id) {
        for (Set<Identifier> group : groups) {
            if (group.contains(id)) {
                return group;
            }
        }
        throw new IllegalStateException("unknown " + id);
    }

    /** Events whose identifiers were all unusable. */
    public static long unattributed(Collection<TrackingEvent> all) {
        return all.stream()
                .filter(event ->
                        EventIdentifiers.of(event, IdentityConfiguration.DEFAULT).anchor() == null)
                .count();
    }
}
