package io.throughline.profile;

import io.throughline.event.TrackingEvent;
import io.throughline.identity.IdentityShape;
import io.throughline.identity.IdentityShape.TypeShape;
import io.throughline.testing.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/**
 * What shapes of identity that somebody may send on purpose, and configurations that somebody may
 * choose, do to the resolve transaction, alone on a database of its own: events a second as a ratio
 * to ordinary visitors in the same run, and the longest batch. A database that may lose its last
 * commits is used, so that the disk says little.
 *
 * <p>Arguments: events a shape (40000), events a batch (500), events of the one profile (1000000).
 */
final class HostileShapes {
    private static final long START = 1_790_000_000_000L;
    private static final IdentityShape DEFAULT = new IdentityShape(null, null, null);

    private final SplittableRandom random = new SplittableRandom(1);
    private final ResolveHarness harness;
    private final int batch;
    private int version = 1;

    private HostileShapes(ResolveHarness harness, int batch) {
        this.harness = harness;
        this.batch = batch;
    }

    public static void main(String[] args) {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 40_000;
        int batch = args.length > 1 ? Integer.parseInt(args[1]) : 500;
        int many = args.length > 2 ? Integer.parseInt(args[2]) : 1_000_000;
        try (ResolveHarness harness = new ResolveHarness()) {
            HostileShapes shapes = new HostileShapes(harness, batch);
            shapes.run(new Shape("warm-up", DEFAULT, HostileShapes::ordinary), events);
            Result ordinary =
                    shapes.run(
                            new Shape("ordinary visitors", DEFAULT, HostileShapes::ordinary),
                            events);
            ordinary.print(ordinary);
            shapes.all().forEach(shape -> shapes.run(shape, events).print(ordinary));
            shapes.run(
                            new Shape(
                                    "one profile with %,d events".formatted(many),
                                    DEFAULT,
                                    i -> Events.aPage().by("u").on("a")),
                            many)
                    .print(ordinary);
        }
    }

    /**
     * @param configuration of the workspace before the first event
     * @param events the event of each number
     * @param millis the time of each number, from the first on
     */
    private record Shape(
            String name,
            IdentityShape configuration,
            IntFunction<Events> events,
            IntUnaryOperator millis) {
        Shape(String name, IdentityShape configuration, IntFunction<Events> events) {
            this(name, configuration, events, i -> i);
        }
    }

    /** As 12 partitions hand out what came to them at the same time: one batch after the other. */
    private int dealt(int i) {
        int hand = 12 * batch;
        return i / hand * hand + i % batch * 12 + i % hand / batch;
    }

    private List<Shape> all() {
        return List.of(
                new Shape("3,000 users on one device", DEFAULT, usersOnOneDevice(3_000)),
                new Shape(
                        "one user on 3,000 devices",
                        DEFAULT,
                        i -> Events.aPage().by("u").on("a" + random.nextInt(3_000))),
                new Shape("600 users on 200 shared PCs", DEFAULT, usersOnPcs()),
                new Shape(
                        "one user on ever new devices",
                        DEFAULT,
                        i -> Events.aPage().by("u").on("a" + i)),
                new Shape(
                        "ever new devices, each event older",
                        DEFAULT,
                        i -> Events.aPage().by("u").on("a" + i),
                        i -> -i),
                new Shape(
                        "ever new devices, from 12 partitions",
                        DEFAULT,
                        i -> Events.aPage().by("u").on("a" + i),
                        this::dealt),
                new Shape(
                        "ever new users on one device",
                        DEFAULT,
                        i -> Events.aPage().by("u" + i).on("kiosk")),
                new Shape(
                        "a chain: each device of two users",
                        DEFAULT,
                        i -> Events.aPage().by("u" + i / 2).on("a" + (i + 1) / 2)),
                new Shape(
                        "that chain, from 12 partitions",
                        DEFAULT,
                        i -> Events.aPage().by("u" + dealt(i) / 2).on("a" + (dealt(i) + 1) / 2),
                        this::dealt),
                new Shape("users of 4 emails", DEFAULT, HostileShapes::fourEmails),
                new Shape(
                        "users of 4 emails, 3 of them allowed",
                        type("email", 3, 5),
                        HostileShapes::fourEmails),
                new Shape(
                        "100 users on one device, as many allowed",
                        device(100),
                        usersOnOneDevice(100)),
                new Shape("600 users on 200 PCs, 100 allowed", device(100), usersOnPcs()),
                new Shape(
                        "1,000 users on one device, as many allowed",
                        device(1_000),
                        usersOnOneDevice(1_000)),
                new Shape("600 users on 200 PCs, 1,000 allowed", device(1_000), usersOnPcs()));
    }

    private IntFunction<Events> usersOnOneDevice(int users) {
        return i -> Events.aPage().by("u" + random.nextInt(users)).on("kiosk");
    }

    private IntFunction<Events> usersOnPcs() {
        return i -> Events.aPage().by("u" + random.nextInt(600)).on("pc" + random.nextInt(200));
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

    private static Events fourEmails(int i) {
        return Events.anIdentify()
                .by("u" + i / 20)
                .with("{\"email\":\"e%d-%d@x.com\"}".formatted(i / 20, i % 4));
    }

    private static IdentityShape device(int sharedOver) {
        return type("anonymous_id", 1_000, sharedOver);
    }

    private static IdentityShape type(String type, int limit, int sharedOver) {
        return new IdentityShape(List.of(new TypeShape(type, null, limit, sharedOver)), null, null);
    }

    private Result run(Shape shape, int events) {
        harness.clear();
        harness.configure(Events.WORKSPACE, version++, shape.configuration());
        harness.sweep();
        List<Long> millis = new ArrayList<>();
        long spent = 0;
        for (int next = 0; next < events; next += batch) {
            List<TrackingEvent> some = new ArrayList<>(batch);
            for (int i = next; i < Math.min(events, next + batch); i++) {
                some.add(
                        shape.events()
                                .apply(i)
                                .as("m" + i)
                                .at(START + shape.millis().applyAsInt(i))
                                .build());
            }
            long startedAt = System.nanoTime();
            harness.resolve(some);
            long took = System.nanoTime() - startedAt;
            spent += took;
            millis.add(took / 1_000_000);
        }
        long[] sorted = millis.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Result(shape.name(), events / (spent / 1e9), sorted);
    }

    /**
     * @param batchMillis ascending
     */
    private record Result(String name, double rate, long[] batchMillis) {
        void print(Result ordinary) {
            System.out.printf(
                    "%-44s %8.0f events/s  %5.2f of ordinary  batch p50 %d ms, p99 %d ms, longest"
                            + " %d ms%n",
                    name,
                    rate,
                    rate / ordinary.rate(),
                    batchMillis[batchMillis.length / 2],
                    batchMillis[batchMillis.length * 99 / 100],
                    batchMillis[batchMillis.length - 1]);
        }
    }
}
