package io.throughline.profile;

import static io.throughline.testing.Events.WORKSPACE;
import static io.throughline.testing.Events.aGroup;
import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.aTrack;
import static io.throughline.testing.Events.anAlias;
import static io.throughline.testing.Events.anIdentify;
import static java.util.stream.IntStream.rangeClosed;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.TrackingEvent;
import io.throughline.testing.Events;
import io.throughline.testing.PlainOracle;
import io.throughline.testing.PlainOracle.Expected;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The examples of docs/identity.md. Each is told once and must end the same for every order of
 * arrival (all orders up to four events, two dozen shuffles beyond), one by one and as one batch.
 */
@TestInstance(Lifecycle.PER_CLASS)
class IdentityExamplesIT {
    private ResolveHarness harness;

    @BeforeAll
    void start() {
        harness = new ResolveHarness();
    }

    @AfterAll
    void stop() {
        harness.close();
    }

    @Test
    void anonymousEventsMakeOneProfile() {
        story(aPage().on("a1").at(1), aTrack("View").on("a1").at(2))
                .endsIn(profile("anonymous_id:a1").did("page", 1).did("track:View", 1));
    }

    @Test
    void anAnonymousVisitorWhoBecomesKnownKeepsTheHistory() {
        story(
                        aPage().on("a1").at(1),
                        anIdentify().by("u1").on("a1").at(2).with("{\"plan\":\"pro\"}"),
                        aTrack("Buy").by("u1").on("a1").at(3))
                .endsIn(
                        profile("anonymous_id:a1", "user_id:u1")
                                .did("page", 1)
                                .did("identify", 1)
                                .did("track:Buy", 1)
                                .has("plan", "\"pro\""));
    }

    @Test
    void oneUserOnTwoDevicesIsOneProfile() {
        story(
                        aPage().on("a1").at(1),
                        anIdentify().by("u1").on("a1").at(2),
                        aPage().on("a2").at(3),
                        anIdentify().by("u1").on("a2").at(4))
                .endsIn(
                        profile("anonymous_id:a1", "anonymous_id:a2", "user_id:u1")
                                .did("page", 2)
                                .did("identify", 2));
    }

    @Test
    void aSharedDeviceNeverMergesTwoKnownUsers() {
        story(anIdentify().by("u1").on("a1").at(1), anIdentify().by("u2").on("a1").at(2))
                .endsIn(
                        profile("anonymous_id:a1", "user_id:u1").did("identify", 1),
                        profile("user_id:u2").did("identify", 1));
    }

    @Test
    void aNewAnonymousIdAfterLogoutIsANewVisitor() {
        story(
                        anIdentify().by("u1").on("a1").at(1),
                        aPage().on("a2").at(2),
                        anIdentify().by("u2").on("a2").at(3))
                .endsIn(
                        profile("anonymous_id:a1", "user_id:u1").did("identify", 1),
                        profile("anonymous_id:a2", "user_id:u2").did("page", 1).did("identify", 1));
    }

    @Test
    void anEmailJoinsTwoDevicesWithoutAUserId() {
        story(
                        anIdentify().on("a1").at(1).with("{\"email\":\"Jane@X.com \"}"),
                        anIdentify().on("a2").at(2).with("{\"email\":\"jane@x.com\"}"))
                .endsIn(
                        profile("anonymous_id:a1", "anonymous_id:a2", "email:jane@x.com")
                                .did("identify", 2)
                                .has("email", "\"jane@x.com\""));
    }

    @Test
    void aLinkNeverLeaksThroughARejectedIdentifier() {
        story(
                        anIdentify().by("u1").at(1).with("{\"email\":\"j@x.com\"}"),
                        anIdentify().by("u2").on("a2").at(2).with("{\"email\":\"j@x.com\"}"))
                .endsIn(
                        profile("anonymous_id:a2", "user_id:u2")
                                .did("identify", 1)
                                .has("email", "\"j@x.com\""),
                        profile("email:j@x.com", "user_id:u1")
                                .did("identify", 1)
                                .has("email", "\"j@x.com\""));
    }

