package io.throughline.profile;

import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.profile.ResolveTransaction.Outcome;
import io.throughline.testing.Events;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** When a link is decided alone, and when its whole cluster is read (decision 14). */
@TestInstance(Lifecycle.PER_CLASS)
class LinksDecidedAloneIT {
    private ResolveHarness harness;

    @BeforeAll
    void start() {
        harness = new ResolveHarness();
    }

    @AfterAll
    void stop() {
        harness.close();
    }

    /** One cluster of two people: the tablet is anna's. */
    @BeforeEach
    void twoPeopleOnOneTablet() {
        harness.clear();
        resolve(aPage().by("anna").on("tablet").at(10));
        assertAlone(aPage().by("ben").on("tablet").at(20));
    }

    @Test
    void newDevicesOfEitherAreDecidedAlone() {
        assertAlone(aPage().by("anna").on("a1").at(30));
        assertAlone(aPage().by("anna").on("a2").at(40));
        assertAlone(aPage().by("ben").on("b1").at(50));
        assertAlone(aPage().by("ben").on("b2").at(60));
    }

    @Test
    void whatIsLateForTheClusterButNotForTheProfileIsDecidedAlone() {
        assertAlone(aPage().by("anna").on("a1").at(100));
        assertAlone(aPage().by("ben").on("b1").at(50));
    }

    @Test
    void whatIsLateForItsProfileIsDecidedWithTheWholeCluster() {
        assertAlone(aPage().by("anna").on("a1").at(100));
        assertWhole(aPage().by("anna").on("a2").at(50));
        assertAlone(aPage().by("anna").on("a3").at(110));
    }

    @Test
    void aStrongerLinkIsDecidedWithTheWholeCluster() {
        assertWhole(anIdentify().by("anna").with("{\"email\":\"anna@x.com\"}").at(100));
        assertAlone(aPage().by("anna").on("a1").at(110));
    }

    private void assertAlone(Events event) {
        Outcome outcome = resolve(event);
        assertThat(outcome.appended()).as("decided alone").isOne();
        assertThat(outcome.solved()).as("clusters read").isZero();
    }

    private void assertWhole(Events event) {
        Outcome outcome = resolve(event);
        assertThat(outcome.appended()).as("decided alone").isZero();
        assertThat(outcome.solved()).as("clusters read").isOne();
    }

    private Outcome resolve(Events event) {
        Outcome outcome = harness.resolve(List.of(event.build()));
        assertThat(Invariants.violations(harness)).isEmpty();
        return outcome;
    }
}
