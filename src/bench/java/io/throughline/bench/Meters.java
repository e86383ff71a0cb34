package io.throughline.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One reading of the server's meters.
 *
 * @param values by name and labels, as the text format writes them
 */
record Meters(Map<String, Double> values) {
    /** Counters whose sum is {@link #resolved}. */
    static final List<String> RESOLVED =
            List.of(
                    "throughline_resolve_stored_total",
                    "throughline_resolve_duplicates_total",
                    "throughline_resolve_erased_total",
                    "throughline_resolve_parked_total");

    static Meters parse(String text) {
        Map<String, Double> values = new HashMap<>();
        text.lines()
                .filter(line -> line.startsWith("throughline_"))
                .forEach(line -> {
                    int space = line.lastIndexOf(' ');
                    values.put(
                            line.substring(0, space),
                            Double.parseDouble(line.substring(space + 1)));
                });
        return new Meters(values);
    }

    /** The sum over all labels; 0 where there is no such meter. */
    double sum(String name) {
        return values.entrySet().stream()
                .filter(one -> one.getKey().equals(name) || one.getKey().startsWith(name + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** Of events: in the history, seen before, erased, or set aside; what resolve is done with. */
    long resolved() {
        return (long) RESOLVED.stream().mapToDouble(this::sum).sum();
    }

    double deliveries(String outcome) {
        return sum("throughline_deliveries_total{outcome=\"" + outcome + "\"}");
    }

    /** Deliveries that are neither done nor given up. */
    double owed() {
        return deliveries("accepted")
                - deliveries("succeeded")
                - deliveries("dead")
                - deliveries("cancelled");
    }
}
