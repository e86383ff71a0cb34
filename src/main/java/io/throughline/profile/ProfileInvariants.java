package io.throughline.profile;

import io.throughline.identity.IdentityErasure;
import io.throughline.identity.Invariant;
import io.throughline.identity.Invariant.Claims;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * What profiles claim of themselves: of the history, the facets, the versions and the outbox. Here
 * and nowhere else the tables of the graph are read beside those of profiles: the claims are about
 * the two together.
 */
@Component
public class ProfileInvariants implements Claims {
    private final FacetChecks facets;
    private final ErasedChecks erased;

    public ProfileInvariants(Facets facets, IdentityErasure identity) {
        this.facets = new FacetChecks(facets);
        this.erased = new ErasedChecks(identity);
    }

    @Override
    public List<Invariant> all() {
        return List.of(
                Invariant.of(
                        "I1",
                        "An event with an identifier is in exactly one live profile. (While an"
                                + " erasure runs, what it has not removed yet is in none.)",
                        """
                        select distinct e.node_id from s
                        join profile_event e
                          on e.workspace_id = s.workspace_id and e.node_id > s.after
                         and e.node_id <= s.upto and e.node_id <> 0
                        left join identity_node n
                          on n.workspace_id = e.workspace_id and n.id = e.node_id
                        left join profile p
                          on p.workspace_id = n.workspace_id and p.id = n.profile_id
                        where p.id is null or p.retired
                        """),
                new Invariant(
                        "I3", "What a node knows is what its events say.", facets::nodesThatDiffer),
                new Invariant(
                        "I4",
                        "What a profile knows is what its nodes know.",
                        facets::profilesThatDiffer),
                Invariant.of(
                        "I6",
                        "A retired profile leads to the live one that holds its founding node.",
                        """
                        select r.id from s
                        join profile r
                          on r.workspace_id = s.workspace_id and r.id > s.after and r.id <= s.upto
                         and r.retired
                        join identity_node n on n.workspace_id = r.workspace_id and n.id = r.id
                        left join profile p
                          on p.workspace_id = n.workspace_id and p.id = n.profile_id
                        where (p.id is null or p.retired)
                          and exists (
                                select from identity_node c
                                where c.workspace_id = n.workspace_id
                                  and c.profile_id = n.profile_id and c.first_seen is not null)
                        """),
                Invariant.of(
                        "live",
                        "A profile is live while an event carried one of its identifiers.",
                        """
                        select coalesce(n.profile_id, p.id) from (
                            select n.profile_id from s
                            join identity_node n
                              on n.workspace_id = s.workspace_id and n.profile_id > s.after
                             and n.profile_id <= s.upto and n.first_seen is not null
                            group by n.profile_id) as n
                        full join (
                            select p.id from s
                            join profile p
                              on p.workspace_id = s.workspace_id and p.id > s.after
                             and p.id <= s.upto and not p.retired) as p
                          on p.id = n.profile_id
                        where n.profile_id is null or p.id is null
                        """),
                Invariant.of(
                        "I10",
                        "The outbox owes each version of a profile once, and none to come.",
                        """
                        select o.profile_id from s
                        join profile_outbox o
                          on o.workspace_id = s.workspace_id and o.profile_id > s.after
                         and o.profile_id <= s.upto
                        left join profile p
                          on p.workspace_id = o.workspace_id and p.id = o.profile_id
                        group by o.profile_id, p.version
                        having count(*) <> count(distinct o.version)
                            or max(o.version) > p.version or p.version is null
                        """),
                new Invariant(
                        "I11",
                        "No event is kept whose own identifier was erased after it happened.",
                        erased::keptThoughErased),
                Invariant.of(
                        "I12",
                        "Every event of the history has its message key, and every key its event.",
                        """
                        select 0 from s
                        where s.after < 0
                          and (select count(*) from profile_message m
                               where m.workspace_id = s.workspace_id)
                            <> (select count(*) from profile_event e
                                where e.workspace_id = s.workspace_id)
                        """),
                Invariant.of(
                        "seen",
                        "A node was first seen in its own events or in those that carried it, and"
                                + " something names it.",
                        """
                        select n.id from s
                        join identity_node n
                          on n.workspace_id = s.workspace_id and n.id > s.after and n.id <= s.upto
                        where n.first_seen is distinct from least(
                                n.anchored_at,
                                (select min(l.carried_at) from identity_link l
                                 where l.workspace_id = n.workspace_id and l.a = n.id),
                                (select min(l.carried_at) from identity_link l
                                 where l.workspace_id = n.workspace_id and l.b = n.id))
                           or n.anchored_at is distinct from (
                                select round(extract(epoch from min(e.occurred_at)) * 1000)::bigint
                                from profile_event e
                                where e.workspace_id = n.workspace_id and e.node_id = n.id)
                           or n.first_seen is null
                              and not exists (
                                    select from identity_link l
                                    where l.workspace_id = n.workspace_id and l.a = n.id)
                              and not exists (
                                    select from identity_link l
                                    where l.workspace_id = n.workspace_id and l.b = n.id)
                              and not exists (
                                    select from identity_cannot_link c
                                    where c.workspace_id = n.workspace_id and n.id in (c.a, c.b))
                        """),
                Invariant.of(
                        "gone",
                        "Nothing is left of a node that is gone. (While an erasure runs, what it"
                                + " has not removed yet is.)",
                        """
                        select distinct st.node_id from s
                        join profile_node_state st
                          on st.workspace_id = s.workspace_id and st.node_id > s.after
                         and st.node_id <= s.upto
                        left join identity_node n
                          on n.workspace_id = st.workspace_id and n.id = st.node_id
                        where n.id is null
                        union
                        select l.node_id from s
                        join identity_ledger l
                          on l.workspace_id = s.workspace_id and l.node_id > s.after
                         and l.node_id <= s.upto
                        left join identity_node n
                          on n.workspace_id = l.workspace_id and n.id = l.node_id
                        where n.id is null
                        """));
    }
}
