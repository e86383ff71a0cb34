package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Invariant;
import io.throughline.identity.Invariant.Slice;
import java.util.ArrayList;
import java.util.List;

/** Everything the server claims of what it stores, over all workspaces of a harness. */
final class Invariants {
    private Invariants() {}

    /** Names and ids of what is violated. */
    static List<String> violations(ResolveHarness harness) {
        List<String> violations = new ArrayList<>();
        for (long workspace :
                harness.longs(
                        "select distinct workspace_id from identity_node"
                                + " union select workspace_id from profile_event"
                                + " union select workspace_id from profile")) {
            for (Invariant invariant : harness.invariants) {
                List<Long> ids =
                        harness.transactions.snapshot(connection ->
                                invariant
                                        .check()
                                        .violations(
                                                connection,
                                                new WorkspaceId((int) workspace),
                                                Slice.EVERYTHING));
                if (!ids.isEmpty()) {
                    violations.add(invariant.name() + " " + ids);
                }
            }
        }
        // Nothing relays here, so that every version is still owed.
        if (harness.longs(
                                """
                                select count(*) from (
                                    select p.id from profile p
                                    left join profile_outbox o
                                      on o.workspace_id = p.workspace_id and o.profile_id = p.id
                                    where not p.retired
                                    group by p.workspace_id, p.id, p.version
                                    having count(o.seq) <> count(distinct o.version)
                                        or max(o.version) is distinct from p.version) as wrong
                                """)
                        .getFirst()
                != 0) {
            violations.add("I10: the newest version is not owed");
        }
        return violations;
    }
}
