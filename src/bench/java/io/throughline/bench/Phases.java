package io.throughline.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Seconds the resolve transactions spent, by phase.
 *
 * @param seconds by phase; {@code all} is the whole transaction with its commit
 */
record Phases(Map<String, Double> seconds) {
    private static final String PREFIX = "throughline_resolve_phase_seconds_sum{phase=\"";

    static Phases of(Meters meters) {
        Map<String, Double> seconds = new TreeMap<>();
        meters.values()
                .forEach((name, value) -> {
                    if (name.startsWith(PREFIX)) {
                        seconds.put(name.substring(PREFIX.length(), name.length() - 2), value);
                    }
                });
        seconds.put("all", meters.sum("throughline_resolve_batch_seconds_sum"));
        return new Phases(seconds);
    }

    Phases minus(Phases earlier) {
        Map<String, Double> difference = new TreeMap<>();
        seconds.forEach((phase, value) ->
                difference.put(phase, value - earlier.seconds.getOrDefault(phase, 0.0)));
        return new Phases(difference);
    }

    /** For instance {@code facets 41 %, identity 20 %, commit and the rest 12 %}. */
    String shares() {
        double all = seconds.getOrDefault("all", 0.0);
        double named =
                seconds.entrySet().stream()
                        .filter(one -> !one.getKey().equals("all"))
                        .mapToDouble(Map.Entry::getValue)
                        .sum();
        String phases =
                seconds.entrySet().stream()
                        .filter(one -> !one.getKey().equals("all"))
                        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                        .map(one -> one.getKey() + " " + percent(one.getValue(), all))
                        .collect(Collectors.joining(", "));
        return phases + ", commit and the rest " + percent(Math.max(0, all - named), all);
    }

    private static String percent(double part, double all) {
        return all == 0 ? "–" : Math.round(part / all * 100) + " %";
    }
}
