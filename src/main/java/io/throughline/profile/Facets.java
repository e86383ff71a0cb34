package io.throughline.profile;

import io.throughline.event.EventCodec;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * All registered facets as one. The casts that generics cannot express are here and nowhere else: a
 * state is only ever given to the facet that made it.
 */
@Component
public class Facets {
    private final List<Facet<?>> registers;
    private final Map<String, KeyedFacet<?>> keyed;

    public Facets(List<Facet<?>> registers, List<KeyedFacet<?>> keyed) {
        this.registers = registers.stream().sorted(Comparator.comparing(Facet::name)).toList();
        this.keyed = keyed.stream().collect(Collectors.toMap(KeyedFacet::name, facet -> facet));
    }

    /** The registers of all facets: one state each, in the facets' order. A value. */
    record Registers(List<Object> states) {}

    /** One key of one keyed facet. */
    record Key(String facet, String key) {}

    Registers empty() {
        return new Registers(registers.stream().<Object>map(Facet::empty).toList());
    }

    /** A bot's event counts for nothing but the facets that ask for bots. */
    Registers of(Enriched event) {
        return new Registers(
                registers.stream()
                        .<Object>map(facet ->
                                event.isBot() && !facet.countsBots()
                                        ? facet.empty()
                                        : facet.of(event))
                        .toList());
    }

    Registers merge(Registers a, Registers b) {
        Object[] merged = new Object[registers.size()];
        for (int i = 0; i < merged.length; i++) {
            merged[i] = cast(registers.get(i)).merge(a.states.get(i), b.states.get(i));
        }
        return new Registers(List.of(merged));
    }

    String encode(Registers state) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < registers.size(); i++) {
            json.set(registers.get(i).name(), cast(registers.get(i)).encode(state.states.get(i)));
        }
        return json.toString();
    }

    /** A facet that is newer than the stored state starts empty. */
    Registers decode(@Nullable String stored) {
        if (stored == null) {
            return empty();
        }
        JsonNode json = EventCodec.JSON.readTree(stored);
        return new Registers(
                registers.stream()
                        .<Object>map(facet -> {
                            JsonNode state = json.get(facet.name());
                            return state == null ? facet.empty() : facet.decode(state);
                        })
                        .toList());
    }

    Map<Key, Object> keyed(Enriched event) {
        if (event.isBot()) {
            return Map.of();
        }
        Map<Key, Object> states = new HashMap<>();
        for (KeyedFacet<?> facet : keyed.values()) {
            facet.of(event).forEach((key, state) -> states.put(new Key(facet.name(), key), state));
        }
        return states;
    }

    Object merge(Key key, Object a, Object b) {
        return cast(facet(key)).merge(a, b);
    }

    String encode(Key key, Object state) {
        return cast(facet(key)).encode(state).toString();
    }

    Object decode(Key key, String stored) {
        return facet(key).decode(EventCodec.JSON.readTree(stored));
    }

    boolean announces(Key key) {
        return facet(key).announces();
    }

    List<ProfileUpdate.Item> announce(Key key, @Nullable Object before, Object after) {
        return cast(facet(key)).announce(key.key(), before, after);
    }

    /** The part of the profile document that facets write. */
    void describe(Registers state, Map<Key, Object> rows, ObjectNode document) {
        for (int i = 0; i < registers.size(); i++) {
            cast(registers.get(i)).describe(state.states.get(i), document);
        }
        Map<String, SortedMap<String, Object>> byFacet = new HashMap<>();
        rows.forEach((key, row) ->
                byFacet.computeIfAbsent(key.facet(), name -> new TreeMap<>()).put(key.key(), row));
        keyed.values().stream()
                .sorted(Comparator.comparing(KeyedFacet::name))
                .forEach(facet ->
                        cast(facet)
                                .describe(
                                        byFacet.getOrDefault(facet.name(), new TreeMap<>()),
                                        document));
    }

    /** Whether a row belongs to a facet that is registered. */
    boolean knows(String facet) {
        return keyed.containsKey(facet);
    }

    private KeyedFacet<?> facet(Key key) {
        return Objects.requireNonNull(keyed.get(key.facet()), "unknown facet");
    }

    @SuppressWarnings("unchecked")
    private static Facet<Object> cast(Facet<?> facet) {
        return (Facet<Object>) facet;
    }

    @SuppressWarnings("unchecked")
    private static KeyedFacet<Object> cast(KeyedFacet<?> facet) {
        return (KeyedFacet<Object>) facet;
    }
}
