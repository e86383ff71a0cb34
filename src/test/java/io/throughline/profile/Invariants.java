package io.throughline.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The invariants of the stored graph, as counts of violations. */
final class Invariants {
    private static final Map<String, String> QUERIES = new LinkedHashMap<>();

    static {
        QUERIES.put(
                "I1 an attributed event is in exactly one live profile",
                """
                select count(*) from profile_event e
                left join identity_node n on n.workspace_id = e.workspace_id and n.id = e.node_id
                left join profile p on p.workspace_id = n.workspace_id and p.id = n.profile_id
                where e.node_id <> 0 and (p.id is null or p.retired)
                """);
        QUERIES.put(
                "I5 a profile's id is its smallest node",
                """
                select count(*) from (
                    select workspace_id, profile_id from identity_node
                    group by workspace_id, profile_id having min(id) <> profile_id) as wrong
                """);
        QUERIES.put(
                "a cluster's id is its smallest node, and its row exists",
                """
                select count(*) from (
                    select n.workspace_id, n.cluster_id, min(n.id) as smallest
                    from identity_node n group by 1, 2) as g
                left join identity_cluster c
                  on c.workspace_id = g.workspace_id and c.id = g.cluster_id
                where g.smallest <> g.cluster_id or c.id is null
                """);
        QUERIES.put(
                "a cluster's row counts its nodes",
                """
                select count(*) from identity_cluster c
                left join (
                    select workspace_id, cluster_id,
                           count(*) filter (where type = 'user_id') as users,
                           count(*) filter (where type = 'anonymous_id') as anonymous,
                           count(*) as total, count(distinct profile_id) as profiles
                    from identity_node group by 1, 2) as n
                  on n.workspace_id = c.workspace_id and n.cluster_id = c.id
                where n.users is distinct from c.users or n.anonymous is distinct from c.anonymous
                   or n.total is distinct from c.users + c.anonymous + c.others
                   or (c.plain and n.profiles <> 1)
                """);
        QUERIES.put(
                "I7 replaying the ledger gives today's assignment",
                """
                select count(*) from identity_node n
                left join lateral (
                    select l.to_profile from identity_ledger l
                    where l.workspace_id = n.workspace_id and l.node_id = n.id
                    order by l.seq desc limit 1) as last on true
                where coalesce(last.to_profile, n.id) <> n.profile_id
                """);
        QUERIES.put(
                "I7 a node's chain has no gap",
                """
                select count(*) from (
                    select node_id, from_profile,
                           lag(to_profile, 1, node_id)
                               over (partition by workspace_id, node_id order by seq) as before
                    from identity_ledger) as chain
                where from_profile <> before
                """);
        QUERIES.put(
                "I9 all links but those at shared nodes lie inside one cluster",
                """
                select count(*) from identity_link l
                join identity_node a on a.workspace_id = l.workspace_id and a.id = l.a
                join identity_node b on b.workspace_id = l.workspace_id and b.id = l.b
                where not a.shared and not b.shared and a.cluster_id <> b.cluster_id
                """);
        QUERIES.put(
                "a node's count of users is that of its links",
                """
                select count(*) from identity_node n
                where n.type <> 'user_id' and n.users <> (
                    select count(*) from identity_link l
                    join identity_node a on a.workspace_id = l.workspace_id and a.id = l.a
                    where l.workspace_id = n.workspace_id and l.b = n.id and a.type = 'user_id')
                """);
        QUERIES.put(
                "I10 the outbox holds each profile version exactly once",
                """
                select count(*) from (
                    select p.id from profile p
                    left join profile_outbox o
                      on o.workspace_id = p.workspace_id and o.profile_id = p.id
                    where not p.retired
                    group by p.workspace_id, p.id, p.version
                    having count(o.seq) <> count(distinct o.version)
                        or max(o.version) is distinct from p.version) as wrong
                """);
        QUERIES.put(
                "no node is left without an event, a link and a decision",
                """
                select count(*) from identity_node n
                where not exists (
                        select 1 from profile_event e
                        where e.workspace_id = n.workspace_id and e.node_id = n.id)
                  and not exists (
                        select 1 from identity_link l
                        where l.workspace_id = n.workspace_id and n.id in (l.a, l.b))
                  and not exists (
                        select 1 from identity_cannot_link c
                        where c.workspace_id = n.workspace_id and n.id in (c.a, c.b))
                """);
        QUERIES.put(
                "no pair that is kept apart is one profile",
                """
                select count(*) from identity_cannot_link c
                join identity_node a on a.workspace_id = c.workspace_id and a.id = c.a
                join identity_node b on b.workspace_id = c.workspace_id and b.id = c.b
                where a.profile_id = b.profile_id
                """);
        QUERIES.put(
                "I6 a retired profile's founding node is in a live one",
                """
                select count(*) from profile r
                left join identity_node n on n.workspace_id = r.workspace_id and n.id = r.id
                left join profile p on p.workspace_id = n.workspace_id and p.id = n.profile_id
                where r.retired and (p.id is null or p.retired)
                  and exists (
                        select from identity_node c
                        where c.workspace_id = n.workspace_id and c.profile_id = n.profile_id
                          and c.first_seen is not null)
                """);
        QUERIES.put(
                "nothing is left of a node that is gone",
                """
                select (select count(*) from profile_node_state s
                        left join identity_node n
                          on n.workspace_id = s.workspace_id and n.id = s.node_id
                        where n.id is null)
                     + (select count(*) from identity_link l
                        left join identity_node a on a.workspace_id = l.workspace_id and a.id = l.a
                        left join identity_node b on b.workspace_id = l.workspace_id and b.id = l.b
                        where a.id is null or b.id is null)
                     + (select count(*) from identity_ledger l
                        left join identity_node n
                          on n.workspace_id = l.workspace_id and n.id = l.node_id
                        where n.id is null)
                     + (select count(*) from identity_cluster c
                        left join identity_node n
                          on n.workspace_id = c.workspace_id and n.cluster_id = c.id
                        where n.id is null)
                """);
        QUERIES.put(
                "a node was first seen in its own events or in those that carried it",
                """
                select count(*) from identity_node n
                where n.first_seen is distinct from least(
                        n.anchored_at,
                        (select min(l.carried_at) from identity_link l
                         where l.workspace_id = n.workspace_id and l.b = n.id))
                   or n.anchored_at is distinct from (
                        select round(extract(epoch from min(e.occurred_at)) * 1000)::bigint
                        from profile_event e
                        where e.workspace_id = n.workspace_id and e.node_id = n.id)
                """);
        QUERIES.put(
                "a profile is live when an event carried one of its identifiers",
                """
                select count(*) from (
                    select workspace_id, profile_id from identity_node
                    where first_seen is not null group by 1, 2) as n
                full join (select * from profile where not retired) as p
                  on p.workspace_id = n.workspace_id and p.id = n.profile_id
                where n.profile_id is null or p.id is null
                """);
        QUERIES.put(
                "I12 every message key has one event",
                """
                select abs((select count(*) from profile_message)
                           - (select count(*) from profile_event))
                """);
    }

    private Invariants() {}

    static List<String> violations(ResolveHarness harness) {
        List<String> violations = new ArrayList<>();
        QUERIES.forEach((name, sql) -> {
            long count = harness.longs(sql).getFirst();
            if (count != 0) {
                violations.add(name + ": " + count);
            }
        });
        long erased = harness.storedThoughErased();
        if (erased != 0) {
            violations.add("I11 no event with a tombstoned anchor and timestamp <= T: " + erased);
        }
        return violations;
    }
}
