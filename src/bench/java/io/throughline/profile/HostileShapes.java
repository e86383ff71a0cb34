package io.throughline.profile;

import io.throughline.event.TrackingEvent;
import io.throughline.testing.Events;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * What shapes of identity that somebody may send on purpose do to the resolve transaction, alone on
 * a database of its own: events a second as a ratio to ordinary visitors in the same run, and the
 * longest batch. A database that may lose its last commits is used, so that the disk says little.
 *
 * <p>Arguments: events a shape (40000), events a batch (500), events of the one profile (1000000).
 */
final class HostileShapes {
    private static final long START = 1_790_000_000_000L;

    private HostileShapes() {}

    public static void main(String[] args) {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 40_000;
        int batch = args.length > 1 ? Integer.parseInt(args[1]) : 500;
        int many = args.length > 2 ? Integer.parseInt(args[2]) : 1_000_000;
        SplittableRandom random = new SplittableRandom(1);
        Map<String, IntFunction<Events>> shapes = new LinkedHashMap<>();
        shapes.put("warm-up", HostileShapes::ordinary);
        shapes.put("ordinary visitors", HostileShapes::ordinary);
        shapes.put(
                "3,000 users on one device",
                i -> Events.aPage().by("u" + random.nextInt(3_000)).on("kiosk"));
        shapes.put(
                "one user on 3,000 devices",
                i -> Events.aPage().by("u").on("a" + random.nextInt(3_000)));
        shapes.put(
                "600 users on 200 shared PCs",
                i -> Events.aPage().by("u" + random.nextInt(600)).on("pc" + random.nextInt(200)));
        try (ResolveHarness harness = new ResolveHarness()) {
            double ordinary = 0;
            for (Map.Entry<String, IntFunction<Events>> shape : shapes.entrySet()) {
                Result result = run(harness, shape.getValue(), events, batch);
                ordinary = shape.getKey().equals("ordinary visitors") ? result.rate() : ordinary;
                print(System.out, shape.getKey(), result, ordinary);
            }
            Result one = run(harness, i -> Events.aPage().by("u").on("a"), many, batch);
            print(System.out, "one profile with %,d events".formatted(many), one, ordinary);
        }
    }

    /** Four pages, then a login with an email. */
    private static Events ordinary(int i) {
        String visitor = Integer.toString(i / 5);
        return i % 5 < 4
                ? Events.aPage().on("a" + visitor)
                : Events.anIdentify()
                        .by("u" + visitor)
                        .on("a" + visitor)
                        .with("{\"email\":\"e%s@x.com\"}".formatted(visitor));
    }

    /**
     * @param batchMillis ascending
     */
    private record Result(double rate, long[] batchMillis) {}

    private static Result run(
            ResolveHarness harness, IntFunction<Events> shape, int events, int batch) {
        harness.clear();
        List<Long> millis = new ArrayList<>();
        long spent = 0;
        for (int next = 0; next < events; next += batch) {
            List<TrackingEvent> some = new ArrayList<>(batch);
            for (int i = next; i < Math.min(events, next + batch); i++) {
                some.add(shape.apply(i).as("m" + i).at(START + i).build());
            }
            long startedAt = System.nanoTime();
            harness.resolve(some);
            long took = System.nanoTime() - startedAt;
            spent += took;
            millis.add(took / 1_000_000);
        }
        long[] sorted = millis.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Result(events / (spent / 1e9), sorted);
    }

    private static void print(PrintStream out, String name, Result result, double ordinary) {
        long[] millis = result.batchMillis();
        out.printf(
                "%-32s %8.0f events/s  %5.2f of ordinary  batch p50 %d ms, p99 %d ms, longest %d"
                        + " ms%n",
                name,
                result.rate(),
                ordinary == 0 ? Double.NaN : result.rate() / ordinary,
                millis[millis.length / 2],
                millis[millis.length * 99 / 100],
                millis[millis.length - 1]);
    }
}