    @Test
    void aTrustedAliasJoinsTwoUserIds() {
        story(
                        aTrack("X").by("old").at(1),
                        aTrack("Y").by("new").at(2),
                        anAlias("old").by("new").at(3).fromServer())
                .endsIn(
                        profile("user_id:new", "user_id:old")
                                .did("alias", 1)
                                .did("track:X", 1)
                                .did("track:Y", 1));
    }

    @Test
    void aBrowserAliasOfTwoKnownUsersIsRefused() {
        story(
                        aTrack("X").by("old").at(1),
                        aTrack("Y").by("new").at(2),
                        anAlias("old").by("new").at(3))
                .endsIn(
                        profile("user_id:new").did("alias", 1).did("track:Y", 1),
                        profile("user_id:old").did("track:X", 1));
    }

    @Test
    void blockedUserIdsDoNotMergeStrangers() {
        List<String> blocked =
                List.of(
                        "null",
                        "undefined",
                        "NaN",
                        "0",
                        "-1",
                        "00000000-0000-0000-0000-000000000000",
                        "anonymous",
                        "guest",
                        "[object Object]",
                        "\"null\"",
                        " ",
                        "None");
        List<Events> events = new ArrayList<>();
        List<Profile> expected = new ArrayList<>();
        for (int i = 0; i < blocked.size(); i++) {
            events.add(anIdentify().by(blocked.get(i)).on("a" + i).at(i));
            expected.add(profile("anonymous_id:a" + i).did("identify", 1));
        }
        story(events.toArray(Events[]::new)).endsIn(expected.toArray(Profile[]::new));
    }

    @Test
    void anEventWithOnlyBlockedIdsIsStoredAndBelongsToNobody() {
        story(aTrack("X").by("undefined").on("null").at(1)).endsIn();
        assertThat(harness.longs("select count(*) from profile_event where node_id = 0"))
                .containsExactly(1L);
    }

    @Test
    void aGroupNeverMergesPeople() {
        story(
                        aGroup("acme").by("u1").at(1).with("{\"email\":\"it@acme.com\"}"),
                        aGroup("acme").by("u2").at(2).with("{\"email\":\"it@acme.com\"}"))
                .endsIn(
                        profile("user_id:u1").did("group", 1),
                        profile("user_id:u2").did("group", 1));
    }

    @Test
    void theNewestTraitWinsWhateverTheArrival() {
        story(
                        anIdentify().by("u1").at(20).with("{\"city\":\"Rome\",\"x\":1}"),
                        anIdentify().by("u1").at(10).with("{\"city\":\"Oslo\",\"y\":2}"))
                .endsIn(
                        profile("user_id:u1")
                                .did("identify", 2)
                                .has("city", "\"Rome\"")
                                .has("x", "1")
                                .has("y", "2"));
    }

    @Test
    void aRemovedTraitStaysRemovedWhenAnOlderValueArrivesLate() {
        story(
                        anIdentify().by("u1").at(30).with("{\"c\":null}"),
                        anIdentify().by("u1").at(10).with("{\"c\":\"A\"}"))
                .endsIn(profile("user_id:u1").did("identify", 2));
    }

    @Test
    void aRedeliveredEventCountsOnce() {
        Events same = aTrack("X").by("u1").on("a1").at(1).as("m1");
        story(same, same, same).endsIn(profile("anonymous_id:a1", "user_id:u1").did("track:X", 1));
    }

    @Test
    void aKioskSeenWithElevenUsersBelongsToNobody() {
        List<Events> events = new ArrayList<>(List.of(aPage().on("k").at(0)));
        List<Profile> expected = new ArrayList<>(List.of(profile("anonymous_id:k").did("page", 1)));
        rangeClosed(1, 11)
                .mapToObj("u%02d"::formatted)
                .forEach(user -> {
                    events.add(aTrack("X").by(user).on("k").at(events.size()));
                    expected.add(profile("user_id:" + user).did("track:X", 1));
                });
        story(events.toArray(Events[]::new)).endsIn(expected.toArray(Profile[]::new));
        assertThat(harness.longs("select count(*) from identity_node where shared"))
                .containsExactly(1L);
    }

