package io.throughline.platform.metrics;

import io.micrometer.core.instrument.Counter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * One counter for each value of a closed set, all there from the start: a meter that appears with
 * its first event has no rate for that event. Thread-safe.
 */
public final class Counters<E extends Enum<E>> {
    private final Map<E, Counter> counters;

    private Counters(Map<E, Counter> counters) {
        this.counters = counters;
    }

    /**
     * @param counter registers the counter of a value
     */
    public static <E extends Enum<E>> Counters<E> of(
            Class<E> values, Function<E, Counter> counter) {
        Map<E, Counter> counters = new EnumMap<>(values);
        for (E value : values.getEnumConstants()) {
            counters.put(value, counter.apply(value));
        }
        return new Counters<>(counters);
    }

    public void add(E value) {
        add(value, 1);
    }

    public void add(E value, int amount) {
        Objects.requireNonNull(counters.get(value), "every value has a counter").increment(amount);
    }
}
