package io.throughline.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.enrichment.Enricher;
import io.throughline.enrichment.Enrichers;
import io.throughline.event.EventCodec;
import io.throughline.event.TrackingEvent;
import io.throughline.profile.Facets.Key;
import io.throughline.profile.Facets.Registers;
import io.throughline.testing.RandomStory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What every registered facet promises, over all of them at once: whoever adds one is tested here.
 */
class FacetLaws {
    private static final Enricher ENRICHER = Enrichers.standard();

    private final Facets facets = ResolveHarness.facets();

    /** The state of a set of events: registers, and the keyed states. */
    private record State(Registers registers, Map<Key, Object> keyed) {}

    @Property
    void mergingIsCommutative(@ForAll("stories") List<TrackingEvent> story) {
        State a = fold(story.subList(0, story.size() / 2));
        State b = fold(story.subList(story.size() / 2, story.size()));
        assertThat(merge(a, b)).isEqualTo(merge(b, a));
    }

    @Property
    void mergingIsAssociative(@ForAll("stories") List<TrackingEvent> story) {
        int third = story.size() / 3;
        State a = fold(story.subList(0, third));
        State b = fold(story.subList(third, 2 * third));
        State c = fold(story.subList(2 * third, story.size()));
        assertThat(merge(merge(a, b), c)).isEqualTo(merge(a, merge(b, c)));
    }

    @Property
    void theEmptyStateChangesNothing(@ForAll("stories") List<TrackingEvent> story) {
        State state = fold(story);
        State empty = new State(facets.empty(), Map.of());
        assertThat(merge(state, empty)).isEqualTo(state);
        assertThat(merge(empty, state)).isEqualTo(state);
    }

    @Property
    void theOrderOfEventsDoesNotMatter(
            @ForAll("stories") List<TrackingEvent> story, @ForAll Random random) {
        List<TrackingEvent> shuffled = new ArrayList<>(story);
        Collections.shuffle(shuffled, random);
        assertThat(fold(shuffled)).isEqualTo(fold(story));
        assertThat(describe(fold(shuffled))).isEqualTo(describe(fold(story)));
    }

    /** However the events are cut into parts that are merged: batches, nodes, profiles. */
    @Property
    void theCutIntoPartsDoesNotMatter(
            @ForAll("stories") List<TrackingEvent> story, @ForAll Random random) {
        State merged = new State(facets.empty(), Map.of());
        int next = 0;
        while (next < story.size()) {
            int size = Math.min(story.size() - next, 1 + random.nextInt(8));
            merged = merge(merged, fold(story.subList(next, next + size)));
            next += size;
        }
        assertThat(merged).isEqualTo(fold(story));
    }

    @Property
    void storageKeepsEveryState(@ForAll("stories") List<TrackingEvent> story) {
        State state = fold(story);
        assertThat(facets.decode(facets.encode(state.registers()))).isEqualTo(state.registers());
        state.keyed()
                .forEach((key, value) -> {
                    Object stored = facets.decode(key, facets.encode(key, value));
                    assertThat(facets.encode(key, stored)).isEqualTo(facets.encode(key, value));
                    assertThat(facets.merge(key, stored, value))
                            .isEqualTo(facets.merge(key, value, value));
                });
    }

    @Provide
    Arbitrary<List<TrackingEvent>> stories() {
        return Arbitraries.longs().map(seed -> RandomStory.of(new Random(seed)));
    }

    private State fold(List<TrackingEvent> events) {
        State state = new State(facets.empty(), Map.of());
        for (TrackingEvent event : events) {
            TrackingEvent travelled = EventCodec.decode(EventCodec.encode(event));
            Enriched enriched = new Enriched(travelled, ENRICHER.of(travelled));
            state = merge(state, new State(facets.of(enriched), facets.keyed(enriched)));
        }
        return state;
    }

    private State merge(State a, State b) {
        Map<Key, Object> keyed = new HashMap<>(a.keyed);
        b.keyed.forEach((key, value) ->
                keyed.merge(key, value, (one, other) -> facets.merge(key, one, other)));
        return new State(facets.merge(a.registers, b.registers), keyed);
    }

    private ObjectNode describe(State state) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        facets.describe(state.registers(), state.keyed(), document);
        return document;
    }
}