    @Test
    void aKioskSeenWithTenUsersBelongsToTheFirst() {
        List<Events> events = new ArrayList<>(List.of(aPage().on("k").at(0)));
        List<Profile> expected = new ArrayList<>();
        rangeClosed(1, 10)
                .mapToObj("u%02d"::formatted)
                .forEach(user -> {
                    boolean first = events.size() == 1;
                    events.add(aTrack("X").by(user).on("k").at(events.size()));
                    expected.add(
                            first
                                    ? profile("anonymous_id:k", "user_id:" + user)
                                            .did("page", 1)
                                            .did("track:X", 1)
                                    : profile("user_id:" + user).did("track:X", 1));
                });
        story(events.toArray(Events[]::new)).endsIn(expected.toArray(Profile[]::new));
    }

    @Test
    void theSameValueUnderTwoTypesIsTwoIdentifiers() {
        story(aTrack("X").by("x1").at(1), aTrack("X").on("x1").at(2))
                .endsIn(
                        profile("anonymous_id:x1").did("track:X", 1),
                        profile("user_id:x1").did("track:X", 1));
    }

    @Test
    void aMergeSumsCountersExactly() {
        List<Events> events = new ArrayList<>();
        rangeClosed(0, 4).forEach(i -> events.add(aTrack("X").on("a1").at(i)));
        rangeClosed(0, 6).forEach(i -> events.add(aTrack("X").by("u1").at(i)));
        events.add(anIdentify().by("u1").on("a1").at(99));
        story(events.toArray(Events[]::new))
                .endsIn(
                        profile("anonymous_id:a1", "user_id:u1")
                                .did("identify", 1)
                                .did("track:X", 12));
    }

    private Story story(Events... events) {
        return new Story(Arrays.stream(events).map(Events::build).toList());
    }

    private static Profile profile(String... ids) {
        return new Profile(List.of(ids), new TreeMap<>(), new TreeMap<>());
    }

    private record Profile(List<String> ids, Map<String, Long> counts, Map<String, String> traits) {
        Profile did(String what, long times) {
            counts.put(what, times);
            return this;
        }

        Profile has(String trait, String json) {
            traits.put(trait, json);
            return this;
        }

        Expected expected() {
            return new Expected(
                    ids, counts, traits, counts.isEmpty() ? 0 : 1, 0, Map.of(), Map.of());
        }
    }

    private final class Story {
        private final List<TrackingEvent> events;

        private Story(List<TrackingEvent> events) {
            this.events = events;
        }

        void endsIn(Profile... profiles) {
            List<Expected> expected = Arrays.stream(profiles).map(Profile::expected).toList();
            assertThat(PlainOracle.profiles(events))
                    .as("the oracle")
                    .containsExactlyInAnyOrderElementsOf(expected);
            for (List<TrackingEvent> arrival : arrivals()) {
                harness.clear();
                arrival.forEach(event -> harness.resolve(List.of(event)));
                assertThat(harness.profiles(WORKSPACE))
                        .containsExactlyInAnyOrderElementsOf(expected);
                assertThat(Invariants.violations(harness)).isEmpty();
                harness.clear();
                harness.resolve(arrival);
                assertThat(harness.profiles(WORKSPACE))
                        .as("as one batch")
                        .containsExactlyInAnyOrderElementsOf(expected);
                assertThat(Invariants.violations(harness)).isEmpty();
            }
        }

        private List<List<TrackingEvent>> arrivals() {
            List<List<TrackingEvent>> arrivals = new ArrayList<>();
            if (events.size() <= 4) {
                permute(new ArrayList<>(events), 0, arrivals);
                return arrivals;
            }
            Random random = new Random(42);
            for (int i = 0; i < 24; i++) {
                List<TrackingEvent> shuffled = new ArrayList<>(events);
                Collections.shuffle(shuffled, random);
                arrivals.add(shuffled);
            }
            return arrivals;
        }

        private static void permute(
                List<TrackingEvent> events, int from, List<List<TrackingEvent>> into) {
            if (from == events.size()) {
                into.add(List.copyOf(events));
                return;
            }
            for (int i = from; i < events.size(); i++) {
                Collections.swap(events, from, i);
                permute(events, from + 1, into);
                Collections.swap(events, from, i);
            }
        }
    }
}
