package io.throughline.identity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes are one profile: a pure function of nodes, links, operator decisions and
 * configuration.
 *
 * <p>Links are tried in their natural order; one is refused when it would put two persons into one
 * profile, exceed a limit, or join a cannot-link pair. Links at a shared identifier (one that too
 * many user ids are linked to) are ignored: it is nobody's.
 *
 * @param profiles node id → profile id, the smallest node id in the profile
 * @param clusters node id → cluster id, the smallest node id in the component that all links but
 *     those at shared nodes span, refused ones included
 * @param lastLinks profile id → the last of the links inside it
 */
public record Partition(
        Map<Long, Long> profiles, Map<Long, Long> clusters, Map<Long, LastLink> lastLinks) {

    /**
     * @param shared the nodes whose links are ignored
     */
    public static Partition solve(
            Collection<Node> nodes,
            Collection<Link> links,
            Set<Long> shared,
            Collection<CannotLink> cannotLinks,
            IdentityConfiguration configuration) {
        return solve(nodes, links, shared, cannotLinks, configuration, (link, refusal) -> {});
    }

    /**
     * @param refused hears of each link that did not join its ends, and why
     */
    static Partition solve(
            Collection<Node> nodes,
            Collection<Link> links,
            Set<Long> shared,
            Collection<CannotLink> cannotLinks,
            IdentityConfiguration configuration,
            BiConsumer<Link, Refusal> refused) {
        Map<Long, Group> profiles = new HashMap<>();
        Map<Long, Group> clusters = new HashMap<>();
        for (Node node : nodes) {
            profiles.put(node.id(), new Group(node));
            clusters.put(node.id(), new Group(node));
        }
        Map<Long, Set<Long>> apart = apart(cannotLinks);
        List<Link> order = new ArrayList<>(links.size());
        for (Link link : links) {
            if (shared.contains(link.a().id()) || shared.contains(link.b().id())) {
                refused.accept(link, Refusal.QUARANTINE);
            } else {
                order.add(link);
            }
        }
        order.sort(null);
        for (Link link : order) {
            join(find(clusters, link.a()), find(clusters, link.b()), clusters);
            Group a = find(profiles, link.a());
            Group b = find(profiles, link.b());
            Refusal refusal = a == b ? null : refusal(a, b, link, apart, configuration);
            if (refusal == null) {
                join(a, b, profiles).lastLink = LastLink.of(link);
            } else {
                refused.accept(link, refusal);
            }
        }
        return new Partition(ids(profiles), ids(clusters), lastLinks(profiles));
    }

    /**
     * A profile as it is stored.
     *
     * @param lastLink no link inside it comes after
     */
    record Known(List<Node> members, LastLink lastLink) {}

    /**
     * What new links made of profiles.
     *
     * @param profiles node id → profile id
     * @param lastLinks by profile id
     * @param joined node id → the last link that brought it into another profile
     */
    record Appended(
            Map<Long, Long> profiles, Map<Long, LastLink> lastLinks, Map<Long, Link> joined) {}

    /**
     * The same where a few links are new, without what else is in the cluster. A link that comes
     * after all links inside the two profiles at its ends meets both as they are. If it is refused,
     * nothing else changes. If it is not, later links that were refused at one of them are refused
     * at both together: a larger group is refused whatever a smaller one is.
     *
     * @param known the profiles at the ends of the links, which are not shared
     * @return empty where a link does not come after, so that all has to be solved
     */
    static Optional<Appended> append(
            Collection<Known> known,
            Collection<Link> links,
            Collection<CannotLink> cannotLinks,
            IdentityConfiguration configuration) {
        Map<Long, Group> groups = new HashMap<>();
        for (Known profile : known) {
            Group group = new Group(profile.members().getFirst());
            profile.members().stream().skip(1).map(Group::new).forEach(group::addAll);
            group.lastLink = profile.lastLink();
            profile.members().forEach(node -> groups.put(node.id(), group));
        }
        Map<Long, Link> joined = new HashMap<>();
        Map<Long, Set<Long>> apart = apart(cannotLinks);
        for (Link link : links.stream().sorted().toList()) {
            Group a = find(groups, link.a());
            Group b = find(groups, link.b());
            if (!a.lastLink.isBefore(link) || !b.lastLink.isBefore(link)) {
                return Optional.empty();
            }
            if (a == b || refusal(a, b, link, apart, configuration) == null) {
                Group retired = a.smallest < b.smallest ? b : a;
                if (a != b) {
                    retired.members.forEach(node -> joined.put(node.id(), link));
                }
                join(a, b, groups).lastLink = LastLink.of(link);
            }
        }
        return Optional.of(new Appended(ids(groups), lastLinks(groups), joined));
    }

    private static @Nullable Refusal refusal(
            Group a,
            Group b,
            Link link,
            Map<Long, Set<Long>> apart,
            IdentityConfiguration configuration) {
        if (a.hasUser() && b.hasUser() && !link.joinsPersons()) {
            return Refusal.TWO_PERSONS;
        }
        for (Map.Entry<String, Integer> counted : b.counts.entrySet()) {
            String type = counted.getKey();
            int others = a.counts.getOrDefault(type, 0);
            if (others > 0 && others + counted.getValue() > configuration.limit(type)) {
                return Refusal.LIMIT;
            }
        }
        if (!apart.isEmpty()) {
            Group small = a.members.size() <= b.members.size() ? a : b;
            Group large = small == a ? b : a;
            for (Node member : small.members) {
                for (Long other : apart.getOrDefault(member.id(), Set.of())) {
                    if (large.ids.contains(other)) {
                        return Refusal.CANNOT_LINK;
                    }
                }
            }
        }
        return null;
    }

    private static Map<Long, Set<Long>> apart(Collection<CannotLink> cannotLinks) {
        Map<Long, Set<Long>> apart = new HashMap<>();
        for (CannotLink pair : cannotLinks) {
            apart.computeIfAbsent(pair.a(), node -> new HashSet<>()).add(pair.b());
            apart.computeIfAbsent(pair.b(), node -> new HashSet<>()).add(pair.a());
        }
        return apart;
    }

    private static Group find(Map<Long, Group> groups, Node node) {
        return Objects.requireNonNull(groups.get(node.id()), "a link names a node that is absent");
    }

    /** Small into large: every node is re-pointed at most log₂(n) times. */
    private static Group join(Group a, Group b, Map<Long, Group> groups) {
        if (a == b) {
            return a;
        }
        Group large = a.members.size() >= b.members.size() ? a : b;
        Group small = large == a ? b : a;
        for (Node node : small.members) {
            groups.put(node.id(), large);
        }
        large.addAll(small);
        return large;
    }

    private static Map<Long, Long> ids(Map<Long, Group> groups) {
        Map<Long, Long> ids = new HashMap<>();
        groups.forEach((node, group) -> ids.put(node, group.smallest));
        return ids;
    }

    private static Map<Long, LastLink> lastLinks(Map<Long, Group> groups) {
        Map<Long, LastLink> links = new HashMap<>();
        groups.values().forEach(group -> links.put(group.smallest, group.lastLink));
        return links;
    }

    /** A set of nodes that grows. */
    private static final class Group {
        private final List<Node> members = new ArrayList<>(1);
        private final Set<Long> ids = new HashSet<>(2);
        private final Map<String, Integer> counts = new HashMap<>(2);
        private long smallest;
        private LastLink lastLink = LastLink.NONE;

        Group(Node founder) {
            members.add(founder);
            ids.add(founder.id());
            counts.put(founder.identifier().type(), 1);
            smallest = founder.id();
        }

        boolean hasUser() {
            return counts.containsKey(Identifier.USER_ID);
        }

        void addAll(Group other) {
            members.addAll(other.members);
            ids.addAll(other.ids);
            other.counts.forEach((type, count) -> counts.merge(type, count, Integer::sum));
            smallest = Math.min(smallest, other.smallest);
        }
    }
}
