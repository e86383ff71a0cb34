package io.throughline.collect;

import io.throughline.collect.plan.BenchPlans;
import io.throughline.collect.plan.Plans;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a tracking plan costs an event on the way to the log, beside reading and stamping it: the
 * three in turns in one run, so that the machine's mood is the same for all. Prints one line each.
 */
final class PlanCost {
    private static final int EVENTS = 100;
    private static final int WARM_UP = 10;
    private static final int ROUNDS = 30;
    private static final int BATCHES = 500;

    private PlanCost() {}

    private record Contender(String name, Plans plans, double[] nanos) {
        Contender(String name, Plans plans) {
            this(name, plans, new double[ROUNDS]);
        }
    }

    public static void main(String[] arguments) {
        List<Contender> all =
                List.of(
                        new Contender("no plans at all", Plans.NONE),
                        new Contender("source without a plan, names noted", BenchPlans.noPlan()),
                        new Contender("plan of 20 events, enforced", BenchPlans.ofTwentyEvents()));
        byte[] body = body();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (Contender one : all) {
                double measured = round(one.plans, body);
                if (round >= 0) {
                    one.nanos[round] = measured;
                }
            }
        }
        double base = median(all.getFirst().nanos);
        for (Contender one : all) {
            double median = median(one.nanos);
            IO.println(
                    "%-36s %5.0f ns an event, %.2f times"
                            .formatted(one.name, median, median / base));
        }
    }

    private static double round(Plans plans, byte[] body) {
        CollectProperties settings = Settings.defaults();
        Intake intake = new Intake(settings, plans, _ -> 0, () -> UUID.randomUUID().toString());
        BodyParser parser = new BodyParser(settings);
        int accepted = 0;
        long start = System.nanoTime();
        for (int i = 0; i < BATCHES; i++) {
            TrackingBody parsed = parser.parse(new Route.Batch(), body);
            for (Verdict verdict :
                    intake.judge(
                            Requests.WEB,
                            new Route.Batch(),
                            parsed,
                            Caller.UNKNOWN,
                            Requests.NOON)) {
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
