package io.throughline.testing;

import io.throughline.event.EventCodec;
import io.throughline.event.TrackingEvent;
import io.throughline.identity.EventIdentifiers;
import io.throughline.identity.Identifier;
import io.throughline.identity.IdentityConfiguration;
import io.throughline.identity.IdentityShape;
import io.throughline.identity.IdentityShape.BlockedShape;
import io.throughline.identity.IdentityShape.TypeShape;
import io.throughline.identity.IdentityShape.Unlisted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import tools.jackson.databind.node.ObjectNode;

/**
 * A random story of a few users on a few devices: shared devices, mails of two accounts, blocked
 * values, aliases, orders, kiosks, bots, consent given and withdrawn, time running backwards.
 * Deterministic for a seed.
 */
public final class RandomStory {
    private static final String[] NAMES = {"View", "Cart", "Search"};
    private static final String[] ORDER_EVENTS = {
        "Order Completed", "Order Completed", "Order Updated", "Order Refunded", "Order Cancelled"
    };

    private static final String[] CONTEXTS = {
        """
        {"userAgent":"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}
        """,
        """
        {"page":{"url":"https://shop.example/a?utm_source=news&utm_medium=email&utm_campaign=may"}}
        """,
        """
        {"page":{"url":"https://shop.example/b","referrer":"https://www.google.com/"},
         "userAgent":"Mozilla/5.0 (Windows NT 10.0; rv:132.0) Gecko/20100101 Firefox/132.0"}
        """,
        """
        {"page":{"url":"https://shop.example/c","referrer":"https://shop.example/b"}}
        """,
        """
        {"page":{"url":"https://shop.example/d","referrer":""}}
        """,
        """
        {"consent":{"categoryPreferences":{"marketing":true,"advertising":true}}}
        """,
        """
        {"consent":{"categoryPreferences":{"marketing":false,"newsletter":true}}}
        """,
        """
        {"consent":{"categoryPreferences":{"advertising":true},"gpc":true}}
        """,
    };

    private RandomStory() {}

