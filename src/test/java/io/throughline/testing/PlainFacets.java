package io.throughline.testing;

import io.throughline.event.TrackingEvent;
import io.throughline.event.TrackingEvent.Identify;
import io.throughline.event.TrackingEvent.Track;
import io.throughline.testing.PlainOracle.Expected;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What a profile says about its events: the specification as slow, plain loops over lists. */
final class PlainFacets {
    private PlainFacets() {}

    static Expected describe(List<String> ids, List<TrackingEvent> events) {
        Map<String, Long> counts = new TreeMap<>();
        for (TrackingEvent event : events) {
            String name =
                    event instanceof Track track
                            ? "track:" + track.event()
                            : event.type().wireName();
            counts.merge(name, 1L, Long::sum);
        }
        Map<String, BigDecimal> revenue = new TreeMap<>();
        long orders = orders(events, revenue);
        Map<String, String> shown = new TreeMap<>();
        revenue.forEach((currency, sum) ->
                shown.put(
                        currency,
                        sum.signum() == 0 ? "0" : sum.stripTrailingZeros().toPlainString()));
        return new Expected(
                ids, counts, traits(events), sessions(events), orders, shown, consent(events));
    }

    private static Comparator<TrackingEvent> age() {
        return Comparator.comparing((TrackingEvent event) -> event.header().timestamp())
                .thenComparing(event -> event.header().messageId());
    }

    private static Map<String, String> traits(List<TrackingEvent> events) {
        Map<String, String> traits = new TreeMap<>();
        events.stream()
                .sorted(age())
                .forEach(event -> {
                    if (event instanceof Identify identify) {
                        for (Map.Entry<String, JsonNode> trait : identify.traits().properties()) {
                            if (trait.getValue().isNull()) {
                                traits.remove(trait.getKey());
                            } else {
                                traits.put(trait.getKey(), trait.getValue().toString());
                            }
                        }
                    }
                });
        return traits;
    }

    private static Map<String, String> consent(List<TrackingEvent> events) {
        Map<String, String> consent = new TreeMap<>();
        for (TrackingEvent event : events.stream().sorted(age()).toList()) {
            JsonNode said = event.header().context().path("consent");
            String suffix = " " + event.header().timestamp() + " ";
            String source = event.header().trusted() ? "server" : "visitor";
            said.path("categoryPreferences")
                    .properties()
                    .forEach(category ->
                            consent.put(
                                    category.getKey(),
                                    (category.getValue().booleanValue() ? "granted" : "denied")
                                            + suffix
                                            + source));
            if (said.has("gpc")) {
                consent.put("advertising", "denied" + suffix + "gpc");
            }
        }
        return consent;
    }

    private static long sessions(List<TrackingEvent> events) {
        long sessions = 0;
        long last = Long.MIN_VALUE / 2;
        boolean visited = false;
        for (TrackingEvent event : events.stream().sorted(age()).toList()) {
            long time = event.header().timestamp().toEpochMilli();
            if (time - last > 30 * 60 * 1000) {
                visited = false;
            }
            if (!event.header().trusted() && !visited) {
                visited = true;
                sessions++;
            }
            last = time;
        }
        return sessions;
    }

    private static long orders(List<TrackingEvent> events, Map<String, BigDecimal> revenue) {
        Map<String, List<Track>> byOrder = new TreeMap<>();
        for (TrackingEvent event : events.stream().sorted(age()).toList()) {
            if (event instanceof Track track && track.properties().has("orderId")) {
                byOrder.computeIfAbsent(
                                track.properties().get("orderId").asString(),
                                id -> new ArrayList<>())
                        .add(track);
            }
        }
        long orders = 0;
        for (List<Track> history : byOrder.values()) {
            List<String> names = history.stream().map(Track::event).toList();
            int completed = names.indexOf("Order Completed");
            if (completed < 0 || names.contains("Order Cancelled")) {
                continue;
            }
            orders++;
            Track standing = history.get(completed);
            for (Track later : history.subList(completed, history.size())) {
                if (later.event().equals("Order Updated") && later.properties().has("total")) {
                    standing = later;
                }
            }
            BigDecimal net = total(standing);
            for (Track event : history) {
                if (event.event().equals("Order Refunded")) {
                    boolean partly = event.properties().has("total");
                    if (!partly || !standing.properties().has("total")) {
                        net = BigDecimal.ZERO;
                        break;
                    }
                    net = net.subtract(total(event));
                }
            }
            revenue.merge(
                    standing.properties().path("currency").asString("USD"), net, BigDecimal::add);
        }
        return orders;
    }

    private static BigDecimal total(Track track) {
        return new BigDecimal(track.properties().path("total").asString("0"));
    }
}
