package io.throughline.bench;

import io.throughline.enrichment.Enricher;
import io.throughline.enrichment.Enrichers;
import io.throughline.enrichment.EnrichmentCodec;
import io.throughline.event.EventCodec;
import io.throughline.event.EventType;
import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What enrichment costs an event, alone on one thread: with user agents it knows, and with one it
 * has never seen. Encoding for the history included. CPU time of the thread, so that what else the
 * machine does changes little.
 */
final class EnrichmentCost {
    private static final int EVENTS = 200_000;
    private static final int KNOWN_AGENTS = 2_000;
    private static final int NEW_AGENTS = 500;

    private EnrichmentCost() {}

    public static void main(String[] args) {
        PrintStream out = System.out;
        Enricher enricher = Enrichers.standard();
        long started = cpu();
        enricher.of(event(0, 0));
        out.printf("first event, lists loaded: %d ms of CPU%n", (cpu() - started) / 1_000_000);
        SplittableRandom random = new SplittableRandom(1);
        List<TrackingEvent> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            events.add(event(random.nextInt(KNOWN_AGENTS), i));
        }
        long bytes = 0;
        for (int round = 1; round <= 5; round++) {
            started = cpu();
            bytes = 0;
            for (TrackingEvent event : events) {
                bytes += String.valueOf(EnrichmentCodec.encode(enricher.of(event))).length();
            }
            double micros = (cpu() - started) / 1e3 / EVENTS;
            out.printf(
                    "round %d, user agents known but for the first round: %.2f µs of CPU an event, %,.0f events/s, %d bytes each%n",
                    round, micros, 1e6 / micros, bytes / EVENTS);
        }
        started = cpu();
        for (int i = 0; i < NEW_AGENTS; i++) {
            enricher.of(event(1_000_000 + i, i));
        }
        out.printf(
                "never seen: %.0f µs of CPU a user agent%n", (cpu() - started) / 1e3 / NEW_AGENTS);
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static TrackingEvent event(int agent, int number) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("type", EventType.PAGE.wireName()).put("workspace", new WorkspaceId(1).value());
        event.put("source", 1).put("messageId", "m-" + number).put("anonymousId", "a");
        event.put("timestamp", 1L).put("originalTimestamp", 1L).put("receivedAt", 1L);
        ObjectNode context = event.putObject("context");
        context.put(
                "userAgent",
                "Mozilla/5.0 (Linux; Android 14; SM-S%d) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
                        .formatted(agent));
        context.putObject("page")
                .put(
                        "url",
                        "https://shop.example/products/"
                                + number
                                + "?utm_source=news&utm_medium=email")
                .put("referrer", "https://www.google.com/");
        return EventCodec.decode(EventCodec.JSON.writeValueAsBytes(event));
    }
}
