package io.throughline.profile;

import static io.throughline.testing.Events.WORKSPACE;
import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.identity.Identifier;
import io.throughline.identity.IdentityShape;
import io.throughline.identity.IdentityShape.BlockedShape;
import io.throughline.identity.IdentityShape.TypeShape;
import io.throughline.testing.Events;
import io.throughline.testing.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import tools.jackson.databind.node.JsonNodeFactory;

/** Whose end an erasure is, and whose it is not. */
@TestInstance(Lifecycle.PER_CLASS)
class ErasedProfilesIT {
    private static final Identifier KIOSK = new Identifier(Identifier.ANONYMOUS_ID, "kiosk");
    private static final Identifier TABLET = new Identifier(Identifier.ANONYMOUS_ID, "tablet");
    private static final Identifier ALONE = new Identifier(Identifier.ANONYMOUS_ID, "alone");
    private static final Identifier ANNA = new Identifier(Identifier.USER_ID, "anna");

    private ResolveHarness harness;

    @BeforeAll
    void start() {
        harness = new ResolveHarness();
    }

    @AfterAll
    void stop() {
        harness.close();
    }

    @BeforeEach
    void clear() {
        harness.clear();
    }

    @AfterEach
    void everyInvariantHolds() {
        assertThat(Invariants.violations(harness)).isEmpty();
    }

    /** Eleven users make a device nobody's; with ten left it is its first user's again. */
    @Test
    void aProfileThatTheErasureFreesGoesOnInAnother() {
        resolve(aPage().on("kiosk").at(1));
        for (int i = 0; i < 11; i++) {
            resolve(aPage().by("u" + i).on("kiosk").at(10 + i));
        }
        harness.decides(
                WORKSPACE, new Step.Erases(new Identifier(Identifier.USER_ID, "u7"), 99, false));
        assertThat(harness.profiles(WORKSPACE))
                .anyMatch(profile ->
                        profile.ids().equals(List.of("anonymous_id:kiosk", "user_id:u0"))
                                && profile.counts().containsValue(2L));
        assertThat(owed("profile.erased")).as("of u7 alone").isEqualTo(1);
    }

    @Test
    void anIdleDeviceThatIsNobodysOrKeptApartStays() {
        for (int i = 0; i < 11; i++) {
            resolve(aPage().by("u" + i).on("kiosk").at(10 + i));
        }
        resolve(aPage().by("anna").on("tablet").at(30));
        harness.decides(WORKSPACE, new Step.Unlinks(ANNA, TABLET));
        resolve(aPage().on("alone").at(40));
        assertThat(harness.letGo(WORKSPACE, KIOSK)).isFalse();
        assertThat(harness.letGo(WORKSPACE, TABLET)).isFalse();
        assertThat(harness.letGo(WORKSPACE, ANNA)).isFalse();
        assertThat(harness.letGo(WORKSPACE, ALONE)).isTrue();
    }

    @Test
    void aProfileThatChangedMeanwhileStays() {
        resolve(aPage().on("alone").at(40));
        Instant earlier = Instant.now().minus(Duration.ofMinutes(5));
        assertThat(harness.letGo(WORKSPACE, ALONE, earlier)).isFalse();
    }

    @Test
    void theMessageOfTheEndShowsNothingOfAProfileThatLivesAgain() {
        resolve(aPage().by("anna").on("tablet").at(40));
        long profile = harness.longs("select id from profile").getFirst();
        ProfileItems items = new ProfileItems(harness.documents, harness.transactions);
        var nothing = JsonNodeFactory.instance.objectNode();
        var told =
                items.render(
                        List.of(
                                new ProfileItems.Owed(
                                        WORKSPACE,
                                        profile,
                                        7,
                                        new ProfileUpdate.Item(ProfileUpdate.ERASED, nothing))));
        assertThat(Objects.requireNonNull(told.getFirst()).propertyNames())
                .containsExactlyInAnyOrder("profileId", "version");
    }

    private long owed(String type) {
        return harness.longs(
                        "select count(*) from profile_outbox o, json_array_elements(o.items) i"
                                + " where i ->> 'type' = '"
                                + type
                                + "'")
                .getFirst();
    }

    /** A card that is stronger than an email is the anchor of their event, not the email's. */
    @Test
    void anEmailThatOnlyAStrongerCardCarriedStaysWhenItsOtherUserGoes() {
        harness.configure(
                WORKSPACE,
                1,
                new IdentityShape(List.of(new TypeShape("card", 1, null, null)), null, null));
        Identifier ben = new Identifier(Identifier.USER_ID, "ben");
        Identifier email = new Identifier(Identifier.EMAIL, "x@y.com");
        harness.decides(WORKSPACE, new Step.Unlinks(ben, email));
        resolve(
                anIdentify()
                        .with("{\"email\":\"x@y.com\"}")
                        .inContext(
                                "{\"externalIds\":[{\"type\":\"card\",\"id\":\"4711\",\"collection\":\"users\"}]}")
                        .readBy(1)
                        .at(10),
                anIdentify().by("ben").with("{\"email\":\"x@y.com\"}").readBy(1).at(20));
        harness.decides(WORKSPACE, new Step.Erases(ben, 100, false));
        harness.sweep();
        assertThat(harness.profiles(WORKSPACE))
                .singleElement()
                .satisfies(
                        one -> assertThat(one.ids()).containsExactly("card:4711", "email:x@y.com"));
    }

    /** A neighbour that is nobody's since the change is parted by the sweep, not merely marked. */
    @Test
    void aUserWhoWasBlockedMeanwhileIsPartedFromItsDevice() {
        for (int i = 0; i < 11; i++) {
            resolve(aPage().by("u" + i).on("tablet").at(10 + i));
        }
        resolve(aPage().by("u0").on("d0").at(30));
        Identifier blocked = new Identifier(Identifier.USER_ID, "u0");
        harness.configure(
                WORKSPACE,
                2,
                new IdentityShape(
                        null, null, List.of(new BlockedShape(blocked.type(), blocked.value()))));
        harness.decides(
                WORKSPACE,
                new Step.Erases(new Identifier(Identifier.ANONYMOUS_ID, "tablet"), 100, false));
        harness.sweep();
        assertThat(harness.profiles(WORKSPACE)).hasSize(12);
    }

    private void resolve(Events... events) {
        harness.resolve(List.of(events).stream().map(Events::build).toList());
    }
}
