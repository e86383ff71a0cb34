package io.throughline.profile;

import static io.throughline.testing.Events.WORKSPACE;
import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.aTrack;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.identity.Identifier;
import io.throughline.testing.Events;
import io.throughline.testing.Step;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each invariant notices what it is about. */
@TestInstance(Lifecycle.PER_CLASS)
class InvariantsIT {
    private ResolveHarness harness;

    @BeforeAll
    void start() {
        harness = new ResolveHarness();
    }

    @AfterAll
    void stop() {
        harness.close();
    }

    /** Anna on two devices, merged before our eyes; Ben; two who are kept apart. */
    @BeforeEach
    void aStory() {
        harness.clear();
        resolve(aPage().on("a1").at(10));
        resolve(aPage().by("anna").at(20), aTrack("View").by("anna").at(21));
        resolve(anIdentify().by("anna").on("a1").with("{\"email\":\"a@x.com\"}").at(30));
        resolve(aPage().by("anna").on("a2").at(40), aPage().by("ben").on("b1").at(50));
        harness.decides(
                WORKSPACE,
                new Step.Unlinks(
                        new Identifier(Identifier.USER_ID, "ben"),
                        new Identifier(Identifier.USER_ID, "anna")));
        assertThat(Invariants.violations(harness)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "I1  | update profile_event set node_id = 999999 where message_id ="
                        + " (select message_id from profile_event limit 1)",
                "I3  | update profile_node_state set state = '{}' where facet = ''",
                "I4  | update profile set registers = '{}' where not retired",
                "I5  | update identity_node set profile_id = (select id from identity_node"
                        + " where value = 'a2') where value in ('anna', 'a2')",
                "I6  | update profile set retired = true, registers = null where not retired",
                "I7  | delete from identity_ledger",
                "I8  | update identity_node set profile_id = 1, cluster_id = 1"
                        + " where type = 'user_id'",
                "I9  | update identity_node set cluster_id = id where value = 'a2'",
                "I10 | update profile_outbox set version = version + 100",
                "I12 | delete from profile_message",
                "partition | update identity_node set profile_id = id where value = 'a2'",
                "cluster | update identity_cluster set users = users + 1",
                "last link | with c as (update identity_cluster set last_strength = -1)"
                        + " update identity_node set last_strength = -1",
                "users | update identity_node set users = 7 where type = 'anonymous_id'",
                "shared | update identity_node set shared = true where value = 'a2'",
                "unlink | insert into identity_cannot_link select a.workspace_id, a.id, b.id, '',"
                        + " now() from identity_node a, identity_node b where a.value = 'a1'"
                        + " and b.value = 'anna'",
                "live | update profile set retired = true where not retired",
                "seen | update identity_node set first_seen = 1 where value = 'ben'",
                "gone | insert into profile_node_state values (1, 999999, 'x', 'y', '{}')",
            })
    void noticesWhatItIsAbout(String name, String corruption) {
        harness.execute(corruption);
        assertThat(Invariants.violations(harness))
                .anyMatch(violation -> violation.startsWith(name + " "));
    }

    @Test
    void noticesAnEventThatAnErasureForbids() {
        harness.erase(WORKSPACE, new Identifier(Identifier.USER_ID, "ben"), 50, false);
        assertThat(Invariants.violations(harness))
                .anyMatch(violation -> violation.startsWith("I11"));
    }

    private void resolve(Events... events) {
        harness.resolve(List.of(events).stream().map(Events::build).toList());
    }
}
