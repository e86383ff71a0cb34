package io.throughline.identity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 */
public record Partition(Map<Long, Long> profiles, Map<Long, Long> clusters) {

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
            if (a != b) {
                Refusal refusal = refusal(a, b, link, apart, configuration);
                if (refusal == null) {
                    join(a, b, profiles);
                } else {
                    refused.accept(link, refusal);
                }
            }
        }
        return new Partition(ids(profiles), ids(clusters));
    }

    /**
     * The same where only links are new that come after all others, so that what was decided before
     * stays decided.
     *
     * @param profiles all nodes of the profiles that the links touch, by profile id
     * @param links at nodes that are not shared
     * @param joined hears of each node that got into another profile, and by which link; for a node
     *     that moves more than once, the last call counts
     * @return node id → profile id
     */
    static Map<Long, Long> append(
            Map<Long, List<Node>> profiles,
            Collection<Link> links,
            Collection<CannotLink> cannotLinks,
            IdentityConfiguration configuration,
            BiConsumer<Node, Link> joined) {
        Map<Long, Group> groups = new HashMap<>();
        for (List<Node> members : profiles.values()) {
            Group group = new Group(members.getFirst());
            members.stream().skip(1).map(Group::new).forEach(group::addAll);
            members.forEach(node -> groups.put(node.id(), group));
        }
        Map<Long, Set<Long>> apart = apart(cannotLinks);
        for (Link link : links.stream().sorted().toList()) {
            Group a = find(groups, link.a());
            Group b = find(groups, link.b());
            if (a != b && refusal(a, b, link, apart, configuration) == null) {
                Group retired = a.smallest < b.smallest ? b : a;
                retired.members.forEach(node -> joined.accept(node, link));
                join(a, b, groups);
            }
        }
        return ids(groups);
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
    private static void join(Group a, Group b, Map<Long, Group> groups) {
        if (a == b) {
            return;
        }
        Group large = a.members.size() >= b.members.size() ? a : b;
        Group small = large == a ? b : a;
        for (Node node : small.members) {
            groups.put(node.id(), large);
        }
        large.addAll(small);
    }

    private static Map<Long, Long> ids(Map<Long, Group> groups) {
        Map<Long, Long> ids = new HashMap<>();
        groups.forEach((node, group) -> ids.put(node, group.smallest));
        return ids;
    }

    /** A set of nodes that grows. */
    private static final class Group {
        private final List<Node> members = new ArrayList<>(1);
        private final Set<Long> ids = new HashSet<>(2);
        private final Map<String, Integer> counts = new HashMap<>(2);
        private long smallest;

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
