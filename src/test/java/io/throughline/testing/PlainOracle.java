package io.throughline.testing;

import io.throughline.event.TrackingEvent;
import io.throughline.event.TrackingEvent.Identify;
import io.throughline.event.TrackingEvent.Track;
import io.throughline.identity.EventIdentifiers;
import io.throughline.identity.EventIdentifiers.Claim;
import io.throughline.identity.Identifier;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What profiles a set of events must end in: the specification as slow, plain loops over sets, with
 * nothing of the server but the way from an event to its identifiers. One workspace.
 */
public final class PlainOracle {
    private PlainOracle() {}

    /**
     * A profile as comparable between any two ways to the same state: no ids, no versions.
     *
     * @param ids {@code type:value}, sorted
     * @param counts {@code page}, {@code track:View} …
     * @param revenue plain decimals by currency, trailing zeros removed
     */
    public record Expected(
            List<String> ids,
            Map<String, Long> counts,
            Map<String, String> traits,
            long sessions,
            long orders,
            Map<String, String> revenue) {}

    private record Pair(Identifier a, Identifier b) {}

    private record Proof(Pair pair, int strength, long time, String messageId) {}

    /**
     * An identifier was erased before the first event arrived.
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

    /** The same, where some identifiers had been erased before. */
    public static List<Expected> profiles(
            Collection<TrackingEvent> all, Collection<Erased> erased) {
        Map<String, Told> events = new LinkedHashMap<>();
        for (TrackingEvent event : all) {
            if (isStored(event, erased)) {
                events.putIfAbsent(event.header().messageId(), told(event, erased));
            }
        }
        Map<Pair, Proof> links = links(events.values());
        Set<Identifier> shared = shared(links.keySet());
        List<Set<Identifier>> groups = groups(events.values(), links, shared);
        Set<Identifier> carried = new HashSet<>();
        events.values().forEach(told -> carried.addAll(told.identifiers().carried()));
        List<Expected> profiles = new ArrayList<>();
        for (Set<Identifier> group : groups) {
            List<TrackingEvent> own =
                    events.values().stream()
                            .filter(told -> group.contains(told.identifiers().anchor()))
                            .map(Told::event)
                            .filter(event -> !isBot(event))
                            .toList();
            TreeSet<String> ids = new TreeSet<>();
            group.stream().filter(carried::contains).forEach(id -> ids.add(id.toString()));
            if (!ids.isEmpty()) {
                profiles.add(describe(List.copyOf(ids), own));
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
        Identifier anchor = EventIdentifiers.of(event).anchor();
        return anchor == null || !isErased(anchor, event, erased);
    }

    private static boolean isErased(
            Identifier identifier, TrackingEvent event, Collection<Erased> erased) {
        long time = event.header().timestamp().toEpochMilli();
        return erased.stream()
                .filter(one -> one.identifier().equals(identifier))
                .anyMatch(one -> one.suppress() || one.erasedAt() >= time);
    }

    private static Told told(TrackingEvent event, Collection<Erased> erased) {
        EventIdentifiers all = EventIdentifiers.of(event);
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
                        new Proof(
                                pair,
                                claim.strength(),
                                event.header().timestamp().toEpochMilli(),
                                event.header().messageId());
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

    private static Set<Identifier> shared(Set<Pair> pairs) {
        Map<Identifier, Integer> users = new HashMap<>();
        for (Pair pair : pairs) {
            if (pair.a().type().equals("user_id") && !pair.b().type().equals("user_id")) {
                users.merge(pair.b(), 1, Integer::sum);
            }
        }
        Set<Identifier> shared = new HashSet<>();
        users.forEach((id, count) -> {
            if (count > (id.type().equals("anonymous_id") ? 10 : 5)) {
                shared.add(id);
            }
        });
        return shared;
    }

    private static List<Set<Identifier>> groups(
            Collection<Told> events, Map<Pair, Proof> links, Set<Identifier> shared) {
        List<Set<Identifier>> groups = new ArrayList<>();
        Set<Identifier> known = new HashSet<>();
        events.forEach(told -> known.addAll(told.identifiers().carried()));
        links.keySet().forEach(pair -> known.addAll(List.of(pair.a(), pair.b())));
        known.forEach(id -> groups.add(new HashSet<>(Set.of(id))));
        for (Proof proof : links.values().stream().sorted(order()).toList()) {
            Pair pair = proof.pair();
            if (shared.contains(pair.a()) || shared.contains(pair.b())) {
                continue;
            }
            Set<Identifier> one = groupOf(groups, pair.a());
            Set<Identifier> other = groupOf(groups, pair.b());
            if (one != other && allowed(one, other, proof)) {
                groups.remove(other);
                one.addAll(other);
            }
        }
        return groups;
    }

    private static boolean allowed(Set<Identifier> one, Set<Identifier> other, Proof proof) {
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
                                || count(one, type) + count(other, type)
                                        <= (type.equals("anonymous_id") ? 1000 : 5));
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

    private static Expected describe(List<String> ids, List<TrackingEvent> events) {
        Map<String, Long> counts = new TreeMap<>();
        for (TrackingEvent event : events) {
            String name =
                    event instanceof Track track
                            ? "track:" + track.event()
                            : event.type().wireName();
            counts.merge(name, 1L, Long::sum);
        }
        Map<String, BigDecimal> revenue = new TreeMap<>();
        long orders = orders(events, revenue);
        Map<String, String> shown = new TreeMap<>();
        revenue.forEach((currency, sum) ->
                shown.put(
                        currency,
                        sum.signum() == 0 ? "0" : sum.stripTrailingZeros().toPlainString()));
        return new Expected(ids, counts, traits(events), sessions(events), orders, shown);
    }

    private static Comparator<TrackingEvent> age() {
        return Comparator.comparing((TrackingEvent event) -> event.header().timestamp())
                .thenComparing(event -> event.header().messageId());
    }

    private static Map<String, String> traits(List<TrackingEvent> events) {
        Map<String, String> traits = new TreeMap<>();
        events.stream()
                .sorted(age())
                .forEach(event -> {
                    if (event instanceof Identify identify) {
                        for (Map.Entry<String, JsonNode> trait : identify.traits().properties()) {
                            if (trait.getValue().isNull()) {
                                traits.remove(trait.getKey());
                            } else {
                                traits.put(trait.getKey(), trait.getValue().toString());
                            }
                        }
                    }
                });
        return traits;
    }

    private static long sessions(List<TrackingEvent> events) {
        long sessions = 0;
        long last = Long.MIN_VALUE / 2;
        boolean visited = false;
        for (TrackingEvent event : events.stream().sorted(age()).toList()) {
            long time = event.header().timestamp().toEpochMilli();
            if (time - last > 30 * 60 * 1000) {
                visited = false;
            }
            if (!event.header().trusted() && !visited) {
                visited = true;
                sessions++;
            }
            last = time;
        }
        return sessions;
    }

    private static long orders(List<TrackingEvent> events, Map<String, BigDecimal> revenue) {
        Map<String, List<Track>> byOrder = new TreeMap<>();
        for (TrackingEvent event : events.stream().sorted(age()).toList()) {
            if (event instanceof Track track && track.properties().has("orderId")) {
                byOrder.computeIfAbsent(
                                track.properties().get("orderId").asString(),
                                id -> new ArrayList<>())
                        .add(track);
            }
        }
        long orders = 0;
        for (List<Track> history : byOrder.values()) {
            List<String> names = history.stream().map(Track::event).toList();
            int completed = names.indexOf("Order Completed");
            if (completed < 0 || names.contains("Order Cancelled")) {
                continue;
            }
            orders++;
            Track standing = history.get(completed);
            for (Track later : history.subList(completed, history.size())) {
                if (later.event().equals("Order Updated") && later.properties().has("total")) {
                    standing = later;
                }
            }
            BigDecimal net = total(standing);
            for (Track event : history) {
                if (event.event().equals("Order Refunded")) {
                    boolean partly = event.properties().has("total");
                    if (!partly || !standing.properties().has("total")) {
                        net = BigDecimal.ZERO;
                        break;
                    }
                    net = net.subtract(total(event));
                }
            }
            revenue.merge(
                    standing.properties().path("currency").asString("USD"), net, BigDecimal::add);
        }
        return orders;
    }

    private static BigDecimal total(Track track) {
        return new BigDecimal(track.properties().path("total").asString("0"));
    }

    /** Events whose identifiers were all unusable. */
    public static long unattributed(Collection<TrackingEvent> all) {
        return all.stream().filter(event -> EventIdentifiers.of(event).anchor() == null).count();
    }
}
