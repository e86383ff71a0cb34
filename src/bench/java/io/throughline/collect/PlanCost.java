package io.throughline.collect;

import io.throughline.collect.plan.BenchPlans;
import io.throughline.collect.plan.Plans;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a tracking plan costs an event on the way to the log, beside reading and stamping it: the
 * three in turns in one run, so that the machine's mood is the same for all. Prints one line each.
 */
final class PlanCost {
    private static final int EVENTS = 100;
    private static final int ROUNDS = 30;
    private static final int BATCHES = 500;

    private PlanCost() {}

    public static void main(String[] arguments) {
        Map<String, Plans> all = new LinkedHashMap<>();
        all.put("no plans at all", Plans.NONE);
        all.put("source without a plan, names noted", BenchPlans.noPlan());
        all.put("plan of 20 events, enforced", BenchPlans.ofTwentyEvents());
        Map<String, double[]> nanos = new LinkedHashMap<>();
        all.keySet().forEach(name -> nanos.put(name, new double[ROUNDS]));
        byte[] body = body();
        for (int round = -10; round < ROUNDS; round++) {
            for (Map.Entry<String, Plans> one : all.entrySet()) {
                double measured = round(one.getValue(), body);
                if (round >= 0) {
                    nanos.get(one.getKey())[round] = measured;
                }
            }
        }
        double base = median(nanos.values().iterator().next());
        nanos.forEach((name, measured) ->
                IO.println(
                        "%-36s %5.0f ns an event, %.2f times"
                                .formatted(name, median(measured), median(measured) / base)));
    }

    private static double round(Plans plans, byte[] body) {
        CollectProperties settings = Settings.defaults();
        Intake intake = new Intake(settings, plans, () -> UUID.randomUUID().toString());
        BodyParser parser = new BodyParser(settings);
        int accepted = 0;
        long start = System.nanoTime();
        for (int i = 0; i < BATCHES; i++) {
            TrackingBody parsed = parser.parse(new Route.Batch(), body);
            for (Verdict verdict :
                    intake.judge(Requests.WEB, new Route.Batch(), parsed, Requests.NOON)) {
                accepted += verdict instanceof Verdict.Accepted ? 1 : 0;
            }
        }
        long took = System.nanoTime() - start;
        if (accepted != BATCHES * EVENTS) {
            throw new IllegalStateException("accepted " + accepted);
        }
        return (double) took / accepted;
    }

    private static double median(double[] measured) {
        double[] sorted = measured.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static byte[] body() {
        return IntStream.range(0, EVENTS)
                .mapToObj(i ->
                        """
                        {"type": "track", "event": "Event %d", "messageId": "m-%d-%s",
                         "anonymousId": "%s", "timestamp": "2026-11-24T11:59:58.123Z",
                         "context": {"page": {"path": "/products/%d", "url": "https://shop.example/products/%d"},
                                     "userAgent": "Mozilla/5.0 (X11; Linux x86_64)"},
                         "properties": {"productId": "sku-%d", "name": "A product", "price": 19.90,
                                        "currency": "EUR", "quantity": 2, "category": "shoes"}}
                        """
                                .formatted(
                                        i % 20, i, UUID.randomUUID(), UUID.randomUUID(), i, i, i))
                .collect(Collectors.joining(",", "{\"batch\": [", "]}"))
                .getBytes(StandardCharsets.UTF_8);
    }
}
