package io.throughline.collect.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts by key in memory until they are taken, exactly, on any thread. Holds a bounded number of
 * keys of each source, whatever visitors invent: further ones count under the source's {@code
 * other}.
 *
 * @param <K> what is counted; small, with a value's equality
 */
final class Tally<K> {
    private final int keysOfASource;
    private final K other;
    private final Map<Long, Map<K, Count>> sources = new ConcurrentHashMap<>();

    /**
     * @param keysOfASource a few more may slip in, one for each thread that counts at that moment
     */
    Tally(int keysOfASource, K other) {
        this.keysOfASource = keysOfASource;
        this.other = other;
    }

    /**
     * How often and when, and what the latest looked like.
     *
     * @param pointer empty where nothing is broken
     */
    record Count(long count, Instant first, Instant last, String pointer, String message) {
        static Count one(Instant at, String pointer, String message) {
            return new Count(1, at, at, pointer, message);
        }

        Count plus(Count more) {
            boolean newer = !more.last.isBefore(last);
            return new Count(
                    count + more.count,
                    first.isBefore(more.first) ? first : more.first,
                    newer ? more.last : last,
                    newer ? more.pointer : pointer,
                    newer ? more.message : message);
        }
    }

    /** One key of one source, and its count. */
    record Row<K>(long sourceId, K key, Count count) {}

    void add(long sourceId, K key, Count count) {
        Map<K, Count> counts = sources.computeIfAbsent(sourceId, _ -> new ConcurrentHashMap<>());
        int held = counts.size() - (counts.containsKey(other) ? 1 : 0);
        boolean full = held >= keysOfASource && !counts.containsKey(key);
        counts.merge(full ? other : key, count, Count::plus);
    }

    /** Empties it; what is counted meanwhile is either in the rows or stays for the next time. */
    List<Row<K>> take() {
        List<Row<K>> rows = new ArrayList<>();
        sources.forEach((sourceId, counts) -> {
            for (K key : counts.keySet()) {
                Count count = counts.remove(key);
                if (count != null) {
                    rows.add(new Row<>(sourceId, key, count));
                }
            }
        });
        return rows;
    }

    int size() {
        return sources.values().stream().mapToInt(Map::size).sum();
    }

    /** Takes rows back that could not be written. */
    void restore(List<Row<K>> rows) {
        for (Row<K> row : rows) {
            add(row.sourceId(), row.key(), row.count());
        }
    }
}