    public static List<TrackingEvent> of(Random random) {
        int users = 1 + random.nextInt(random.nextInt(8) == 0 ? 14 : 5);
        int devices = 1 + random.nextInt(5);
        int mails = 1 + random.nextInt(8);
        int events = 5 + random.nextInt(60);
        List<TrackingEvent> story = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            Events event = event(random, mails, users);
            if (random.nextInt(100) < 55) {
                event.by(random.nextInt(30) == 0 ? "null" : "u" + random.nextInt(users));
            }
            if (random.nextInt(100) < 75) {
                event.on("a" + random.nextInt(devices));
            }
            if (random.nextInt(10) == 0) {
                event.fromServer();
            }
            if (random.nextInt(3) == 0) {
                event.inContext(CONTEXTS[random.nextInt(CONTEXTS.length)]);
            }
            story.add(event.as("m" + i).at(time(random)).build());
        }
        return story;
    }

    /**
     * The same as a client can send it, and all of it counts: without the events that collect
     * refuses, which name neither a user nor a device, those that end on no profile, and bots'.
     */
    public static List<TrackingEvent> attributable(Random random) {
        return of(random).stream()
                .filter(event ->
                        event.header().userId() != null || event.header().anonymousId() != null)
                .filter(event ->
                        EventIdentifiers.of(event, IdentityConfiguration.DEFAULT).anchor() != null)
                .filter(event -> !PlainOracle.isBot(event))
                .toList();
    }

    /** Every identifier of a story. */
    public static List<Identifier> identifiers(List<TrackingEvent> story) {
        TreeSet<Identifier> known = new TreeSet<>();
        for (TrackingEvent event : story) {
            EventIdentifiers identifiers =
                    EventIdentifiers.of(event, IdentityConfiguration.DEFAULT);
            known.addAll(identifiers.carried());
            identifiers.claims().forEach(claim -> known.add(claim.b()));
        }
        return List.copyOf(known);
    }

    /**
     * A story in which operators keep identifiers apart, join them again, erase people and
     * configure what identifies them while the events arrive, some of them more than once.
     *
     * @param version the newest configuration before; those of the story have higher ones
     */
    public static List<Step> withDecisions(Random random, int version) {
        int newest = version;
        List<TrackingEvent> events = new ArrayList<>();
        of(random).forEach(event -> events.add(withExternalIds(random, event)));
        List<Identifier> known = new ArrayList<>(identifiers(events));
        known.add(new Identifier(Identifier.EMAIL, "never@seen.example"));
        List<Step> story = new ArrayList<>();
        for (TrackingEvent event : events) {
            // Now and then from an instance that has not heard of the newest configuration.
            int stamped = newest == version || random.nextInt(8) == 0 ? version : newest;
            story.add(new Step.Arrives(stamped == version ? event : stamped(event, stamped)));
            int kind = random.nextInt(40);
            Identifier one = known.get(random.nextInt(known.size()));
            Identifier other = known.get(random.nextInt(known.size()));
            if (kind < 3 && !one.equals(other)) {
                story.add(new Step.Unlinks(one, other));
            } else if (kind == 3) {
                story.stream()
                        .filter(Step.Unlinks.class::isInstance)
                        .map(Step.Unlinks.class::cast)
                        .findFirst()
                        .ifPresent(
                                unlinks -> story.add(new Step.Relinks(unlinks.b(), unlinks.a())));
            } else if (kind == 4) {
                long at = event.header().timestamp().toEpochMilli() - random.nextInt(2);
                story.add(new Step.Erases(one, at, random.nextInt(6) == 0));
            } else if (kind == 5) {
                story.add(new Step.Configures(++newest, shape(random, known)));
            } else if (kind < 11) {
                Step again = story.get(random.nextInt(story.size()));
                if (!(again instanceof Step.Configures)) {
                    story.add(again);
                }
            }
        }
        if (random.nextInt(3) == 0) {
            // Nothing comes after it that would solve again what it concerns.
            story.add(new Step.Configures(++newest, shape(random, known)));
        }
        return story;
    }

    private static TrackingEvent withExternalIds(Random random, TrackingEvent event) {
        if (random.nextInt(3) > 0) {
            return event;
        }
        ObjectNode json = (ObjectNode) EventCodec.JSON.readTree(EventCodec.encode(event));
        json.withObject("context")
                .putArray("externalIds")
                .addObject()
                .put("type", random.nextBoolean() ? "card" : "club")
                .put("id", "c" + random.nextInt(4))
                .put("collection", "users");
        return EventCodec.decode(EventCodec.JSON.writeValueAsBytes(json));
    }

    private static TrackingEvent stamped(TrackingEvent event, int version) {
        ObjectNode json = (ObjectNode) EventCodec.JSON.readTree(EventCodec.encode(event));
        json.put("identityVersion", version);
        return EventCodec.decode(EventCodec.JSON.writeValueAsBytes(json));
    }

    private static IdentityShape shape(Random random, List<Identifier> known) {
        // What becomes nobody's has its cluster solved again; limits have to do without that.
        boolean limitsOnly = random.nextBoolean();
        List<TypeShape> types = new ArrayList<>();
        for (String type : List.of("email", "anonymous_id", "card", "phone")) {
            if (random.nextBoolean()) {
                Integer priority = type.equals("card") ? 1 + random.nextInt(8) : null;
                types.add(
                        new TypeShape(
                                type,
                                priority,
                                1 + random.nextInt(3),
                                limitsOnly ? null : 1 + random.nextInt(3)));
            }
        }
        if (limitsOnly) {
            return new IdentityShape(types, null, null);
        }
        List<BlockedShape> blocked = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            Identifier one = known.get(random.nextInt(known.size()));
            blocked.add(new BlockedShape(one.type(), one.value().toUpperCase(Locale.ROOT)));
        }
        if (random.nextInt(4) == 0) {
            blocked.add(new BlockedShape(null, "*" + random.nextInt(4) + "*"));
        }
        Unlisted unlisted = random.nextInt(3) == 0 ? Unlisted.IGNORE : Unlisted.ACCEPT;
        return new IdentityShape(types, unlisted, blocked);
    }

    /** Erasures of some of a story's identifiers, at times inside it. */
    public static List<PlainOracle.Erased> erasures(Random random, List<TrackingEvent> story) {
        List<PlainOracle.Erased> erasures = new ArrayList<>();
        for (Identifier identifier : identifiers(story)) {
            if (random.nextInt(4) == 0) {
                TrackingEvent event = story.get(random.nextInt(story.size()));
                long at = event.header().timestamp().toEpochMilli() - random.nextInt(2);
                erasures.add(new PlainOracle.Erased(identifier, at, random.nextInt(6) == 0));
            }
        }
        return erasures;
    }

    private static Events event(Random random, int mails, int users) {
        int kind = random.nextInt(100);
        if (kind < 25) {
            return Events.aPage();
        } else if (kind < 50) {
            return Events.aTrack(NAMES[random.nextInt(NAMES.length)]);
        } else if (kind < 65) {
            String name = ORDER_EVENTS[random.nextInt(ORDER_EVENTS.length)];
            String total = random.nextInt(4) == 0 ? "" : ",\"total\":" + random.nextInt(900) + ".5";
            return Events.aTrack(name)
                    .with("{\"orderId\":\"o" + random.nextInt(6) + "\"" + total + "}");
        } else if (kind < 90) {
            String mail = random.nextInt(2) == 0 ? mail(random, mails) : "\"plan\":null";
            String phone =
                    random.nextInt(8) == 0
                            ? ",\"phone\":\"+4912345" + random.nextInt(99) + "\""
                            : "";
            return Events.anIdentify()
                    .with("{" + mail + ",\"city\":\"c" + random.nextInt(3) + "\"" + phone + "}");
        } else if (kind < 95) {
            return Events.anAlias(
                    random.nextBoolean() ? "u" + random.nextInt(users) : "a" + random.nextInt(4));
        }
        return Events.aGroup("acme").with("{\"email\":\"it@acme.com\"}");
    }

    private static String mail(Random random, int mails) {
        return "\"plan\":\"p"
                + random.nextInt(3)
                + "\",\"email\":\"e"
                + random.nextInt(mails)
                + "@x.com\"";
    }

    /** A few days with crowded hours, so that ties, gaps and midnights all happen. */
    /** As clients send: by time, but for neighbours that overtake each other. */
    public static <T> void nearlyInTime(List<T> arrival, ToLongFunction<T> time, Random random) {
        arrival.sort(Comparator.comparingLong(time));
        for (int i = 1; i < arrival.size(); i++) {
            if (random.nextInt(4) == 0) {
                Collections.swap(arrival, i - 1, i);
            }
        }
    }

    private static long time(Random random) {
        long base = 1_700_000_000_000L + random.nextInt(3) * 86_400_000L;
        return base + random.nextInt(20) * 600_000L + random.nextInt(3);
    }
}
