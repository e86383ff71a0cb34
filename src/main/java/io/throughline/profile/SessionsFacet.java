package io.throughline.profile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sessions: maximal runs of a profile's events with gaps of at most 30 minutes by event time. A run
 * of server-side events alone is none.
 *
 * <p>Kept as the runs within each UTC day, at most 48 of them; runs that touch across midnight, or
 * across nodes, are joined when read. The runs of a union of event sets follow from the runs of
 * each set, so the order of arrival and of merges does not matter.
 */
@Component
final class SessionsFacet implements KeyedFacet<List<SessionsFacet.Run>> {
    private static final long MAX_GAP = Duration.ofMinutes(30).toMillis();

    /**
     * @param start epoch milliseconds of the first event
     * @param end epoch milliseconds of the last
     * @param visited whether any of the events came from the visitor's own device
     */
    record Run(long start, long end, boolean visited) {}

    @Override
    public String name() {
        return "sessions";
    }

    @Override
    public Map<String, List<Run>> of(Enriched event) {
        long time = event.header().timestamp().toEpochMilli();
        String day = Long.toString(Math.floorDiv(time, Duration.ofDays(1).toMillis()));
        return Map.of(day, List.of(new Run(time, time, !event.header().trusted())));
    }

    @Override
    public List<Run> merge(List<Run> a, List<Run> b) {
        List<Run> all = new ArrayList<>(a);
        all.addAll(b);
        return joined(all);
    }

    private static List<Run> joined(List<Run> runs) {
        runs.sort(Comparator.comparingLong(Run::start).thenComparingLong(Run::end));
        List<Run> joined = new ArrayList<>(runs.size());
        for (Run run : runs) {
            Run last = joined.isEmpty() ? null : joined.getLast();
            if (last != null && run.start - last.end <= MAX_GAP) {
                joined.set(
                        joined.size() - 1,
                        new Run(
                                last.start,
                                Math.max(last.end, run.end),
                                last.visited || run.visited));
            } else {
                joined.add(run);
            }
        }
        return List.copyOf(joined);
    }

    @Override
    public JsonNode encode(List<Run> state) {
        ArrayNode runs = JsonNodeFactory.instance.arrayNode();
        state.forEach(run -> runs.addArray().add(run.start).add(run.end).add(run.visited ? 1 : 0));
        return runs;
    }

    @Override
    public List<Run> decode(JsonNode json) {
        List<Run> runs = new ArrayList<>();
        json.forEach(run ->
                runs.add(
                        new Run(
                                run.required(0).longValue(),
                                run.required(1).longValue(),
                                run.required(2).intValue() == 1)));
        return List.copyOf(runs);
    }

    @Override
    public void describe(SortedMap<String, List<Run>> states, ObjectNode document) {
        List<Run> all = new ArrayList<>();
        states.values().forEach(all::addAll);
        List<Run> sessions = joined(all).stream().filter(Run::visited).toList();
        ObjectNode json = document.putObject("sessions").put("count", sessions.size());
        if (!sessions.isEmpty()) {
            json.put("lastStartedAt", Instant.ofEpochMilli(sessions.getLast().start).toString());
        }
    }
}
